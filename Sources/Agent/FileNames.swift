// The names of executed files, remembered by identity: asking the kernel for a name means to walk to
// a link of /proc, which costs more than judging an ordinary exec by its name. One per thread.

import LinuxSystem

/// Base names of files that were executed lately.
struct FileNames {
    private struct Entry {
        var identity: FileIdentity
        var name: [UInt8]
    }

    private var entries: [Entry?]

    /// Files remembered at most; of two that share a place the later one stays.
    private static let capacity = 256
    /// A file that changed less than this ago may change again without a new time: kernels before
    /// 6.13 note changes by the tick.
    static let settleNanoseconds: Int64 = 100_000_000

    init() { entries = [Entry?](repeating: nil, count: Self.capacity) }

    /// The name of a file; nil if it is not known, or could have another one by now.
    ///
    /// A new name is a change of the inode (rename(2), link(2) and unlink(2) set its change time),
    /// and a file bound elsewhere is reached through another mount.
    func name(of file: FileIdentity) -> [UInt8]? {
        guard let entry = entries[Self.place(of: file)], entry.identity == file else { return nil }
        return entry.name
    }

    /// Notes the name of a file, seen at `now` (nanoseconds since 1970).
    ///
    /// Not of a file with several names, or without one: which of them was executed is told by
    /// nothing but the open file.
    mutating func note(_ name: [UInt8], of file: FileIdentity, now: Int64) {
        guard file.linkCount == 1, file.changedNanoseconds < now - Self.settleNanoseconds else {
            return
        }
        entries[Self.place(of: file)] = Entry(identity: file, name: name)
    }

    private static func place(of file: FileIdentity) -> Int {
        let mixed =
            (file.inode ^ UInt64(file.device.minor) << 32 ^ file.mount << 48)
            &* 0x9e37_79b9_7f4a_7c15
        return Int(mixed >> 56)
    }
}
