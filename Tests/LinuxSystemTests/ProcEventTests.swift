// Process events from recorded bytes, in the layout of Linux 6.1 and that of 6.18, which add bytes
// at the end of one another's union; and the counting of gaps.

import LinuxSystem
import Testing

/// One recorded message: struct cn_msg, then struct proc_event.
struct RecordedEvent: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// cpu, timestamp and everything behind it up to the end of this kind's own members.
    let what: String
    let data: String
    let kind: ProcEvent.Kind

    static let sequence: UInt32 = 0x0485

    /// The message with as many bytes of union as a kernel sends.
    func bytes(unionSize: Int) -> [UInt8] {
        var body = hex(data)
        body += Array(repeating: 0, count: max(0, unionSize - body.count))
        var message = hex(
            """
            01 00 00 00  01 00 00 00   # idx CN_IDX_PROC, val CN_VAL_PROC
            85 04 00 00  00 00 00 00   # seq, ack
            """
        )
        message += [UInt8(16 + body.count), 0]  // len
        message += hex(
            """
            00 00                      # flags
            \(what)                    # what
            01 00 00 00                # cpu
            bf 8e 8e 92 90 01 00 00    # timestamp_ns
            """
        )
        return message + body
    }

    /// The bytes that this kind needs.
    var neededSize: Int { 20 + 16 + hex(data).count }

    static let all = [
        RecordedEvent(
            testDescription: "fork of a process",
            what: "01 00 00 00",
            data: """
                2e 3b 00 00  2a 3b 00 00   # parent thread 15150, process 15146
                11 3c 00 00  11 3c 00 00   # child 15377
                """,
            kind: .fork(
                parent: TaskID(thread: 15150, process: 15146),
                child: TaskID(thread: 15377, process: 15377)
            )
        ),
        RecordedEvent(
            testDescription: "fork of a thread",
            what: "01 00 00 00",
            data: "2e 3b 00 00  2a 3b 00 00  11 3c 00 00  2a 3b 00 00",
            kind: .fork(
                parent: TaskID(thread: 15150, process: 15146),
                child: TaskID(thread: 15377, process: 15146)
            )
        ),
        RecordedEvent(
            testDescription: "exec",
            what: "02 00 00 00",
            data: "11 3c 00 00  11 3c 00 00",
            kind: .exec(TaskID(thread: 15377, process: 15377))
        ),
        RecordedEvent(
            testDescription: "user",
            what: "04 00 00 00",
            data: "11 3c 00 00  11 3c 00 00  e8 03 00 00  00 00 00 00",
            kind: .user(TaskID(thread: 15377, process: 15377), real: 1000, effective: 0)
        ),
        RecordedEvent(
            testDescription: "group",
            what: "40 00 00 00",
            data: "11 3c 00 00  11 3c 00 00  64 00 00 00  ff ff ff ff",
            kind: .group(
                TaskID(thread: 15377, process: 15377),
                real: 100,
                effective: UInt32.max
            )
        ),
        RecordedEvent(
            testDescription: "session",
            what: "80 00 00 00",
            data: "11 3c 00 00  11 3c 00 00",
            kind: .session(TaskID(thread: 15377, process: 15377))
        ),
        RecordedEvent(
            testDescription: "trace",
            what: "00 01 00 00",
            data: "11 3c 00 00  11 3c 00 00  2e 3b 00 00  2a 3b 00 00",
            kind: .trace(
                TaskID(thread: 15377, process: 15377),
                tracer: TaskID(thread: 15150, process: 15146)
            )
        ),
        RecordedEvent(
            testDescription: "name",
            what: "00 02 00 00",
            data: """
                11 3c 00 00  11 3c 00 00
                78 6d 72 69 67 00 00 00 00 00 00 00 00 00 00 00   # "xmrig"
                """,
            kind: .name(TaskID(thread: 15377, process: 15377), TaskName("xmrig".utf8))
        ),
        RecordedEvent(
            testDescription: "coredump",
            what: "00 00 00 40",
            data: "11 3c 00 00  11 3c 00 00  2e 3b 00 00  2a 3b 00 00",
            kind: .coredump(
                TaskID(thread: 15377, process: 15377),
                parent: TaskID(thread: 15150, process: 15146)
            )
        ),
        RecordedEvent(
            testDescription: "exit",
            what: "00 00 00 80",
            data: """
                11 3c 00 00  2f 3b 00 00   # thread 15377, process 15151
                00 01 00 00  11 00 00 00   # exit code 1, signal 17
                2e 3b 00 00  2a 3b 00 00   # parent
                """,
            kind: .exit(
                TaskID(thread: 15377, process: 15151),
                code: 256,
                signal: 17,
                parent: TaskID(thread: 15150, process: 15146)
            )
        ),
        RecordedEvent(
            testDescription: "acknowledgement",
            what: "00 00 00 00",
            data: "01 00 00 00",
            kind: .acknowledged(error: 1)
        ),
    ]
}

