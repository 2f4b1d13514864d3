// Files that must be whole after a power loss: written, synchronised, then renamed into place, and
// the directory synchronised after that.

import Glibc
import SystemPackage

/// Writing files and directories that survive.
///
/// Blocks as the file system does.
package enum DurableFile {
    /// Who owns a file and who may do what with it.
    package struct Ownership: Sendable, Equatable {
        package var user: UInt32
        package var group: UInt32
        /// Permission bits.
        package var mode: UInt32

        package init(user: UInt32, group: UInt32, mode: UInt32) {
            self.user = user
            self.group = group
            self.mode = mode
        }
    }

    /// Writes a new file whole and has it on the disk; its name is on the disk when the directory
    /// is.
    ///
    /// - Throws: EEXIST if there is a file of that name; ENOSPC, EROFS.
    package static func create(
        _ path: String,
        _ bytes: [UInt8],
        _ ownership: Ownership? = nil
    ) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let file = OwnedFD(
            try retrying("open", on: path) { unsafe open(path, flags, mode_t(0o600)) }
        )
        let number = file.raw
        var offset = 0
        while offset < bytes.count {
            offset += try retrying("write", on: path) {
                unsafe bytes.withUnsafeBytes {
                    unsafe write(
                        number,
                        $0.baseAddress?.advanced(by: offset),
                        bytes.count - offset
                    )
                }
            }
        }
        if let ownership {
            // While it is ours: the mode of somebody else's file is changed by CAP_FOWNER only,
            // which the unit does not have.
            try retrying("fchmod", on: path) { fchmod(number, ownership.mode) }
            try retrying("fchown", on: path) { fchown(number, ownership.user, ownership.group) }
        }
        try retrying("fsync", on: path) { fsync(number) }
    }

    /// Has a directory's names on the disk.
    package static func synchronize(directory path: String) throws(SystemError) {
        let file = OwnedFD(
            try retrying("open", on: path) {
                unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        )
        let number = file.raw
        try retrying("fsync", on: path) { fsync(number) }
    }

    /// Whether a path is a symbolic link, wherever it leads.
    package static func isLink(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Gives a file or directory another name; atomic, replaces a file of that name.
    package static func rename(_ path: String, to target: String) throws(SystemError) {
        try retrying("rename", on: target) { unsafe Glibc.rename(path, target) }
    }

    /// Removes a directory and the files in it, two levels deep; what does not exist is no failure.
    package static func removeTree(_ path: String, depth: Int = 2) throws(SystemError) {
        let names: [String]
        do throws(SystemError) {
            names = try ConfigurationFile.names(in: path)
        } catch {
            if error.isMissing { return }
            guard error.errno == .notDirectory else { throw error }
            try remove(path)
            return
        }
        for name in names {
            if depth > 0 {
                try removeTree("\(path)/\(name)", depth: depth - 1)
            } else {
                try remove("\(path)/\(name)")
            }
        }
        try retrying("rmdir", on: path) { unsafe rmdir(path) }
    }

    /// Removes a file; one that does not exist is no failure.
    package static func remove(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try retrying("unlink", on: path) { unsafe unlink(path) }
        } catch {
            if !error.isMissing { throw error }
        }
    }
}

extension ConfigurationFile {
    /// The content of a regular file and whose it is, of the same moment.
    ///
    /// A symbolic link is followed only if it belongs to root: whoever may write a directory must
    /// not have other files read through it.
    /// - Throws: as `read(_:limit:)`; ELOOP for somebody else's link.
    package static func readOwned(
        _ path: String
    ) throws(SystemError) -> (bytes: [UInt8], identity: FileIdentity) {
        var status = stat()
        try retrying("lstat", on: path) { unsafe lstat(path, &status) }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard !isLink || status.st_uid == 0 else {
            throw SystemError(
                call: "open",
                errno: .tooManySymbolicLinkLevels,
                subject: path,
                remedy: "a symbolic link that does not belong to root"
            )
        }
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (isLink ? 0 : O_NOFOLLOW)
        let file = OwnedFD(try retrying("open", on: path) { unsafe open(path, flags) })
        return (
            try read(file, path, limit: sizeLimit), try FileIdentity(descriptor: file.raw)
        )
    }
}
