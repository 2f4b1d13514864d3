// The queue between detecting and recording.

import Signals
import Synchronization
import Testing

@Suite struct SignalRingTests {
    private func signal(_ number: Int) -> Signal {
        Signal(
            id: SignalID(high: 0, low: UInt64(number)),
            time: Sample.time,
            host: Sample.host,
            event: .ruleRearmed(rule: "r")
        )
    }

    @Test func `hands out signals in order`() {
        let ring = SignalRing(capacity: 10)
        for number in 0..<5 { #expect(ring.push(signal(number))) }
        let batch = ring.drain()
        #expect(batch.signals.map(\.id.low) == [0, 1, 2, 3, 4])
        #expect(batch.droppedCount == 0)
        #expect(ring.drain().isEmpty)
    }

    @Test func `drops the newest when full and counts it once`() {
        let ring = SignalRing(capacity: 3)
        #expect((0..<5).map { ring.push(signal($0)) } == [true, true, true, false, false])
        let batch = ring.drain()
        #expect(batch.signals.map(\.id.low) == [0, 1, 2])
        #expect(batch.droppedCount == 2)
        #expect(ring.drain().droppedCount == 0)
        #expect(ring.totalDroppedCount == 2)
        #expect(ring.push(signal(9)))
    }

    @Test func `is bounded in bytes`() {
        var process = ProcessRecord(pid: 1)
        process.arguments = ArgumentRecord(argv: [[UInt8](repeating: 0x61, count: 8000)])
        let large = Sample.signal(Sample.detection(.monitored, process: process))
        let ring = SignalRing(capacity: 1000, capacityBytes: 100_000)
        let taken = (0..<100).count { _ in ring.push(large) }
        #expect((5...12).contains(taken))
    }

    @Test func `wakes the drainer when there is something new to do`() {
        let wakes = Mutex(0)
        let ring = SignalRing(capacity: 1) { wakes.withLock { $0 += 1 } }
        ring.push(signal(0))
        ring.push(signal(1))
        #expect(wakes.withLock { $0 } == 1)
        _ = ring.drain()
        ring.push(signal(2))
        #expect(wakes.withLock { $0 } == 2)
    }

    @Test func `wakes the drainer for a drop with nothing in the queue`() {
        let wakes = Mutex(0)
        let ring = SignalRing(capacity: 0) { wakes.withLock { $0 += 1 } }
        ring.push(signal(0))
        ring.push(signal(1))
        #expect(wakes.withLock { $0 } == 1)
        #expect(ring.drain().droppedCount == 2)
    }

    @Test func `accounts for every signal of many threads`() async {
        let ring = SignalRing(capacity: 64)
        let (pushers, each) = (4, 2000)
        let received = await withTaskGroup(of: UInt64.self) { group in
            for pusher in 0..<pushers {
                group.addTask {
                    for number in 0..<each { ring.push(signal(pusher * each + number)) }
                    return 0
                }
            }
            group.addTask {
                var (count, rounds) = (UInt64(0), 0)
                while count < pushers * each, rounds < 1_000_000 {
                    let batch = ring.drain()
                    count += UInt64(batch.signals.count) + batch.droppedCount
                    rounds += 1
                    await Task.yield()
                }
                return count
            }
            return await group.reduce(0, +)
        }
        #expect(received == UInt64(pushers * each))
    }
}
