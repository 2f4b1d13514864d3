// A real systemd-journald in the tests' own mount namespace, with its files on a tmpfs over /run.

import Glibc

/// A running journald; ends with the value.
final class Journald {
    static let program = "/lib/systemd/systemd-journald"
    private let child: Child
    private let scratch: String

    init(scratch: String) throws {
        self.scratch = scratch
        // The mount namespace is ours (a requirement of every live test): the host keeps its /run.
        try Files.mountTmpfs(at: "/run")
        for path in [
            "/run/systemd", "/run/systemd/journal", "/run/systemd/journald.conf.d", "/run/log",
            "/run/log/journal",
        ] {
            try Files.makeDirectory(path)
        }
        let configuration = """
            [Journal]
            Storage=volatile
            ReadKMsg=no
            Audit=no
            RateLimitIntervalSec=0
            ForwardToSyslog=no
            ForwardToKMsg=no
            ForwardToConsole=no
            ForwardToWall=no

            """
        try Files.write(configuration, to: "/run/systemd/journald.conf.d/live.conf")
        child = try Child([Bytes(Self.program)], scratch: scratch)
        let deadline = ContinuousClock.now + .seconds(10)
        while !Files.exists("/run/systemd/journal/socket") {
            guard child.isRunning, ContinuousClock.now < deadline else {
                umount2("/run", CInt(MNT_DETACH))
                throw LiveError("journald did not start\n\(child.errorOutput)")
            }
            usleep(10_000)
        }
    }

    deinit {
        child.kill(SIGKILL)
        _ = try? child.wait(upTo: .seconds(5))
        umount2("/run", CInt(MNT_DETACH))
    }

    /// The records of one identifier, as `journalctl` prints them, oldest first.
    func records(of identifier: String) throws -> [JSONValue] {
        let reader = try Child(
            [
                "journalctl", "--directory=/run/log/journal", "--output=json", "--all", "--quiet",
                Bytes("--identifier=\(identifier)"),
            ],
            scratch: scratch
        )
        try reader.wait(upTo: .seconds(10))
        return reader.output.split(separator: "\n").compactMap { JSONValue.parse($0) }
    }
}
