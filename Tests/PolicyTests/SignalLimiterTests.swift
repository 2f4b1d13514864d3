// How many signals a rule may send, with a clock in hand.

import Policy
import RuleLanguage
import Testing

@Suite struct SignalLimiterTests {
    private static let second: UInt64 = 1_000_000_000

    private func limiter(_ keys: String = "") -> SignalLimiter {
        SignalLimiter(
            LoadResult(
                """
                rules:
                  - {id: a, expression: exec.file.name == "x"\(keys)}
                  - {id: b, expression: exec.file.name == "y"}
                """
            ).ruleSet
        )
    }

    private func sent(_ limiter: SignalLimiter, _ count: Int, token: Int = 0, at now: UInt64) -> Int
    {
        (0..<count).count { _ in
            limiter.admit(rule: 0, token: token, now: now) != .suppress
        }
    }

    @Test func `a rule sends forty at once and ten a second`() {
        let limiter = limiter()
        var now = Self.second
        #expect(sent(limiter, 100, at: now) == 40)
        now += Self.second
        #expect(sent(limiter, 100, at: now) == 10)
        now += Self.second / 10 - 1
        #expect(sent(limiter, 100, at: now) == 0)
        now += 1
        #expect(sent(limiter, 100, at: now) == 1)
        now += 60 * Self.second
        #expect(sent(limiter, 100, at: now) == 40)
    }

    @Test func `what was not sent is told with the next that is`() {
        let limiter = limiter()
        _ = sent(limiter, 47, at: 1)
        #expect(limiter.admit(rule: 0, token: 0, now: Self.second) == .send(suppressed: 7))
        #expect(limiter.admit(rule: 0, token: 0, now: Self.second) == .send(suppressed: 0))
    }

    @Test func `one rule does not use up the rate of another`() {
        let limiter = limiter()
        _ = sent(limiter, 100, at: 1)
        #expect(limiter.admit(rule: 1, token: 0, now: 1) == .send(suppressed: 0))
    }

    @Test func `every is one in that time, and zero is no limit`() {
        let minute = limiter(", every: 1m")
        #expect(sent(minute, 5, at: 1) == 1)
        #expect(sent(minute, 5, at: 60 * Self.second) == 0)
        #expect(sent(minute, 5, at: 60 * Self.second + 1) == 1)
        #expect(sent(limiter(", every: 0"), 1000, at: 1) == 1000)
        let longest = limiter(", every: 9223372036854775807")
        #expect(sent(longest, 5, at: .max / 2 + 5) == 1)
        #expect(sent(longest, 5, at: .max - 5) == 0)
    }

    @Test func `each token has a rate of its own, and there are five hundred`() {
        let limiter = limiter(", every: 1h")
        for token in 0..<500 { #expect(sent(limiter, 2, token: token, at: UInt64(token)) == 1) }
        #expect(sent(limiter, 2, token: 499, at: 500) == 0)
        #expect(sent(limiter, 2, token: 1000, at: 500) == 1)
        #expect(sent(limiter, 2, token: 0, at: 500) == 1, "the one idle longest was dropped")
        #expect(sent(limiter, 2, token: 499, at: 501) == 0)
    }

    @Test func `a token is the combination of its fields`() throws {
        let rules = LoadResult(
            """
            rules:
              - id: a
                expression: exec.file.name != "z"
                limiter_token: [exec.file.name, exec.argv]
              - {id: b, expression: exec.file.name != "z"}
            """
        ).ruleSet
        let a = try #require(rules.rules.firstIndex { $0.id == "a" })
        func token(_ name: String, _ arguments: [String], _ rule: Int) -> Int {
            rules.limiterToken(ofRule: rule, event: exec(name, arguments))
        }
        #expect(token("x", ["1"], a) == token("x", ["1"], a))
        #expect(token("x", ["1"], a) != token("x", ["2"], a))
        #expect(token("x", ["1"], a) != token("y", ["1"], a))
        #expect(token("x", ["1", "2"], a) != token("x", ["12"], a))
        #expect(token("x", ["1"], 1 - a) == 0)
        #expect(rules.fields.contains(Field(.process, .argv)))
    }
}
