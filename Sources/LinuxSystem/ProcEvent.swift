// What the proc connector tells about tasks: values only. ProcEvent+Parsing.swift makes them from
// bytes; what they mean for anybody is decided elsewhere.

/// One task: the thread and the process (thread group) it belongs to.
package struct TaskID: Sendable, Hashable {
    /// The thread, as `/proc/PROCESS/task/THREAD` names it.
    package let thread: Int32
    /// The process; equal to `thread` for the first thread.
    package let process: Int32

    package init(thread: Int32, process: Int32) {
        self.thread = thread
        self.process = process
    }

    /// Whether this is the first thread of its process.
    package var isLeader: Bool { thread == process }
}

/// The 16 bytes of a task's name, NUL-padded; no allocation.
package struct TaskName: Sendable, Hashable {
    /// The bytes in memory order, NUL-padded.
    package let storage: SIMD16<UInt8>

    package init(_ storage: SIMD16<UInt8>) { self.storage = storage }

    /// Takes at most 15 bytes, as the kernel does.
    package init(_ bytes: some Sequence<UInt8>) {
        var storage = SIMD16<UInt8>(repeating: 0)
        for (index, byte) in bytes.prefix(15).enumerated() { storage[index] = byte }
        self.storage = storage
    }

    /// The name up to the first NUL; any bytes, a task chooses its own name.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<16 {
            guard storage[index] != 0 else { break }
            bytes.append(storage[index])
        }
        return bytes
    }
}

/// One message of the kernel's proc connector, or a gap in them.
///
/// Source: `linux/cn_proc.h`.
package struct ProcEvent: Sendable, Equatable {
    /// What happened.
    package enum Kind: Sendable, Equatable {
        /// A task was created: a process if `child.isLeader`, a thread otherwise.
        case fork(parent: TaskID, child: TaskID)
        /// The process runs a new program; it is already set up.
        case exec(TaskID)
        /// A task ended. `code` is a wait(2) status, `signal` what its parent was sent.
        case exit(TaskID, code: UInt32, signal: UInt32, parent: TaskID)
        /// A task renamed itself or another.
        case name(TaskID, TaskName)
        /// Real and effective user id changed.
        case user(TaskID, real: UInt32, effective: UInt32)
        /// Real and effective group id changed.
        case group(TaskID, real: UInt32, effective: UInt32)
        /// The process started a session.
        case session(TaskID)
        /// `tracer` attached; thread 0 means that tracing ended.
        case trace(TaskID, tracer: TaskID)
        /// A task dumps core.
        case coredump(TaskID, parent: TaskID)
        /// The answer to somebody's request to listen; 0 or an errno.
        case acknowledged(error: UInt32)
        /// A kind that is newer than this program.
        case unknown(UInt32)
        /// The receive buffer overflowed: an unknown number of messages is missing. Sweep /proc.
        case overrun
        /// The kernel dropped this many messages of one processor before this point. Sweep /proc.
        case lost(UInt32)
    }

    package let kind: Kind
    /// The processor that reported; its messages are numbered by `sequence`.
    package let cpu: UInt32
    /// Counts the messages of one processor, wrapping.
    package let sequence: UInt32
    /// The acknowledged request plus one, in `.acknowledged`; else 0.
    package let acknowledgement: UInt32
    /// Monotonic time of the event.
    package let timestampNanoseconds: UInt64

    package init(
        _ kind: Kind,
        cpu: UInt32 = 0,
        sequence: UInt32 = 0,
        acknowledgement: UInt32 = 0,
        timestampNanoseconds: UInt64 = 0
    ) {
        self.kind = kind
        self.cpu = cpu
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.timestampNanoseconds = timestampNanoseconds
    }
}
