// When a rule that blocks too much is disarmed, with a clock in hand.

import Policy
import RuleLanguage
import Testing

@Suite struct BrakeTests {
    private static let second: UInt64 = 1_000_000_000

    private func brake(_ kill: String = "", _ change: (inout BrakeSettings) -> Void = { _ in })
        -> Brake
    {
        var settings = BrakeSettings()
        change(&settings)
        let rules = LoadResult(
            """
            rules:
              - id: a
                expression: exec.file.name == "x"
                actions: [{kill: {signal: SIGKILL\(kill)}}]
              - id: b
                expression: exec.file.name == "y"
                actions: [{kill: {signal: SIGKILL}}]
            """
        ).ruleSet
        return Brake(rules, settings: settings)
    }

    @Test func `so many executables are blocked and the next disarms the rule`() {
        let brake = brake()
        for key in 0..<10 {
            #expect(brake.admit(rule: 0, executable: key, container: nil, now: 1) == .block)
        }
        // Those that were seen count once.
        #expect(brake.admit(rule: 0, executable: 3, container: nil, now: 2) == .block)
        let trip = Brake.Trip(rule: 0, distinct: .executables, limit: 10, periodSeconds: 60)
        #expect(brake.admit(rule: 0, executable: 10, container: nil, now: 3) == .trip(trip))
        #expect(brake.isDisarmed(rule: 0) && !brake.isDisarmed(rule: 1))
        #expect(brake.disarmed == [0])
    }

    @Test func `a disarmed rule stays so, also for what it blocked before, until armed again`() {
        let brake = brake { $0.executables = 1 }
        for key in 0..<2 { _ = brake.admit(rule: 0, executable: key, container: nil, now: 1) }
        let later = 3600 * Self.second
        #expect(brake.admit(rule: 0, executable: 0, container: nil, now: later) == .disarmed)
        #expect(brake.admit(rule: 1, executable: 0, container: nil, now: later) == .block)
        #expect(brake.rearm(rule: 0))
        #expect(!brake.rearm(rule: 0) && brake.disarmed.isEmpty)
        #expect(brake.admit(rule: 0, executable: 5, container: nil, now: later) == .block)
    }

    @Test func `goes on in another rule set, by the ids of rules`() {
        let former = brake { $0.executables = 1 }
        #expect(former.admit(rule: 1, executable: 0, container: nil, now: 1) == .block)
        #expect(former.admit(rule: 0, executable: 0, container: nil, now: 1) == .block)
        guard case .trip = former.admit(rule: 0, executable: 1, container: nil, now: 1) else {
            return #expect(Bool(false))
        }
        var settings = BrakeSettings()
        settings.executables = 1
        let next = Brake(
            LoadResult(
                """
                rules:
                  - id: new
                    expression: exec.file.name == "z"
                    actions: [{kill: {signal: SIGKILL}}]
                  - id: b
                    expression: exec.file.name == "y"
                    actions: [{kill: {signal: SIGKILL}}]
                  - id: a
                    expression: exec.file.name == "x"
                    actions: [{kill: {signal: SIGKILL}}]
                """
            ).ruleSet,
            settings: settings
        )
        next.resume(from: former)
        #expect(next.disarmed == [2])
        #expect(next.admit(rule: 2, executable: 0, container: nil, now: 1) == .disarmed)
        #expect(next.admit(rule: 0, executable: 0, container: nil, now: 1) == .block)
        // What it had blocked already counts.
        guard case .trip = next.admit(rule: 1, executable: 1, container: nil, now: 1) else {
            return #expect(Bool(false))
        }
    }

    @Test func `a rule that an earlier process disarmed is disarmed, and can be armed`() {
        let brake = brake()
        brake.disarm(rule: 1)
        #expect(brake.disarmed == [1])
        #expect(brake.admit(rule: 1, executable: 0, container: nil, now: 1) == .disarmed)
        #expect(brake.admit(rule: 0, executable: 0, container: nil, now: 1) == .block)
        #expect(brake.rearm(rule: 1))
        #expect(brake.admit(rule: 1, executable: 0, container: nil, now: 1) == .block)
    }

    @Test func `what was long ago does not count`() {
        let brake = brake { $0.executables = 2 }
        for step in 0..<100 {
            let now = UInt64(step) * 30 * Self.second
            #expect(brake.admit(rule: 0, executable: step, container: nil, now: now) == .block)
        }
    }

    @Test func `too many containers disarm as well, and one outside is none`() {
        let brake = brake { $0.containers = 2 }
        for _ in 0..<5 {
            #expect(brake.admit(rule: 0, executable: 0, container: nil, now: 1) == .block)
        }
        #expect(brake.admit(rule: 0, executable: 0, container: 1, now: 1) == .block)
        #expect(brake.admit(rule: 0, executable: 0, container: 2, now: 1) == .block)
        let trip = Brake.Trip(rule: 0, distinct: .containers, limit: 2, periodSeconds: 60)
        #expect(brake.admit(rule: 0, executable: 0, container: 3, now: 1) == .trip(trip))
    }

    @Test(arguments: [
        ", disarmer: {executable: {max_allowed: 2, period: 10s}}",
        ", disable_container_disarmer: true, disarmer: {executable: {max_allowed: 2, period: 10s}}",
    ])
    func `the rule's own limits go before the settings`(kill: String) {
        let brake = brake(kill)
        for key in 0..<2 {
            #expect(brake.admit(rule: 0, executable: key, container: nil, now: 1) == .block)
        }
        let trip = Brake.Trip(rule: 0, distinct: .executables, limit: 2, periodSeconds: 10)
        #expect(brake.admit(rule: 0, executable: 2, container: nil, now: 1) == .trip(trip))
    }

    @Test func `zero in the settings, or a rule that says so, is no limit`() {
        let free = brake {
            $0.executables = 0; $0.containers = 0
        }
        let own = brake(", disable_executable_disarmer: true, disable_container_disarmer: true")
        for key in 0..<1000 {
            #expect(free.admit(rule: 0, executable: key, container: key, now: 1) == .block)
            #expect(own.admit(rule: 0, executable: key, container: key, now: 1) == .block)
        }
    }
}
