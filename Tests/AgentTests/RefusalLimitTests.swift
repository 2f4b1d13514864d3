// Refusals are told, but not as fast as somebody can be refused.

import Testing

@testable import Agent

struct `Refusal limit` {
    private let second: UInt64 = 1_000_000_000

    @Test func `tells a burst and then one every few seconds`() {
        let limit = RefusalLimit()
        let burst = Int(RefusalLimit.burst)
        #expect((0..<burst + 5).count { _ in limit.mayTell(of: 1, now: 10 * second) } == burst)
        #expect(!limit.mayTell(of: 1, now: 12 * second))
        #expect(limit.mayTell(of: 1, now: 13 * second))
        #expect(!limit.mayTell(of: 1, now: 14 * second))
        #expect(limit.mayTell(of: 2, now: 14 * second))
        #expect((0..<100).count { _ in limit.mayTell(of: 1, now: 9999 * second) } == burst)
    }

    @Test func `is not confused by a clock that seems to go back`() {
        let limit = RefusalLimit()
        #expect(limit.mayTell(of: 1, now: 100 * second))
        #expect(limit.mayTell(of: 1, now: 50 * second))
    }
}
