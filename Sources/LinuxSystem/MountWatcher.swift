// Owns a descriptor of a mountinfo file: reads the table and waits for changes of it. Blocks only
// in `waitForChange`. One thread.

import Glibc
import SystemPackage

/// Follows the mounts of one mount namespace.
package struct MountWatcher: ~Copyable {
    private let file: OwnedFD
    private let path: String

    /// Opens the table of a process's namespace, or of the calling thread's.
    ///
    /// Changes from now on are noticed. It stays that namespace's, and keeps it alive, after the
    /// process has ended.
    package init(of pid: Int32? = nil) throws(SystemError) {
        let path = pid.map { "/proc/\($0)/mountinfo" } ?? "/proc/thread-self/mountinfo"
        self.path = path
        file = OwnedFD(try retrying("open", on: path) { unsafe open(path, O_RDONLY | O_CLOEXEC) })
    }

    /// For poll(2) or epoll(7) by others: POLLPRI and POLLERR mean a change.
    package var descriptor: CInt { file.raw }

    /// Waits until a mount came, went or changed, or the time is over; nil waits for ever.
    ///
    /// - Returns: Whether there was a change; it is told once.
    package func waitForChange(timeout: Duration?) throws(SystemError) -> Bool {
        // Without POLLIN: the file is always readable.
        try poll(file.raw, for: POLLPRI, timeout: timeout, subject: path) != 0
    }

    /// Reads the table as it is now.
    package func read() throws(SystemError) -> MountTable {
        _ = try retrying("lseek", on: path) { lseek(file.raw, 0, SEEK_SET) }
        return try MountTable(reading: file.raw, subject: path)
    }
}

extension MountTable {
    /// Reads an open mountinfo file from where it stands to its end.
    init(reading descriptor: CInt, subject: String) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        while true {
            if count == buffer.count {
                buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            }
            let got = try retrying("read", on: subject) {
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe Glibc.read(
                        descriptor,
                        $0.baseAddress?.advanced(by: count),
                        $0.count - count
                    )
                }
            }
            if got == 0 { break }
            count += got
        }
        self.init(buffer.span.extracting(first: count))
    }
}
