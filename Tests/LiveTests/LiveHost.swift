// One host for one test: a tmpfs of its own, a configuration, the real daemon watching that tmpfs.
//
// Owns the mounts, the directories and the daemon, and takes all of them down again, with SIGKILL if
// need be. Nothing here marks a filesystem of the machine: the daemon gets --watch on the tmpfs.

import Glibc
import Testing

/// How the host's `protection.yaml` treats the live rules.
enum Protection: String, Sendable {
    case monitoring, blocking, disabled
}

/// What a test sets before the daemon starts.
struct LiveSettings {
    var protection = Protection.blocking
    /// Further rule files: name to content.
    var ruleFiles: [String: String] = [:]
    /// Further rule identifiers that `protection.yaml` treats like the live rules.
    var protectedRules: [String] = []
    /// Content of `protection.yaml`, instead of one that treats all live rules alike.
    var protectionFile: String?
    /// Content of `minewarden.yaml`; `@ROOT@` is the watched filesystem.
    var settings: String?
    /// Where the rules block, as `protection.yaml` has it; nil for everywhere.
    var scope: String?
    /// What the daemon is started through, for example `unshare -n`.
    var launcher: [Bytes] = []
    var output = "json"
    /// Whether the daemon makes test execs of `canary` on the tmpfs.
    var hasCanary = false
    /// Directories below the watched filesystem whose own filesystems are watched as well.
    var watched: [String] = []
    /// What is done on the watched filesystem before the daemon starts.
    var prepare: (String) throws -> Void = { _ in }
    /// Whether the daemon must report that it started.
    var awaitStart = true
}

/// A watched tmpfs with stand-ins on it and a running daemon.
final class LiveHost {
    /// The scratch directory; not watched.
    let scratch: String
    /// The watched tmpfs.
    let root: String
    /// A word that appears in no command line but this test's.
    let token: String
    private(set) var daemon: Child
    private var settings: LiveSettings

    /// The argument that the live rules look for.
    var minerArgument: Bytes { Bytes("--mw-pool=stratum+tcp://\(token).example:3333") }
    /// The rule that matches it.
    static let rule = "live_args"

    init(_ settings: LiveSettings = LiveSettings()) throws {
        self.settings = settings
        token = "t\(getpid())x\(Self.random())"
        scratch = "/tmp/minewarden-live-\(token)"
        root = scratch + "/watched"
        for name in ["", "/watched", "/config", "/config/rules.d", "/state", "/run", "/rules"] {
            try Files.makeDirectory(scratch + name)
        }
        try Files.mountTmpfs(at: root)
        do {
            for name in ["standin-static", "standin-static-pie", "standin-dynamic"] {
                try Files.copy("\(StandIns.directory)/\(name)", to: "\(root)/\(name)")
            }
            if settings.hasCanary { try Self.writeCanary(root + "/canary") }
            try settings.prepare(root)
            try Self.writeConfiguration(settings, token: token, scratch: scratch)
            daemon = try Self.startDaemon(settings, scratch: scratch)
            if settings.awaitStart { try awaitStart() }
        } catch {
            umount2(root, CInt(MNT_DETACH))
            Files.removeTree(scratch)
            throw error
        }
    }

    deinit {
        daemon.kill(SIGKILL)
        _ = try? daemon.wait(upTo: .seconds(10))
        umount2(root, CInt(MNT_DETACH))
        if Requirements.variable("MINEWARDEN_KEEP") == nil { Files.removeTree(scratch) }
    }

    /// Ends the daemon in an orderly way and returns its exit code.
    func stop(upTo limit: Duration = .seconds(5)) throws -> Int {
        daemon.kill(SIGTERM)
        return try daemon.wait(upTo: limit)
    }

    /// Starts the daemon again on the same configuration and state, after it ended.
    ///
    /// With `launcher`, through another program than before.
    func restart(launcher: [Bytes]? = nil) throws {
        if let launcher { settings.launcher = launcher }
        daemon = try Self.startDaemon(settings, scratch: scratch)
        try awaitStart()
    }

    /// Every signal so far.
    var signals: [SignalLine] { SignalLine.parse(daemon.output) }

    /// The signals of a rule about one process, once no more come.
    ///
    /// Waits up to two seconds for the first one, then a settling time for duplicates.
    /// Process 0 is one whose number nobody was told (a refused `posix_spawn`): any process then.
    func signals(
        of rule: String = LiveHost.rule,
        about process: pid_t? = nil,
        atLeast: Int = 1,
        settle: Duration = .milliseconds(300)
    ) -> [SignalLine] {
        let wanted = process == 0 ? nil : process.map(Int.init)
        func found() -> [SignalLine] {
            signals.filter { $0.rule == rule && (wanted == nil || $0.pid == wanted) }
        }
        waitUntil(.seconds(2)) { found().count >= atLeast }
        usleep(UInt32(settle.milliseconds * 1000))
        return found()
    }

    /// The signals of one kind, such as `protection_changed`.
    ///
    /// What a command changed is answered before its signal is written: waits up to five seconds
    /// until there are as many.
    func signals(ofKind kind: String, atLeast: Int = 1) -> [SignalLine] {
        waitUntil(.seconds(5)) { signals.count { $0.kind == kind } >= atLeast }
        return signals.filter { $0.kind == kind }
    }

    /// Polls a condition; returns whether it came true in time.
    @discardableResult
    func waitUntil(_ limit: Duration, _ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if condition() { return true }
            usleep(2000)
        }
        return condition()
    }

    /// What to attach to a failing test.
    var record: String {
        "--- signals\n\(daemon.output)\n--- errors\n\(daemon.errorOutput)\n"
            + "--- status\n\(Files.text(at: "/proc/\(daemon.pid)/status"))"
    }

    private func awaitStart() throws {
        let started = waitUntil(.seconds(10)) {
            !daemon.isRunning || SignalLine.parse(daemon.output).contains { $0.isStarted }
        }
        guard started, daemon.isRunning else {
            throw LiveError("the daemon did not report that it started\n\(record)")
        }
    }

    private static func startDaemon(_ settings: LiveSettings, scratch: String) throws -> Child {
        var arguments: [String] = [
            StandIns.daemon, "--config-dir", scratch + "/config", "--state-dir", scratch + "/state",
            "--runtime-dir", scratch + "/run", "--rules-dir", scratch + "/rules",
            "--watch", scratch + "/watched", "--output", settings.output,
        ]
        for directory in settings.watched {
            arguments += ["--watch", "\(scratch)/watched/\(directory)"]
        }
        if settings.hasCanary { arguments += ["--canary", scratch + "/watched/canary"] }
        return try Child(settings.launcher + arguments.map { Bytes($0) }, scratch: scratch)
    }

    private static func random() -> String {
        String(UInt32.random(in: .min ... .max), radix: 36)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int {
        Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
