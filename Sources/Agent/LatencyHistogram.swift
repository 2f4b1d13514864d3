// How long execs were held, in steps of a fourth of a power of two: enough to say what half of them,
// and what all but the slowest, had to wait. Relaxed atomics, no lock, a fixed size.

import Synchronization

/// Counts of durations; any thread.
final class LatencyHistogram: Sendable {
    /// Four steps to each power of two, up to 2^40 nanoseconds (18 minutes).
    private static let steps = 160

    private let counts = InlineArray<160, Atomic<UInt64>> { _ in Atomic(0) }

    /// Adds one duration.
    func record(nanoseconds: UInt64) {
        counts[Self.step(of: nanoseconds)].count()
    }

    /// The step that a duration falls into.
    static func step(of nanoseconds: UInt64) -> Int {
        guard nanoseconds >= 4 else { return Int(nanoseconds) }
        let power = 63 - nanoseconds.leadingZeroBitCount
        let quarter = Int(nanoseconds >> UInt64(power - 2)) & 3
        return min(power * 4 + quarter - 4, steps - 1)
    }

    /// The longest duration of a step, nanoseconds.
    static func longest(ofStep step: Int) -> UInt64 {
        guard step >= 4 else { return UInt64(step) }
        let power = UInt64(step / 4 + 1)
        let quarter = UInt64(step % 4)
        return (5 + quarter) << (power - 2) - 1
    }

    /// What this part of all durations (0.5, 0.99) did not exceed, nanoseconds; nil without any.
    ///
    /// Up to a fourth too long, as wide as a step is.
    func quantile(_ part: Double) -> UInt64? {
        var all: [UInt64] = []
        for step in 0..<Self.steps { all.append(counts[step].current) }
        let total = all.reduce(0, +)
        guard total > 0 else { return nil }
        let wanted = max(1, UInt64((Double(total) * part).rounded(.up)))
        var sum: UInt64 = 0
        for (step, count) in all.enumerated() {
            sum += count
            if sum >= wanted { return Self.longest(ofStep: step) }
        }
        return nil
    }
}
