// Small configuration files: reading them whole, and knowing when they have changed.

import Glibc
import Synchronization
import SystemPackage

/// Reading files and directories of configuration.
///
/// Blocks as the file system does.
package enum ConfigurationFile {
    /// More than any rule file may have; a device or a pipe must not fill the memory.
    package static let sizeLimit = 64 << 20

    /// The whole content of a regular file.
    ///
    /// - Throws: `open`, `read`; EFBIG beyond the limit, EINVAL if it is not a regular file.
    package static func read(
        _ path: String,
        limit: Int = sizeLimit
    ) throws(SystemError) -> [UInt8] {
        // Not blocking on the open of a FIFO somebody put there.
        let file = OwnedFD(
            try retrying("open", on: path) {
                unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            }
        )
        return try read(file, path, limit: limit)
    }

    /// The whole content of an open regular file.
    static func read(
        _ file: borrowing OwnedFD,
        _ path: String,
        limit: Int
    ) throws(SystemError) -> [UInt8] {
        let identity = try FileIdentity(descriptor: file.raw)
        let number = file.raw
        guard identity.mode & UInt32(S_IFMT) == UInt32(S_IFREG) else {
            throw SystemError(
                call: "read",
                errno: .invalidArgument,
                subject: path,
                remedy: "not a regular file"
            )
        }
        guard identity.sizeBytes <= UInt64(limit) else {
            throw SystemError(call: "read", errno: .fileTooLarge, subject: path)
        }
        var content = [UInt8](repeating: 0, count: Int(identity.sizeBytes) + 1)
        var count = 0
        while true {
            let room = content.count - count
            let got = try retrying("read", on: path) {
                unsafe content.withUnsafeMutableBytes {
                    unsafe Glibc.read(number, $0.baseAddress?.advanced(by: count), room)
                }
            }
            if got == 0 { break }
            count += got
            if count == content.count {
                guard count <= limit else {
                    throw SystemError(call: "read", errno: .fileTooLarge, subject: path)
                }
                content.append(contentsOf: repeatElement(0, count: count))
            }
        }
        content.removeLast(content.count - count)
        return content
    }

    /// Makes a directory if there is none; its mode is then as given, whatever the umask.
    package static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        do throws(SystemError) {
            try retrying("mkdir", on: path) { unsafe mkdir(path, mode) }
        } catch {
            guard error.errno == .fileExists else { throw error }
            return
        }
        try retrying("chmod", on: path) { unsafe chmod(path, mode) }
    }

    /// The names in a directory, sorted by bytes, without `.` and `..`.
    package static func names(in directory: String) throws(SystemError) -> [String] {
        guard let listing = unsafe opendir(directory) else {
            throw SystemError(call: "opendir", errno: .current, subject: directory)
        }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// A file whose content is wanted again when it has changed; any thread.
package final class WatchedFile: Sendable {
    private let path: String
    private let seen = Mutex<FileIdentity?>(nil)

    package init(path: String) { self.path = path }

    /// The content if the file is another or has changed since the last call; nil if not, or if it
    /// cannot be read.
    package func contentIfChanged() -> [UInt8]? {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return nil }
        let file = OwnedFD(number)
        guard let identity = try? FileIdentity(descriptor: file.raw) else { return nil }
        let isNew = seen.withLock { seen in
            defer { seen = identity }
            return seen != identity
        }
        return isNew ? try? ConfigurationFile.read(path) : nil
    }
}
