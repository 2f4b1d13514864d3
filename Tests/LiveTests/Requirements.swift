// What a live test needs from the machine, probed and not assumed.
//
// A requirement that is missing skips the test with its reason, or fails it when
// MINEWARDEN_REQUIRE_LIVE=1 or CI=true: otherwise coverage would vanish in silence.

import CLinux
import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// Root, a mount namespace of our own, fanotify, the built daemon and a C compiler's output.
    static var requiresLiveKernel: Self {
        .requiring("needs root in a private mount namespace (make test-live)") {
            Requirements.privateMountNamespace ?? Requirements.fanotify ?? Requirements.daemon
        }
    }

    /// `systemd-journald`, `journalctl` and a machine id.
    static var requiresJournald: Self {
        .requiring("needs systemd-journald and journalctl") { Requirements.journald }
    }

    /// An executable that the host may lack, with what it is for.
    static func requiresProgram(_ path: String, _ why: String) -> Self {
        .requiring("needs \(path) \(why)") {
            access(path, X_OK) == 0 ? nil : "\(path) is not installed"
        }
    }

    /// The stand-in for 32-bit programs, which needs a compiler with -m32 and x86-64.
    static var requires32Bit: Self {
        .requiring("needs a 32-bit stand-in") {
            Files.exists("\(StandIns.directory)/standin-32") ? nil : "no compiler with -m32"
        }
    }

    /// A hierarchy of control groups that may be added to.
    static var requiresWritableCgroups: Self {
        .requiring("needs a control group of its own") {
            let probe = "\(Requirements.cgroups)/minewarden-probe-\(getpid())"
            guard mkdir(probe, 0o755) == 0 else { return "cannot make \(probe): errno \(errno)" }
            rmdir(probe)
            return nil
        }
    }

    /// A condition with its reason; `missing` returns what is missing, or nil.
    static func requiring(_ reason: String, _ missing: @escaping @Sendable () -> String?) -> Self {
        .enabled(Comment(rawValue: reason)) {
            guard let what = missing() else { return true }
            if Requirements.mustRun { throw LiveError("required but not possible: \(what)") }
            Files.say("live test skipped: \(what)")
            return false
        }
    }
}

enum Requirements {
    /// Whether a skip counts as a failure.
    static var mustRun: Bool {
        variable("MINEWARDEN_REQUIRE_LIVE") == "1" || variable("CI") == "true"
    }

    static var privateMountNamespace: String? {
        guard geteuid() == 0 else { return "not root" }
        let own = Files.link(at: "/proc/self/ns/mnt")
        guard own != nil, own != Files.link(at: "/proc/1/ns/mnt") else {
            return "the mount namespace is that of process 1; run through scripts/test-live.sh"
        }
        return nil
    }

    static var fanotify: String? {
        let flags = CUnsignedInt(bitPattern: CInt(FAN_CLASS_CONTENT)) | UInt32(FAN_CLOEXEC)
        let group = fanotify_init(flags, CUnsignedInt(O_RDONLY))
        guard group >= 0 else { return "fanotify permission events: errno \(errno)" }
        close(group)
        return nil
    }

    static var daemon: String? {
        access(StandIns.daemon, X_OK) == 0 ? nil : "no daemon at \(StandIns.daemon)"
    }

    /// The old hierarchy for numbers of processes, or the unified one.
    static var cgroups: String {
        Files.exists("/sys/fs/cgroup/pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup"
    }

    static var journald: String? {
        for path in [Journald.program, "/usr/bin/journalctl"] where access(path, X_OK) != 0 {
            return "\(path) is not installed"
        }
        return Files.text(at: "/etc/machine-id").count > 32 ? nil : "no /etc/machine-id"
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
