// When blocking goes wild: a rule that blocks too many different things in a short time is put to
// monitoring by itself. Time is handed in. Any thread; one lock, held for a few comparisons.

import Synchronization

/// How much one rule may block; `brake` of minewarden.yaml.
package struct BrakeSettings: Sendable, Equatable {
    /// How many different executables in `period`; 0 for any number.
    package var executables = 10
    /// How many different containers in `period`; 0 for any number.
    package var containers = 10
    package var period = Duration.seconds(60)

    /// The defaults.
    package init() {}
}

/// The brakes of the rules of one rule set.
///
/// Once a rule is disarmed it stays so until it is armed again.
package final class Brake: Sendable {
    /// Of what there were too many.
    package enum Distinct: String, Sendable {
        case executables, containers
    }

    /// A rule that was just disarmed, and why.
    package struct Trip: Sendable, Equatable {
        /// Position in the rule set.
        package let rule: Int
        package let distinct: Distinct
        package let limit: Int
        package let periodSeconds: Int

        package init(rule: Int, distinct: Distinct, limit: Int, periodSeconds: Int) {
            self.rule = rule
            self.distinct = distinct
            self.limit = limit
            self.periodSeconds = periodSeconds
        }
    }

    /// Whether a rule may block now.
    package enum Answer: Sendable, Equatable {
        case block
        case disarmed
        /// Disarmed by this very match, which is no longer blocked.
        case trip(Trip)
    }

    private struct Limit {
        var count: Int
        var nanoseconds: UInt64
    }

    private struct Limits {
        var executables: Limit?
        var containers: Limit?
    }

    /// What a rule has blocked of late: keys, and when each was last seen, monotonic nanoseconds.
    private struct State {
        var executables: [Int: UInt64] = [:]
        var containers: [Int: UInt64] = [:]
        var isDisarmed = false
    }

    /// Of the rules, by position.
    private let ids: [String]
    private let limits: [Limits]
    private let states: Mutex<[State]>

    /// Makes the brakes of a rule set, all armed; what a rule's kill action says goes before the
    /// settings.
    package init(_ rules: RuleSet, settings: BrakeSettings) {
        ids = rules.rules.map(\.id)
        limits = rules.rules.map { Self.limits(of: $0, settings) }
        states = Mutex([State](repeating: State(), count: rules.rules.count))
    }

    /// Counts what the rule at a position is about to block, and says whether it may.
    ///
    /// The keys tell executables and containers apart; `container` is nil outside containers.
    package func admit(rule: Int, executable: Int, container: Int?, now: UInt64) -> Answer {
        let limits = limits[rule]
        return states.withLock { states in
            guard !states[rule].isDisarmed else { return .disarmed }
            if let limit = limits.executables,
                Self.exceeds(limit, &states[rule].executables, executable, now)
            {
                states[rule].isDisarmed = true
                return .trip(Self.trip(rule, .executables, limit))
            }
            if let limit = limits.containers, let container,
                Self.exceeds(limit, &states[rule].containers, container, now)
            {
                states[rule].isDisarmed = true
                return .trip(Self.trip(rule, .containers, limit))
            }
            return .block
        }
    }

    /// Whether a rule is disarmed.
    package func isDisarmed(rule: Int) -> Bool { states.withLock { $0[rule].isDisarmed } }

    /// Positions of the rules that are disarmed.
    package var disarmed: [Int] {
        states.withLock { states in states.indices.filter { states[$0].isDisarmed } }
    }

    /// Goes on where another rule set's brakes are, rule by rule of the same id: counts, and what is
    /// disarmed.
    package func resume(from former: Brake) {
        let known = Dictionary(
            zip(former.ids, former.states.withLock { $0 })
        ) { first, _ in first }
        states.withLock { states in
            for (index, id) in ids.enumerated() { states[index] = known[id] ?? states[index] }
        }
    }

    /// Puts a rule to monitoring, as an earlier process or the rules before these did.
    package func disarm(rule: Int) { states.withLock { $0[rule].isDisarmed = true } }

    /// Lets a rule block again; false if it was not disarmed.
    package func rearm(rule: Int) -> Bool {
        states.withLock { states in
            defer { states[rule] = State() }
            return states[rule].isDisarmed
        }
    }

    // MARK: - Counting

    /// Adds a key; true if there are then more than allowed.
    ///
    /// Never holds more than one beyond that.
    private static func exceeds(
        _ limit: Limit,
        _ seen: inout [Int: UInt64],
        _ key: Int,
        _ now: UInt64
    ) -> Bool {
        if seen[key] == nil, seen.count >= limit.count {
            for (old, time) in seen where now > time && now - time >= limit.nanoseconds {
                seen[old] = nil
            }
        }
        seen[key] = now
        return seen.count > limit.count
    }

    private static func trip(_ rule: Int, _ distinct: Distinct, _ limit: Limit) -> Trip {
        Trip(
            rule: rule,
            distinct: distinct,
            limit: limit.count,
            periodSeconds: Int(limit.nanoseconds / 1_000_000_000)
        )
    }

    private static func limits(of rule: Rule, _ settings: BrakeSettings) -> Limits {
        for action in rule.actions {
            guard case .kill(let kill) = action.kind else { continue }
            return Limits(
                executables: limit(kill.executableDisarmer, settings.executables, settings),
                containers: limit(kill.containerDisarmer, settings.containers, settings)
            )
        }
        return Limits()
    }

    private static func limit(
        _ disarmer: KillDefinition.Disarmer,
        _ count: Int,
        _ settings: BrakeSettings
    ) -> Limit? {
        let count = disarmer.maxAllowed ?? count
        guard disarmer.isEnabled, count > 0 else { return nil }
        return Limit(
            count: count,
            nanoseconds: (disarmer.period ?? settings.period).nonnegativeNanoseconds
        )
    }
}
