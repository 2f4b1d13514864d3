// Threads that get stuck and their replacement, with threads that do nothing but wait.

import LinuxSystem
import Synchronization
import Testing

@testable import Agent

/// A pool whose threads end when they are told to.
private final class Rig: Sendable {
    private let state = Mutex<(running: [PoolMember], leaving: [PoolMember])>(([], []))
    let counters = Counters()

    func makePool(size: Int, limit: Int) -> WorkerPool {
        WorkerPool(name: "test", size: size, limit: limit, counters: counters) { member, _ in
            self.state.withLock { $0.running.append(member) }
            while !self.state.withLock({ $0.leaving.contains { $0 === member } }) {
                Host.sleep(milliseconds: 1)
            }
            self.state.withLock { $0.running.removeAll { $0 === member } }
        }
    }

    var running: Int { state.withLock { $0.running.count } }

    func leave(_ members: [PoolMember]) { state.withLock { $0.leaving += members } }
}

struct `Worker pool` {
    private static let second: UInt64 = 1_000_000_000
    private static let stuck: UInt64 = 10_000_000

    @Test func `starts as many threads as it is told`() throws {
        let rig = Rig()
        let pool = rig.makePool(size: 3, limit: 8)
        try pool.start()
        defer { rig.leave(pool.members) }
        #expect(eventually { rig.running == 3 })
        #expect(pool.members.count == 3)
        #expect(!pool.isBusy)
    }

    @Test func `is reinforced only when every thread is stuck`() throws {
        let rig = Rig()
        let pool = rig.makePool(size: 2, limit: 8)
        try pool.start()
        defer { rig.leave(pool.members) }
        let members = pool.members
        members[0].begin(now: Self.second)
        #expect(!pool.reinforce(now: Self.second + Self.stuck))
        #expect(pool.members.count == 2, "one is free")
        members[1].begin(now: Self.second + Self.stuck)
        #expect(!pool.reinforce(now: Self.second + Self.stuck + 1000))
        #expect(pool.members.count == 2, "one has only begun")
        #expect(!pool.reinforce(now: Self.second + 2 * Self.stuck))
        #expect(pool.members.count == 4)
        #expect(eventually { rig.running == 4 })
        #expect(rig.counters.reinforcements.current == 2)
    }

    @Test func `never grows over its limit and says when nobody is left`() throws {
        let rig = Rig()
        let pool = rig.makePool(size: 2, limit: 5)
        try pool.start()
        defer { rig.leave(pool.members) }
        for round in 0..<6 {
            for member in pool.members { member.begin(now: Self.second) }
            let isExhausted = pool.reinforce(now: Self.second + Self.stuck)
            #expect(isExhausted == (round >= 2))
            #expect(pool.members.count <= 5)
        }
        #expect(pool.members.count == 5)
    }

    @Test func `sends the surplus home and keeps its size`() throws {
        let rig = Rig()
        let pool = rig.makePool(size: 2, limit: 8)
        try pool.start()
        let first = pool.members
        defer { rig.leave(pool.members + first) }
        for member in first { member.begin(now: Self.second) }
        let later = Self.second + Self.stuck
        _ = pool.reinforce(now: later)
        let second = Array(pool.members.dropFirst(2))
        #expect(!pool.retires(second[0], now: later), "the first two are still stuck")
        first[0].end()
        #expect(pool.retires(first[0], now: later), "three are able, two are wanted")
        #expect(!pool.retires(second[0], now: later))
        first[1].end()
        #expect(pool.retires(second[0], now: later))
        #expect(!pool.retires(second[1], now: later))
        #expect(!pool.retires(first[1], now: later))
        #expect(pool.members.count == 2)
    }

    @Test func `counts the time of one piece of work`() {
        let member = PoolMember()
        #expect(!member.isBusy && member.busyNanoseconds(now: Self.second) == 0)
        member.begin(now: Self.second)
        #expect(member.isBusy && member.busyNanoseconds(now: Self.second + 5) == 5)
        #expect(member.busyNanoseconds(now: Self.second - 5) == 0, "a clock read before the start")
        member.end()
        #expect(!member.isBusy && member.busyNanoseconds(now: Self.second + 5) == 0)
    }
}
