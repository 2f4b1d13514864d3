// What test execs prove. The times are made up; the record has no clock.

import LinuxSystem
import Testing

@Suite struct CanaryRecordTests {
    @Test func `an exec waits until it is answered`() throws {
        let record = try CanaryRecord()
        #expect(record.waitingNanoseconds(now: 5) == 0)
        record.begin(now: 10)
        #expect(record.waitingNanoseconds(now: 40) == 30)
        record.end(now: 50)
        #expect(record.waitingNanoseconds(now: 60) == 0)
        record.begin(now: 70)
        #expect(record.waitingNanoseconds(now: 71) == 1)
    }

    @Test func `only an exec that was held since it began is a proof`() throws {
        let record = try CanaryRecord()
        record.begin(now: 10)
        record.end(now: 20)
        #expect(record.lastProof == 0)
        record.begin(now: 30)
        record.noteHeld(now: 31)
        record.end(now: 32)
        #expect(record.lastProof == 32)
        record.begin(now: 40)
        record.end(now: 41)
        #expect(record.lastProof == 32, "a mark that is gone proves nothing")
    }

    @Test func `a new holder has proven nothing yet`() throws {
        let record = try CanaryRecord()
        record.begin(now: 30)
        record.noteHeld(now: 31)
        record.end(now: 32)
        record.reset()
        #expect(record.lastProof == 0)
        record.begin(now: 40)
        record.end(now: 41)
        #expect(record.lastProof == 0, "it was the one before that held an exec")
    }

    @Test func `a new canary waits for nothing of the one before`() throws {
        let record = try CanaryRecord()
        record.begin(now: 10)
        record.adopt(process: 77)
        #expect(record.waitingNanoseconds(now: 99) == 0)
        #expect(record.isCanary(task: 77) && !record.isCanary(task: 78))
    }
}
