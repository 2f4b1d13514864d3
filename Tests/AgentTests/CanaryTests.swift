// What the guardian makes of test execs. No process is forked here.

import LinuxSystem
import Testing

@testable import Agent

@Suite struct CanaryTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `without a file nothing is ever wrong`() throws {
        let canary = try Canary(file: nil, patience: 11 * Self.second)
        canary.keepAlive()
        #expect(canary.isHealthy(now: 1000 * Self.second))
        #expect(!canary.isUnanswered(now: 1000 * Self.second))
    }

    @Test func `an exec that nobody answers is noticed after the patience`() throws {
        let canary = try Canary(file: "/x", patience: 11 * Self.second)
        canary.record.begin(now: Self.second)
        #expect(!canary.isUnanswered(now: 12 * Self.second))
        #expect(canary.isUnanswered(now: 13 * Self.second))
        #expect(!canary.isHealthy(now: 13 * Self.second))
    }

    @Test func `all is well for as long as the last proof is recent`() throws {
        let canary = try Canary(file: "/x", patience: 11 * Self.second)
        #expect(canary.isHealthy(now: 1), "nothing is known yet")
        canary.record.begin(now: Self.second)
        canary.record.noteHeld(now: Self.second)
        canary.record.end(now: Self.second)
        #expect(canary.isHealthy(now: 7 * Self.second))
        #expect(!canary.isHealthy(now: 9 * Self.second), "marks are gone, or the canary is")
        canary.beginAnew()
        #expect(canary.isHealthy(now: 9 * Self.second))
    }
}
