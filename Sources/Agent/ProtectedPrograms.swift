// What is never refused an exec and never killed, whatever the rules say: without it the host stops,
// or nobody can log in and mend a rule that went wrong. Decided by which file it is, never by a name
// that anybody can give to a program of his own.

import LinuxSystem

/// The processes and programs that are exempt from blocking.
struct ProtectedPrograms: Sendable {
    /// This agent and its guardian.
    private let own: Set<Int32>

    /// `guardian` is the process that looks after this one, if there is one.
    init(guardian: Int32? = nil) {
        own = Set([Host.processID] + (guardian.map { [$0] } ?? []))
    }

    /// True for process 1, the agent and its guardian.
    func covers(process pid: Int32) -> Bool { pid <= 1 || own.contains(pid) }

    /// True if `file` is the host's own program at `path`, and that is one of those named here.
    ///
    /// In a container, a chroot or anywhere else the same path leads to another file, and a copy or a
    /// name is not the file. Walks the path, but only one that is named here.
    func covers(path: [UInt8], file: FileIdentity?) -> Bool {
        guard Self.names(path), let file, Self.isOfRoot(file),
            let host = try? FileIdentity(ofPath: String(decoding: path, as: UTF8.self))
        else { return false }
        return host.isSameFile(as: file)
    }

    /// True if `path` is that of a protected program; says nothing about the file.
    static func names(_ path: [UInt8]) -> Bool {
        files.contains(path)
            || directories.contains { path.count > $0.count && path.starts(with: $0) }
    }

    /// Nobody but root can have put it there, or can change it.
    private static func isOfRoot(_ file: FileIdentity) -> Bool {
        file.isRegularFile && file.user == 0 && file.mode & 0o022 == 0
    }

    private static let files = Set(
        [
            // Log in, and become root.
            "bin/login", "bin/su", "bin/sudo", "bin/sudoedit", "bin/doas", "bin/run0",
            "sbin/sulogin", "sbin/agetty", "sbin/getty", "sbin/sshd", "sbin/unix_chkpwd",
            // Install, mend and remove software.
            "bin/dpkg", "bin/dpkg-deb", "bin/dpkg-divert", "bin/dpkg-query", "bin/dpkg-realpath",
            "bin/dpkg-split", "bin/dpkg-statoverride", "bin/dpkg-trigger",
            "bin/dpkg-maintscript-helper", "bin/apt", "bin/apt-get", "bin/apt-cache",
            "bin/apt-cdrom", "bin/apt-config", "bin/apt-key", "bin/apt-mark", "bin/aptitude",
            "bin/unattended-upgrade", "bin/deb-systemd-helper", "bin/deb-systemd-invoke",
            "sbin/dpkg-preconfigure", "sbin/dpkg-reconfigure", "sbin/ldconfig",
            "sbin/ldconfig.real", "sbin/start-stop-daemon", "sbin/update-rc.d",
            "sbin/invoke-rc.d", "sbin/service",
            // Start, stop and ask the system.
            "sbin/init", "sbin/shutdown", "sbin/reboot", "sbin/poweroff", "sbin/halt",
            "bin/systemctl", "bin/journalctl", "bin/loginctl", "bin/systemd-run", "bin/busctl",
            "bin/udevadm", "bin/systemd-tmpfiles", "bin/systemd-sysusers",
            "bin/systemd-tty-ask-password-agent", "bin/systemd-ask-password",
            "bin/systemd-notify", "bin/systemd-escape", "bin/systemd-cat",
            // This program.
            "bin/minewarden", "sbin/minewardend", "bin/minewardend",
        ].map { Array("/usr/\($0)".utf8) }
    )

    /// What these start as parts of themselves.
    private static let directories = [
        "/usr/lib/systemd/", "/usr/lib/apt/", "/usr/lib/dpkg/", "/usr/lib/openssh/",
        "/usr/libexec/sudo/", "/usr/lib/sudo/", "/var/lib/dpkg/info/", "/var/lib/dpkg/tmp.ci/",
    ].map { Array($0.utf8) }
}

extension Attempt {
    /// Whether what is about to run, or runs, is never blocked.
    ///
    /// The program itself counts: what it starts is an exec of its own.
    var isProtected: Bool {
        sources.protected.covers(process: process.pid)
            || sources.protected.covers(path: path, file: file)
    }
}
