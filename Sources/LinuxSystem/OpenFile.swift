// What the kernel tells of an open file besides its identity: the file system it lies on, and the
// capabilities it gives. Nothing here walks a path, except to find a file below a process's root.

import CLinux
import Glibc
import SystemPackage

/// The file system that an open file lies on, as seen through its mount.
package struct FileSystemState: Sendable, Equatable {
    /// The magic number of the type (linux/magic.h).
    package let type: UInt64
    /// Whether set-id bits and capabilities of files do not count on this mount.
    package let ignoresSetID: Bool

    /// Asks by an open descriptor.
    ///
    /// May wait for a server, if the file system has one.
    package init(of descriptor: CInt) throws(SystemError) {
        var result = clinux_file_system()
        try retrying("fstatfs", on: "descriptor \(descriptor)") {
            unsafe clinux_file_system(descriptor, &result)
        }
        type = result.type
        ignoresSetID = result.flags & 0x2 != 0  // ST_NOSUID
    }

    /// The name of the type, of those that one name fits; nil for others.
    package var name: String? {
        switch type {
        case 0x0102_1994: "tmpfs"
        case 0x9584_58f6: "hugetlbfs"
        case 0x8584_58f6: "ramfs"
        case 0x794c_7630: "overlay"
        case 0x9123_683e: "btrfs"
        case 0x5846_5342: "xfs"
        case 0x7371_7368: "squashfs"
        default: nil
        }
    }
}

/// The capabilities that a file gives whoever executes it (capabilities(7), "File capabilities").
package struct FileCapabilities: Sendable, Equatable {
    package let permitted: UInt64
    package let inheritable: UInt64
    /// Whether what is permitted is effective at once.
    package let isEffective: Bool
    /// The user that is root where this counts; 0 for the host.
    package let rootUser: UInt32

    package init(permitted: UInt64, inheritable: UInt64, isEffective: Bool, rootUser: UInt32 = 0) {
        self.permitted = permitted
        self.inheritable = inheritable
        self.isEffective = isEffective
        self.rootUser = rootUser
    }

    /// Reads the extended attribute's bytes (linux/capability.h, `vfs_ns_cap_data`); nil if they are
    /// of no known revision or cut short.
    package init?(_ bytes: Span<UInt8>) {
        func word(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[index * 4 + $1]) << (8 * $1) }
        }
        guard bytes.count >= 4 else { return nil }
        let revision = word(0) >> 24
        let isWide = revision == 2 || revision == 3
        guard
            revision == 1 && bytes.count == 12 || revision == 2 && bytes.count == 20
                || revision == 3 && bytes.count == 24
        else { return nil }
        isEffective = word(0) & 1 != 0
        permitted = UInt64(word(1)) | (isWide ? UInt64(word(3)) << 32 : 0)
        inheritable = UInt64(word(2)) | (isWide ? UInt64(word(4)) << 32 : 0)
        rootUser = revision == 3 ? word(5) : 0
    }

    /// Those of an open file; nil if it has none.
    package init?(of descriptor: CInt) {
        var buffer: InlineArray<24, UInt8> = .init(repeating: 0)
        var span = buffer.mutableSpan
        let count = unsafe span.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe clinux_file_capabilities(descriptor, base, bytes.count)
        }
        guard count > 0 else { return nil }
        self.init(buffer.span.extracting(first: count))
    }
}

extension Procfs {
    /// The identity of a file by its path as a process sees it; nil if there is none.
    ///
    /// Walks the path, so it may wait for a server: only under a deadline.
    package func identity(
        of path: [UInt8],
        below pid: Int32
    ) throws(SystemError) -> FileIdentity? {
        guard !path.contains(0) else { return nil }
        let name = path + [0]
        var root = ProcPath(pid, "/root")
        let subject = "/proc/\(pid)/root"
        do throws(SystemError) {
            let directory = OwnedFD(
                try retrying("openat", on: subject) {
                    unsafe root.withPointer {
                        unsafe openat(self.root.raw, $0, clinux_O_PATH | O_CLOEXEC)
                    }
                }
            )
            let number = directory.raw
            let file = OwnedFD(
                try retrying("openat2", on: subject) {
                    unsafe name.withUnsafeBufferPointer { bytes in
                        guard let base = bytes.baseAddress else { return CInt(-1) }
                        return unsafe base.withMemoryRebound(to: CChar.self, capacity: bytes.count)
                        {
                            unsafe clinux_find_inside(number, $0)
                        }
                    }
                }
            )
            return try FileIdentity(descriptor: file.raw)
        } catch {
            return try nilIfGone(error)
        }
    }

    /// The user that is root for a process: 0, or whoever stands for it in its user namespace; nil
    /// if nobody does.
    package mutating func rootUser(of pid: Int32) throws(SystemError) -> UInt32? {
        guard let text = try content(of: pid, "/uid_map") else { return nil }
        return Self.rootUser(text.span)
    }

    /// The number outside that number 0 inside stands for (user_namespaces(7), "uid_map").
    static func rootUser(_ text: Span<UInt8>) -> UInt32? {
        var offset = 0
        while let line = text.line(at: &offset) {
            var cursor = line.lowerBound
            text.skipBlanks(at: &cursor)
            guard let inside = text.decimal(at: &cursor, as: UInt32.self) else { continue }
            text.skipBlanks(at: &cursor)
            guard let outside = text.decimal(at: &cursor, as: UInt32.self) else { continue }
            if inside == 0 { return outside }
        }
        return nil
    }
}
