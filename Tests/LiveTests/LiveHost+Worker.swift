// The process of the daemon that holds execs: the child of the one that was started.

import Glibc

extension LiveHost {
    /// The number of the process that holds execs; its guardian is `daemon`.
    ///
    /// - Throws: `LiveError` if there is none within two seconds.
    var worker: pid_t {
        get throws {
            var found: pid_t?
            waitUntil(.seconds(2)) {
                found = children.first
                return found != nil
            }
            guard let found else { throw LiveError("the guardian has no child\n\(record)") }
            return found
        }
    }

    /// The processes that the guardian has forked, oldest first.
    var children: [pid_t] {
        Files.text(at: "/proc/\(daemon.pid)/task/\(daemon.pid)/children")
            .split(separator: " ").compactMap { pid_t($0) }
    }

    /// Writes the file of test execs: executable, and no program.
    static func writeCanary(_ path: String) throws {
        try Files.write("This is not a program.\n", to: path)
        chmod(path, 0o755)
    }

    /// Stops the process that holds execs, as SIGSTOP does, and waits until all of it stands still.
    ///
    /// - Returns: Its number.
    func stopWorker() throws -> pid_t {
        let worker = try worker
        kill(worker, SIGSTOP)
        let isStopped = waitUntil(.seconds(2)) {
            Files.text(at: "/proc/\(worker)/stat").contains(") T ")
        }
        guard isStopped else { throw LiveError("the daemon did not stop\n\(record)") }
        return worker
    }
}
