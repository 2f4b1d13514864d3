// From the payload of a connector message (struct cn_msg, then struct proc_event) to a ProcEvent.
// Pure; allocates nothing. Each kind is checked against its own length, because the size of the
// union at the end has changed between kernels while its members only grew at the end.

import CNetlink

extension ProcEvent {
    /// Reads one connector message.
    ///
    /// `bytes` is a `struct cn_msg` and its data, in host byte order; nil if that is no process
    /// event or is cut short.
    package init?(message bytes: RawSpan) {
        var reader = NativeReader(bytes)
        guard let index: UInt32 = reader.next(bytes), let value: UInt32 = reader.next(bytes),
            let sequence: UInt32 = reader.next(bytes),
            let acknowledgement: UInt32 = reader.next(bytes),
            let length: UInt16 = reader.next(bytes), let _: UInt16 = reader.next(bytes),
            index == UInt32(CN_IDX_PROC), value == UInt32(CN_VAL_PROC),
            reader.limit(to: Int(length)),
            let what: UInt32 = reader.next(bytes), let cpu: UInt32 = reader.next(bytes),
            let timestamp: UInt64 = reader.next(bytes),
            let kind = Kind(what: what, bytes: bytes, reader: &reader)
        else { return nil }
        self.init(
            kind,
            cpu: cpu,
            sequence: sequence,
            acknowledgement: acknowledgement,
            timestampNanoseconds: timestamp
        )
    }
}

extension ProcEvent.Kind {
    fileprivate init?(what: UInt32, bytes: RawSpan, reader: inout NativeReader) {
        switch what {
        case PROC_EVENT_NONE.rawValue:
            guard let error: UInt32 = reader.next(bytes) else { return nil }
            self = .acknowledged(error: error)
        case PROC_EVENT_FORK.rawValue:
            guard let parent = reader.task(bytes), let child = reader.task(bytes) else {
                return nil
            }
            self = .fork(parent: parent, child: child)
        case PROC_EVENT_EXEC.rawValue:
            guard let task = reader.task(bytes) else { return nil }
            self = .exec(task)
        case PROC_EVENT_UID.rawValue:
            guard let task = reader.task(bytes), let real: UInt32 = reader.next(bytes),
                let effective: UInt32 = reader.next(bytes)
            else { return nil }
            self = .user(task, real: real, effective: effective)
        case PROC_EVENT_GID.rawValue:
            guard let task = reader.task(bytes), let real: UInt32 = reader.next(bytes),
                let effective: UInt32 = reader.next(bytes)
            else { return nil }
            self = .group(task, real: real, effective: effective)
        case PROC_EVENT_SID.rawValue:
            guard let task = reader.task(bytes) else { return nil }
            self = .session(task)
        case PROC_EVENT_PTRACE.rawValue:
            guard let task = reader.task(bytes), let tracer = reader.task(bytes) else { return nil }
            self = .trace(task, tracer: tracer)
        case PROC_EVENT_COMM.rawValue:
            guard let task = reader.task(bytes), let name: SIMD16<UInt8> = reader.next(bytes)
            else { return nil }
            self = .name(task, TaskName(name))
        case PROC_EVENT_COREDUMP.rawValue:
            guard let task = reader.task(bytes), let parent = reader.task(bytes) else { return nil }
            self = .coredump(task, parent: parent)
        case PROC_EVENT_EXIT.rawValue:
            guard let task = reader.task(bytes), let code: UInt32 = reader.next(bytes),
                let signal: UInt32 = reader.next(bytes), let parent = reader.task(bytes)
            else { return nil }
            self = .exit(task, code: code, signal: signal, parent: parent)
        default:
            self = .unknown(what)
        }
    }
}

/// A position among host-order integers; nil past the end.
private struct NativeReader {
    private var offset = 0
    private var end: Int

    init(_ bytes: RawSpan) { end = bytes.byteCount }

    mutating func next<Value: BitwiseCopyable>(_ bytes: RawSpan) -> Value? {
        let size = MemoryLayout<Value>.size
        guard end - offset >= size else { return nil }
        // Any bit pattern is a value of the integers and vectors this is used with.
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += size
        return value
    }

    mutating func task(_ bytes: RawSpan) -> TaskID? {
        guard let thread: Int32 = next(bytes), let process: Int32 = next(bytes) else { return nil }
        return TaskID(thread: thread, process: process)
    }

    /// Ends the bytes `count` further on; false if there are fewer.
    mutating func limit(to count: Int) -> Bool {
        guard end - offset >= count else { return false }
        end = offset + count
        return true
    }
}
