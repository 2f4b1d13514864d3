// What a held exec was given: the strings of argv and envp as the program about to start will
// see them.

/// The file name, arguments and environment of a program about to start.
///
/// All strings lie in `bytes`, without their NUL, each where its range says; any encoding.
package struct ExecStrings: Sendable {
    package var bytes: [UInt8] = []
    /// The first argument of execve as the caller wrote it; empty for execveat by descriptor.
    package var path: Range<Int> = 0..<0
    package var argv: [Range<Int>] = []
    package var envp: [Range<Int>] = []
    /// Something was cut at the kernel's own limits; such an exec fails with E2BIG.
    package var isArgvTruncated = false
    package var isEnvpTruncated = false
    /// Part of it could not be read: the kernel would fail with EFAULT on the same memory, unless
    /// another thread changes it meanwhile.
    package var isUnreadable = false

    /// Where in the caller's memory the strings are, in the order in which they lie in `bytes`.
    var pointers: [Pointer] = []

    struct Pointer {
        var address: UInt64
        var place: Place
    }

    /// Which string of the exec a pointer leads to.
    enum Place {
        case path
        case argument(Int)
        case environment(Int)
    }

    package init() {}

    /// Forgets the strings and keeps the memory, up to an ordinary size.
    mutating func reset() {
        let ordinary = 256 << 10
        let keeps = bytes.capacity <= ordinary
        bytes.removeAll(keepingCapacity: keeps)
        argv.removeAll(keepingCapacity: keeps)
        envp.removeAll(keepingCapacity: keeps)
        pointers.removeAll(keepingCapacity: keeps)
        path = 0..<0
        isArgvTruncated = false
        isEnvpTruncated = false
        isUnreadable = false
    }
}
