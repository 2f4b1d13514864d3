// The thread that waits in execve, through `/proc/TID/syscall`. The open file names the task, not
// the number: it fails with ESRCH once the task is gone, so a reused id cannot be mistaken for it.

import CLinux
import Glibc
import SystemPackage

/// A thread held in execve.
package struct HeldTask: ~Copyable, Sendable {
    private let file: OwnedFD
    /// The thread's id in the initial pid namespace.
    package let thread: Int32

    /// Opens `/proc/TID/syscall`; `procfs` is a descriptor of the `/proc` directory.
    ///
    /// - Throws: `openat`: ENOENT if the task is gone.
    package init(thread: Int32, procfs: CInt) throws(SystemError) {
        var path: InlineArray<32, CChar> = .init(repeating: 0)
        Self.write(thread, suffix: "/syscall", to: &path)
        let number = unsafe path.span.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return CInt(-1) }
            return unsafe openat(procfs, base, O_RDONLY | O_CLOEXEC)
        }
        guard number >= 0 else {
            throw SystemError(call: "openat", errno: .current, subject: "/proc/\(thread)/syscall")
        }
        self.thread = thread
        file = OwnedFD(number)
    }

    private static func write(
        _ number: Int32,
        suffix: String,
        to path: inout InlineArray<32, CChar>
    ) {
        var digits: InlineArray<10, CChar> = .init(repeating: 0)
        var rest = number
        var count = 0
        repeat {
            digits[count] = CChar(48 + rest % 10)
            rest /= 10
            count += 1
        } while rest > 0 && count < 10
        for index in 0..<count { path[index] = digits[count - 1 - index] }
        for (index, byte) in suffix.utf8.enumerated() {
            path[count + index] = CChar(bitPattern: byte)
        }
    }

    /// Reads which exec the thread is in now; nil if it is in none.
    ///
    /// May be called again for a later event of the same thread.
    /// - Throws: `pread`: ESRCH if the task is gone, EPERM without CAP_SYS_PTRACE; EAGAIN if it
    ///   does not stand still, which a thread that waits for our answer does in the end.
    package func currentCall() throws(SystemError) -> HeldSyscall? {
        // A number, six arguments, two registers: at most 11 + 8 * 19 bytes.
        var text: InlineArray<256, UInt8> = .init(repeating: 0)
        // Every answer to anybody wakes all that wait for one. While the thread sees that it was not
        // meant, the kernel says "running" instead of the call.
        for attempt in 0..<Self.patience {
            let count = try read(into: &text)
            guard count > 0, text[0] == UInt8(ascii: "r") else {
                return HeldSyscall.parse(text.span.extracting(first: count))
            }
            if attempt < Self.yields { _ = sched_yield() } else { Host.sleep(milliseconds: 1) }
        }
        throw SystemError(
            call: "read",
            errno: .resourceTemporarilyUnavailable,
            subject: "/proc/\(thread)/syscall"
        )
    }

    /// Looks at a thread that is awake, and how many of them follow each other at once.
    private static let patience = 600
    private static let yields = 400

    private func read(into text: inout InlineArray<256, UInt8>) throws(SystemError) -> Int {
        var buffer = text.mutableSpan
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe pread(file.raw, bytes.baseAddress, bytes.count, 0)
        }
        guard count >= 0 else {
            let errno = Errno.current
            throw SystemError(
                call: "read",
                errno: errno,
                subject: "/proc/\(thread)/syscall",
                remedy: errno == .notPermitted ? "needs CAP_SYS_PTRACE" : nil
            )
        }
        return count
    }

    /// True if the thread is the leader of its process, so that its id is the process id too.
    package var isGroupLeader: Bool { clinux_check_group_leader(thread) == 0 }
}
