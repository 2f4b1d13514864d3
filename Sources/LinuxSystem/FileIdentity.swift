// What identifies a file and tells that it changed: statx(2) of something that is open or of a
// magic link of /proc. Never walks a path, never waits for a server.

import CLinux
import Glibc
import SystemPackage

/// The identity and the change marks of a file.
package struct FileIdentity: Sendable, Hashable {
    /// A device number in the two halves that mountinfo shows.
    package struct Device: Sendable, Hashable {
        package let major: UInt32
        package let minor: UInt32

        package init(major: UInt32, minor: UInt32) {
            self.major = major
            self.minor = minor
        }
    }

    package let device: Device
    package let inode: UInt64
    package let sizeBytes: UInt64
    /// Nanoseconds since 1970; the owner can set it at will.
    package let modifiedNanoseconds: Int64
    /// Nanoseconds since 1970; set by the kernel alone.
    package let changedNanoseconds: Int64
    /// Type and permission bits, as in stat(2).
    package let mode: UInt32
    package let user: UInt32
    package let group: UInt32
    package let linkCount: UInt32
    /// The mount it was reached through, as numbered in mountinfo; 0 if the kernel does not tell.
    package let mount: UInt64

    /// The identity of an open file.
    package init(descriptor: CInt) throws(SystemError) {
        var result = clinux_file_identity()
        try retrying("statx", on: "descriptor \(descriptor)") {
            unsafe clinux_file_identity(descriptor, "", &result)
        }
        self.init(result)
    }

    /// The identity of what `path`, a magic link below the directory of /proc, is.
    init(
        directory: CInt,
        path: inout ProcPath,
        subject: @autoclosure () -> String
    ) throws(SystemError) {
        var result = clinux_file_identity()
        try retrying("statx", on: subject()) {
            unsafe path.withPointer { unsafe clinux_file_identity(directory, $0, &result) }
        }
        self.init(result)
    }

    /// The identity of what a path leads to; walks it, so it may block.
    package init(ofPath path: String) throws(SystemError) {
        let file = OwnedFD(
            try retrying("open", on: path) { unsafe open(path, clinux_O_PATH | O_CLOEXEC) }
        )
        try self.init(descriptor: file.raw)
    }

    private init(_ result: clinux_file_identity) {
        device = Device(major: result.device_major, minor: result.device_minor)
        inode = result.inode
        sizeBytes = result.size
        modifiedNanoseconds = result.modified_nanoseconds
        changedNanoseconds = result.changed_nanoseconds
        mode = result.mode
        user = result.uid
        group = result.gid
        linkCount = result.links
        mount = result.mount
    }

    /// Whether it is an ordinary file, and not a directory, a pipe or a device.
    package var isRegularFile: Bool { mode & UInt32(Glibc.S_IFMT) == UInt32(Glibc.S_IFREG) }

    /// Whether two identities are of one file, changed since or not.
    package func isSameFile(as other: FileIdentity) -> Bool {
        device == other.device && inode == other.inode
    }
}
