// Which system call a held task is in, and with which arguments: the text of /proc/TID/syscall.
// Pure parsing; the numbers of all architectures stand in one table.

import Glibc

/// The execve(2) or execveat(2) a held thread is in, by its registers.
///
/// Equal values in the same thread, with no exec or exit between them, are the same call.
package struct HeldSyscall: Sendable, Equatable {
    /// Which of the two calls.
    package enum Kind: Sendable, Equatable {
        case execve
        /// `directory` is the raw first argument (`AT_FDCWD` is -100), `flags` are AT_* bits.
        case execveat(directory: Int32, flags: Int32)
    }

    package let kind: Kind
    /// Size of a pointer of the calling program in bytes: 8, or 4 for 32-bit and x32 callers.
    package let pointerSize: Int
    /// Addresses in the caller's memory: the file name, and the arrays of string pointers.
    package let path: UInt64
    package let argv: UInt64
    package let envp: UInt64
    package let stackPointer: UInt64
    package let programCounter: UInt64

    /// True if the call only asks whether the exec would be allowed (AT_EXECVE_CHECK, Linux 6.14).
    package var isCheckOnly: Bool {
        if case .execveat(_, let flags) = kind { return flags & 0x10000 != 0 }
        return false
    }
}

/// An instruction set architecture with system call numbers of its own.
package enum Machine: Sendable {
    case x86_64
    case aarch64

    /// The machine this program was built for.
    package static var current: Machine {
        #if arch(arm64)
        .aarch64
        #else
        .x86_64
        #endif
    }
}

extension HeldSyscall {
    private struct Entry {
        let number: UInt64
        let isExecveat: Bool
        let pointerSize: Int
    }

    /// Numbers from the kernel's syscall tables.
    ///
    /// A held exec is certain, so the 32-bit numbers cannot be mistaken for the 64-bit calls that share them (11 is munmap there).
    private static func entries(_ machine: Machine) -> [Entry] {
        let x32: UInt64 = 0x4000_0000
        return switch machine {
        case .x86_64:
            [
                Entry(number: 59, isExecveat: false, pointerSize: 8),
                Entry(number: 322, isExecveat: true, pointerSize: 8),
                Entry(number: 11, isExecveat: false, pointerSize: 4),
                Entry(number: 358, isExecveat: true, pointerSize: 4),
                Entry(number: x32 | 520, isExecveat: false, pointerSize: 4),
                Entry(number: x32 | 545, isExecveat: true, pointerSize: 4),
            ]
        case .aarch64:
            [
                Entry(number: 221, isExecveat: false, pointerSize: 8),
                Entry(number: 281, isExecveat: true, pointerSize: 8),
                Entry(number: 11, isExecveat: false, pointerSize: 4),
                Entry(number: 387, isExecveat: true, pointerSize: 4),
            ]
        }
    }

    private static let currentEntries = entries(.current)

    /// Reads the text of `/proc/TID/syscall` (proc(5)): a decimal number, six arguments, the stack
    /// pointer and the program counter in hexadecimal.
    ///
    /// - Returns: nil if the thread is not in an exec: it runs, it is in another call, or it is a
    ///   kernel thread that starts a user mode helper.
    package static func parse(
        _ text: Span<UInt8>,
        machine: Machine = .current
    ) -> HeldSyscall? {
        var offset = 0
        guard let number = nextNumber(text, at: &offset, radix: 10) else { return nil }
        let table = machine == .current ? currentEntries : entries(machine)
        guard let entry = table.first(where: { $0.number == number }) else { return nil }
        var words: [8 of UInt64] = .init(repeating: 0)
        for index in words.indices {
            guard let word = nextNumber(text, at: &offset, radix: 16) else { return nil }
            words[index] = word
        }
        let mask: UInt64 = entry.pointerSize == 4 ? 0xffff_ffff : .max
        let first = entry.isExecveat ? 1 : 0
        return HeldSyscall(
            kind: entry.isExecveat
                ? .execveat(
                    directory: Int32(truncatingIfNeeded: words[0]),
                    flags: Int32(truncatingIfNeeded: words[4])
                )
                : .execve,
            pointerSize: entry.pointerSize,
            path: words[first] & mask,
            argv: words[first + 1] & mask,
            envp: words[first + 2] & mask,
            stackPointer: words[6],
            programCounter: words[7]
        )
    }

    private static func nextNumber(
        _ text: Span<UInt8>,
        at offset: inout Int,
        radix: UInt64
    ) -> UInt64? {
        while offset < text.count, text[offset] == 0x20 { offset += 1 }
        if radix == 16 {
            guard offset + 1 < text.count, text[offset] == 0x30, text[offset + 1] == 0x78
            else { return nil }
            offset += 2
        }
        var value: UInt64 = 0
        let start = offset
        while offset < text.count, let digit = digit(text[offset]), digit < radix {
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
            offset += 1
        }
        return offset > start ? value : nil
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }
}
