// Paths as bytes. Text only: nothing here touches a file system.

import RuleLanguage

/// What can be said of a path without looking at it.
enum ProcessPath {
    /// A path of our view as a process with another root sees it.
    static func seen(_ path: [UInt8], fromRoot root: [UInt8]) -> [UInt8] {
        guard root.count > 1, path.starts(with: root) else { return path }
        let rest = path.dropFirst(root.count)
        if rest.isEmpty { return [slash] }
        // `/srv/jailed` does not lie in `/srv/jail`.
        return rest.first == slash ? Array(rest) : path
    }

    /// The mark that the kernel puts behind the path of a file without a name (`d_path`).
    static let deletedMark = Array(" (deleted)".utf8)

    /// A path without the kernel's mark.
    ///
    /// Only for a file that has no links left: another may well be called so.
    static func withoutDeletedMark(_ path: [UInt8]) -> [UInt8] {
        path.count > deletedMark.count && path.suffix(deletedMark.count).elementsEqual(deletedMark)
            ? Array(path.dropLast(deletedMark.count)) : path
    }

    /// True for a file in memory (memfd_create(2)), which has a name but no place.
    static func isAnonymous(_ path: [UInt8]) -> Bool { path.starts(with: "/memfd:".utf8) }

    /// What follows the last `/`.
    static func baseName(_ path: ByteString) -> ByteString {
        guard let last = path.lastIndex(of: slash) else { return path }
        return path[(last + 1)...]
    }

    /// `path` made absolute, without empty, `.` and `..` parts; symbolic links are not known here.
    static func absolute(_ path: ByteString, in directory: [UInt8]) -> [UInt8] {
        var parts: [ByteString] = []
        let all = path.first == slash ? path : (directory + [slash] + path)[...]
        for part in all.split(separator: slash) {
            if part.elementsEqual([dot]) { continue }
            if part.elementsEqual([dot, dot]) {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        var result: [UInt8] = []
        for part in parts {
            result.append(slash)
            result.append(contentsOf: part)
        }
        return result.isEmpty ? [slash] : result
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
}

/// The name of a terminal, as SECL has it: `pts0`, `tty1`, `ttyS0`.
enum TerminalName {
    /// The name of a terminal by `tty_nr` of /proc/PID/stat: minor in bits 31-20 and 7-0, major in
    /// bits 15-8.
    static func bytes(ofDevice device: Int32) -> [UInt8] {
        let number = UInt32(bitPattern: device)
        let major = number >> 8 & 0xff
        let minor = number >> 12 & 0xfff00 | number & 0xff
        // Documentation/admin-guide/devices.txt of the kernel.
        let name =
            switch major {
            case 136...143: "pts\((major - 136) << 8 + minor)"
            case 4 where minor >= 64: "ttyS\(minor - 64)"
            case 4: "tty\(minor)"
            case 5 where minor == 1: "console"
            case 0: ""
            default: "tty\(major):\(minor)"
            }
        return Array(name.utf8)
    }
}
