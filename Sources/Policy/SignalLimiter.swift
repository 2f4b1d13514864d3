// How many signals a rule may send: detections beyond its rate still take their actions, but only
// count. Time is handed in. Any thread; one lock, held for a few comparisons.

package import RuleLanguage
import Synchronization

/// The rates of the rules of one rule set.
///
/// As upstream: 10 signals a second with bursts of 40 unless the rule says `every`, which is one in
/// that time; with `limiter_token` one such rate for each combination of the values of its fields.
package final class SignalLimiter: Sendable {
    /// What a detection may do.
    package enum Answer: Sendable, Equatable {
        /// It is sent; so many of the same rule were not since the last one that was.
        case send(suppressed: UInt64)
        /// It only counts.
        case suppress
    }

    /// A rate as its spacing: so long per signal, and so many at once after a rest.
    private struct Rate {
        let interval: UInt64
        let burst: UInt64

        init(every: Duration?) {
            interval = every.map(\.nonnegativeNanoseconds) ?? 100_000_000
            burst = every == nil ? 40 : 1
        }
    }

    /// One rule: for each token when the signals so far are paid for, monotonic nanoseconds.
    private struct State {
        var paid: [Int: UInt64] = [:]
        var suppressed: UInt64 = 0
    }

    /// Distinct tokens of one rule; upstream's number.
    package static let maximumTokens = 500

    private let rates: [Rate]
    private let states: Mutex<[State]>

    /// Makes the limiter of a rule set; its state begins anew with each.
    package init(_ rules: RuleSet) {
        rates = rules.rules.map { Rate(every: $0.every) }
        states = Mutex([State](repeating: State(), count: rules.rules.count))
    }

    /// Whether the rule at a position may send a signal now.
    ///
    /// `token` is what `RuleSet.limiterToken(ofRule:event:)` gave, `now` monotonic nanoseconds.
    package func admit(rule position: Int, token: Int, now: UInt64) -> Answer {
        let rate = rates[position]
        return states.withLock { states in
            guard rate.interval > 0 else { return .send(suppressed: 0) }
            let paid = max(states[position].paid[token] ?? 0, now)
            let (credit, _) = rate.interval.multipliedReportingOverflow(by: rate.burst - 1)
            guard paid - now <= credit else {
                states[position].suppressed += 1
                return .suppress
            }
            Self.makeRoom(for: token, in: &states[position].paid)
            let (next, overflow) = paid.addingReportingOverflow(rate.interval)
            states[position].paid[token] = overflow ? .max : next
            defer { states[position].suppressed = 0 }
            return .send(suppressed: states[position].suppressed)
        }
    }

    /// Drops the token that was idle longest; it then starts as if never seen.
    private static func makeRoom(for token: Int, in paid: inout [Int: UInt64]) {
        guard paid.count >= maximumTokens, paid[token] == nil,
            let idle = paid.min(by: { $0.value < $1.value })
        else { return }
        paid[idle.key] = nil
    }
}

extension RuleSet {
    /// What tells the rates of one rule apart: a hash of the values of its token fields.
    ///
    /// 0 for a rule without `limiter_token`. Asks the event for these fields.
    package func limiterToken(ofRule position: Int, event: any EventSource) -> Int {
        let fields = rules[position].limiterToken
        guard !fields.isEmpty else { return 0 }
        var hasher = Hasher()
        for field in fields {
            for element in 0..<event.count(of: field.subject) {
                switch field.attribute.valueType {
                case .boolean: hasher.combine(event.boolean(field, element: element))
                case .integer: hasher.combine(event.integer(field, element: element))
                case .string: hasher.combine(event.string(field, element: element))
                case .strings: hasher.combine(Array(event.strings(field, element: element)))
                }
            }
        }
        return hasher.finalize()
    }
}
