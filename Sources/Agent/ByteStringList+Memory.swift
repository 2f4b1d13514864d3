// Between the kernel's layout of string lists and the language's.

import LinuxSystem
import RuleLanguage

extension ByteStringList {
    /// A list as /proc shows it: each string followed by a NUL; the last NUL may be missing.
    init(nulTerminated bytes: [UInt8]) {
        var bounds: [Range<Int>] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0 {
            bounds.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { bounds.append(start..<bytes.count) }
        self.init(bytes: bytes, bounds: bounds)
    }

    /// The strings, each followed by a NUL.
    var nulTerminated: [UInt8] {
        var all: [UInt8] = []
        for string in self {
            all.append(contentsOf: string)
            all.append(0)
        }
        return all
    }

    /// Tells whether two lists are the same.
    var digest: ContentDigest { ContentDigest(bytes: bytes, bounds: bounds) }
}
