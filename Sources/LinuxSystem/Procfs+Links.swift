// The symbolic links of a process (program, directories, descriptors) and the listings of
// processes, threads and descriptors.

import Glibc
import SystemPackage

/// A link of a process in /proc that names a file.
package enum ProcessLink: Sendable, CaseIterable {
    /// The running program.
    case program
    /// The working directory.
    case workingDirectory
    /// What the process sees as `/`.
    case rootDirectory

    fileprivate var file: StaticString {
        switch self {
        case .program: "/exe"
        case .workingDirectory: "/cwd"
        case .rootDirectory: "/root"
        }
    }
}

extension Procfs {
    /// Where a link points, as text.
    ///
    /// Relative to the root of *our* view, with ` (deleted)` appended for a removed file. Advisory:
    /// another mount namespace can make it say anything.
    /// - Returns: nil if the process is gone, has ended or is a kernel thread.
    package func target(of link: ProcessLink, pid: Int32) throws(SystemError) -> [UInt8]? {
        try readLink(ProcPath(pid, link.file), "/proc/\(pid)\(link.file)")
    }

    /// What a descriptor is open on: a path, or `/memfd:NAME (deleted)` and the like.
    package func target(ofDescriptor fd: Int32, pid: Int32) throws(SystemError) -> [UInt8]? {
        guard fd >= 0 else { return nil }
        return try readLink(ProcPath(pid, "/fd/", number: fd), "/proc/\(pid)/fd/\(fd)")
    }

    /// The file behind a link itself, in whichever mount namespace, without walking its path.
    package func identity(of link: ProcessLink, pid: Int32) throws(SystemError) -> FileIdentity? {
        var path = ProcPath(pid, link.file)
        do throws(SystemError) {
            return try FileIdentity(
                directory: root.raw,
                path: &path,
                subject: "/proc/\(pid)\(link.file)"
            )
        } catch {
            return try nilIfGone(error)
        }
    }

    /// Opens the program a process runs, for reading, without walking its path; nil if the process
    /// is gone or a thread of the kernel.
    ///
    /// May block on a file system that has a server.
    package func openProgram(of pid: Int32) throws(SystemError) -> OwnedFD? {
        try open(ProcPath(pid, "/exe"), "/proc/\(pid)/exe")
    }

    /// Opens the regular file that a descriptor of a process is open on, for reading; nil if it is
    /// gone or is another file than `expected`.
    ///
    /// Nothing is opened that is not a regular file: a pipe or a device may do something at that.
    package func openFile(
        ofDescriptor fd: Int32,
        pid: Int32,
        expected: FileIdentity
    ) throws(SystemError) -> OwnedFD? {
        guard fd >= 0, let identity = try identity(ofDescriptor: fd, pid: pid),
            identity.isSameFile(as: expected), identity.isRegularFile,
            let file = try open(ProcPath(pid, "/fd/", number: fd), "/proc/\(pid)/fd/\(fd)"),
            try FileIdentity(descriptor: file.raw).isSameFile(as: expected)
        else { return nil }
        return file
    }

    private func open(
        _ path: ProcPath,
        _ subject: @autoclosure () -> String
    ) throws(SystemError) -> OwnedFD? {
        var path = path
        do throws(SystemError) {
            let number = try retrying("openat", on: subject()) {
                unsafe path.withPointer {
                    unsafe openat(root.raw, $0, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
                }
            }
            return OwnedFD(number)
        } catch {
            let number: CInt? = try nilIfGone(error)
            return number.map { OwnedFD($0) }
        }
    }

    /// The processes that exist, by number.
    package func processes() throws(SystemError) -> [Int32] {
        try numbers(in: ".", "/proc") ?? []
    }

    /// The threads of a process.
    package func threads(of pid: Int32) throws(SystemError) -> [Int32]? {
        try numbers(in: "\(pid)/task", "/proc/\(pid)/task")
    }

    /// The open descriptors of a process.
    package func descriptors(of pid: Int32) throws(SystemError) -> [Int32]? {
        try numbers(in: "\(pid)/fd", "/proc/\(pid)/fd")
    }

    private func readLink(
        _ path: ProcPath,
        _ subject: @autoclosure () -> String
    ) throws(SystemError) -> [UInt8]? {
        var path = path
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX) + 16)
        do throws(SystemError) {
            let count = try retrying("readlinkat", on: subject()) {
                unsafe target.withUnsafeMutableBytes { buffer in
                    unsafe path.withPointer {
                        // PATH_MAX bytes and more, so there is a base address.
                        unsafe readlinkat(
                            root.raw,
                            $0,
                            buffer.assumingMemoryBound(to: CChar.self).baseAddress
                                .unsafelyUnwrapped,
                            buffer.count
                        )
                    }
                }
            }
            target.removeLast(target.count - count)
            return target
        } catch {
            return try nilIfGone(error)
        }
    }

    private func numbers(in path: String, _ subject: String) throws(SystemError) -> [Int32]? {
        let fd: CInt
        do throws(SystemError) {
            fd = try retrying("openat", on: subject) {
                unsafe openat(root.raw, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        } catch {
            return try nilIfGone(error)
        }
        guard let listing = unsafe fdopendir(fd) else {
            let errno = Errno.current
            _ = close(fd)
            throw SystemError(call: "fdopendir", errno: errno, subject: subject)
        }
        defer { unsafe closedir(listing) }
        var numbers: [Int32] = []
        while true {
            Glibc.errno = 0
            guard let entry = unsafe readdir(listing) else {
                let errno = Errno.current
                // The end, or a process that went away while its threads were being listed.
                if errno.rawValue == 0 || errno == .noSuchFileOrDirectory { return numbers }
                throw SystemError(call: "readdir", errno: errno, subject: subject)
            }
            let number = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe Self.number($0)
            }
            if let number { numbers.append(number) }
        }
    }

    private static func number(_ name: UnsafeRawBufferPointer) -> Int32? {
        let text = unsafe Span<UInt8>(_unsafeElements: name.assumingMemoryBound(to: UInt8.self))
        var offset = 0
        guard let number = text.decimal(at: &offset, as: Int32.self), offset < text.count,
            text[offset] == 0
        else { return nil }
        return number
    }
}
