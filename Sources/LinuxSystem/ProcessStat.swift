// /proc/PID/stat: parsing only, pure. Reading it is Procfs'.

/// The numbers of `/proc/PID/stat` that are used.
///
/// Source: proc_pid_stat(5).
package struct ProcessStat: Sendable, Equatable {
    /// The process or thread the file was read for.
    package let pid: Int32
    /// The name; any bytes, a task chooses its own.
    package let name: [UInt8]
    /// R, S, D, Z, T, …: the state letter.
    package let state: UInt8
    /// The parent now; 0 for pid 1 and kthreadd, and for a parent outside the pid namespace.
    package let parent: Int32
    /// The session it belongs to.
    package let session: Int32
    /// The device number of the controlling terminal; 0 if none.
    package let terminal: Int32
    /// The PF_ bits of the kernel.
    package let flags: UInt32
    /// When it started, in clock ticks since boot (suspension included); together with the pid it
    /// names one process for as long as the host is up.
    package let startTicks: UInt64

    /// PF_KTHREAD of the kernel's sched.h; no user-space header has it, the value is fixed ABI.
    private static let kernelThreadFlag: UInt32 = 0x0020_0000

    /// Whether this is a thread of the kernel, which has no program and cannot be killed.
    package var isKernelThread: Bool { flags & Self.kernelThreadFlag != 0 }
    /// Whether it has ended and waits for its parent.
    package var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }

    /// Reads the text of the file; nil if it is no such text or ends before the start time does.
    package init?(_ text: Span<UInt8>) {
        var offset = 0
        guard let pid = text.decimal(at: &offset, as: Int32.self),
            text.starts(with: " (", at: offset),
            // The name may hold anything, brackets and newlines too; only numbers follow it.
            let close = text.lastIndex(of: UInt8(ascii: ")")), close >= offset + 2
        else { return nil }
        self.pid = pid
        name = text.copy(offset + 2..<close)
        offset = close + 1
        guard text.skip(UInt8(ascii: " "), at: &offset), offset < text.count else { return nil }
        state = text[offset]
        offset += 1
        // Field 4 (parent) to 22 (start time).
        guard let parent = Self.next(text, &offset, as: Int32.self),
            Self.next(text, &offset, as: Int32.self) != nil,
            let session = Self.next(text, &offset, as: Int32.self),
            let terminal = Self.next(text, &offset, as: Int32.self),
            Self.next(text, &offset, as: Int32.self) != nil,
            let flags = Self.next(text, &offset, as: UInt32.self)
        else { return nil }
        for _ in 10...21 {
            guard Self.next(text, &offset, as: Int64.self) != nil else { return nil }
        }
        guard let startTicks = Self.next(text, &offset, as: UInt64.self),
            // A number at the very end may be half of one.
            offset < text.count
        else { return nil }
        self.parent = parent
        self.session = session
        self.terminal = terminal
        self.flags = flags
        self.startTicks = startTicks
    }

    private static func next<Value: FixedWidthInteger>(
        _ text: Span<UInt8>,
        _ offset: inout Int,
        as type: Value.Type
    ) -> Value? {
        guard text.skip(UInt8(ascii: " "), at: &offset) else { return nil }
        return text.decimal(at: &offset, as: type)
    }
}