/// Bytes from annotated hexadecimal: blanks are ignored, `#` begins a comment.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
}

struct `Process events` {
    // 24 bytes since Linux 4.18; 40 stands for a kernel with a bigger member.
    @Test(arguments: RecordedEvent.all, [24, 40])
    func `are read in every layout`(record: RecordedEvent, unionSize: Int) throws {
        let bytes = record.bytes(unionSize: unionSize)
        let event = try #require(parseEvent(bytes))
        #expect(event.kind == record.kind)
        #expect(event.cpu == 1)
        #expect(event.sequence == RecordedEvent.sequence)
        #expect(event.timestampNanoseconds == 0x0190_928E_8EBF)
    }

    @Test(arguments: RecordedEvent.all)
    func `are refused when cut anywhere`(record: RecordedEvent) {
        let bytes = record.bytes(unionSize: 24)
        for count in 0..<bytes.count {
            #expect(parseEvent(bytes.prefix(count)) == nil)
        }
    }

    @Test(arguments: RecordedEvent.all)
    func `are refused when their own length says less than they need`(record: RecordedEvent) {
        var bytes = record.bytes(unionSize: 24)
        for length in 0..<record.neededSize - 20 {
            bytes[16] = UInt8(length)
            #expect(parseEvent(bytes) == nil)
        }
        bytes[16] = UInt8(record.neededSize - 20)
        #expect(parseEvent(bytes)?.kind == record.kind)
    }

    @Test func `of a newer kind are passed on as unknown`() {
        var bytes = RecordedEvent.all[0].bytes(unionSize: 24)
        bytes[23] = 0x20  // PROC_EVENT_NONZERO_EXIT of Linux 6.6, only ever a filter
        bytes[20] = 0
        #expect(parseEvent(bytes)?.kind == .unknown(0x2000_0000))
    }

    @Test(arguments: [0, 4])
    func `of other connectors are refused`(offset: Int) {
        var bytes = RecordedEvent.all[0].bytes(unionSize: 24)
        bytes[offset] = 9
        #expect(parseEvent(bytes) == nil)
    }

    @Test func `keep a name of sixteen bytes without a terminator`() {
        let name = TaskName(SIMD16(repeating: UInt8(ascii: "x")))
        #expect(name.bytes == Array(repeating: UInt8(ascii: "x"), count: 16))
        #expect(TaskName("0123456789abcdefgh".utf8).bytes == Array("0123456789abcde".utf8))
    }
}

struct `Process event sequence` {
    private func event(_ cpu: UInt32, _ sequence: UInt32) -> ProcEvent {
        ProcEvent(.exec(TaskID(thread: 1, process: 1)), cpu: cpu, sequence: sequence)
    }

    @Test func `counts what is missing, for each processor by itself`() {
        var sequence = ProcSequence()
        #expect(sequence.missing(before: event(0, 7)) == 0)
        #expect(sequence.missing(before: event(3, 500)) == 0)
        #expect(sequence.missing(before: event(0, 8)) == 0)
        #expect(sequence.missing(before: event(0, 12)) == 3)
        #expect(sequence.missing(before: event(3, 501)) == 0)
    }

    @Test func `wraps without a loss`() {
        var sequence = ProcSequence()
        _ = sequence.missing(before: event(0, .max))
        #expect(sequence.missing(before: event(0, 0)) == 0)
        #expect(sequence.missing(before: event(0, 2)) == 1)
    }

    @Test func `takes a number from the past for a new beginning`() {
        var sequence = ProcSequence()
        _ = sequence.missing(before: event(0, 100))
        #expect(sequence.missing(before: event(0, 50)) == 0)
        #expect(sequence.missing(before: event(0, 51)) == 0)
    }

    @Test func `ignores the processor number of no processor`() {
        var sequence = ProcSequence()
        #expect(sequence.missing(before: event(.max, 1)) == 0)
        #expect(sequence.missing(before: event(.max, 9)) == 0)
    }

    @Test func `starts anew after a reset`() {
        var sequence = ProcSequence()
        _ = sequence.missing(before: event(0, 1))
        sequence.reset()
        #expect(sequence.missing(before: event(0, 900)) == 0)
    }
}
