// Durations fall into steps that are at most a fourth wide.

import Testing

@testable import Agent

struct `Latency histogram` {
    @Test func `says nothing before the first duration`() {
        #expect(LatencyHistogram().quantile(0.5) == nil)
    }

    @Test func `every duration lies in its step, and steps touch each other`() {
        var durations = Array(UInt64(0)..<5000)
        durations += [1_000_000, 123_456_789, 500_000_000, 10_000_000_000]
        for duration in durations {
            let step = LatencyHistogram.step(of: duration)
            #expect(duration <= LatencyHistogram.longest(ofStep: step))
            if step > 0 { #expect(duration > LatencyHistogram.longest(ofStep: step - 1)) }
        }
        #expect(LatencyHistogram.step(of: .max) == 159)
    }

    @Test func `a quantile is not exceeded by its part, and at most a fourth too long`() throws {
        let histogram = LatencyHistogram()
        for duration in UInt64(1)...1000 { histogram.record(nanoseconds: duration * 1000) }
        let median = try #require(histogram.quantile(0.5))
        #expect(median >= 500_000 && median <= 625_000, "\(median)")
        let slow = try #require(histogram.quantile(0.99))
        #expect(slow >= 990_000 && slow <= 1_237_500, "\(slow)")
        histogram.record(nanoseconds: 9_000_000_000)
        #expect(try #require(histogram.quantile(1)) >= 9_000_000_000)
    }
}
