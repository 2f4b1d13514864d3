// The mounts of another process's namespace, and its files, through /proc. One value stands for one
// process: its directory is held open, so that a number that is used again shows nothing of another.

import CLinux
import Glibc
import SystemPackage

/// A process's view of the file systems.
package struct ProcessView: ~Copyable {
    private let directory: OwnedFD
    private let pid: Int32

    /// Opens the directory of a process; nil if it is gone.
    package init?(of pid: Int32) throws(SystemError) {
        let path = "/proc/\(pid)"
        let number = unsafe Glibc.open(path, clinux_O_PATH | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            if errno == ENOENT || errno == ESRCH { return nil }
            throw SystemError(call: "open", errno: .current, subject: path)
        }
        directory = OwnedFD(number)
        self.pid = pid
    }

    /// The number of its mount namespace; nil if it is gone.
    package func mountNamespace() throws(SystemError) -> UInt64? {
        var result = clinux_file_identity()
        let number = directory.raw
        do throws(SystemError) {
            try retrying("statx", on: "/proc/\(pid)/ns/mnt") {
                unsafe clinux_file_identity(number, "ns/mnt", &result)
            }
            return result.inode
        } catch {
            return try nilIfGone(error)
        }
    }

    /// The mounts below its root; nil if it is gone.
    ///
    /// The file is not kept open: it would keep the namespace, and all that is mounted there.
    package func mounts() throws(SystemError) -> MountTable? {
        let number = directory.raw
        let subject = "/proc/\(pid)/mountinfo"
        do throws(SystemError) {
            let file = OwnedFD(
                try retrying("openat", on: subject) {
                    unsafe openat(number, "mountinfo", O_RDONLY | O_CLOEXEC)
                }
            )
            return try MountTable(reading: file.raw, subject: subject)
        } catch {
            // EINVAL: it has ended, and has no namespace any more.
            if error.errno == .invalidArgument { return nil }
            return try nilIfGone(error)
        }
    }

    /// Opens a place below its root, without following symbolic links; nothing is read from it.
    ///
    /// Walks the path: nothing on the way may be a server's. The descriptor allows no more than to
    /// name the file.
    ///
    /// - Throws: `openat2`: ELOOP for a symbolic link, ENOENT, EACCES.
    package func open(_ path: [UInt8]) throws(SystemError) -> OwnedFD {
        let number = directory.raw
        let subject = "/proc/\(pid)/root"
        let root = OwnedFD(
            try retrying("openat", on: subject) {
                unsafe openat(number, "root", clinux_O_PATH | O_DIRECTORY | O_CLOEXEC)
            }
        )
        let start = root.raw
        let name = path + [0]
        return OwnedFD(
            try retrying("openat2", on: subject) {
                unsafe name.withUnsafeBufferPointer { bytes in
                    guard let base = bytes.baseAddress else { return CInt(-1) }
                    return unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                        unsafe clinux_find_mount(start, $0)
                    }
                }
            }
        )
    }
}

extension FanotifyGroup {
    /// Holds every exec of a file on the filesystem that an open descriptor lies on.
    ///
    /// - Throws: As for a path.
    package func markFilesystem(of file: borrowing OwnedFD) throws(SystemError) {
        // fanotify_mark(2) takes no O_PATH descriptor; the link leads to the file, not by its path.
        try markFilesystem(of: "/proc/self/fd/\(file.raw)")
    }
}
