// A blocking rule blocks with the definition that somebody agreed to, and with no other.

import Policy
import Testing

@testable import Agent

struct `Blocking approvals` {
    private typealias Candidate = BlockingApprovals.Candidate

    private static func rule(_ name: String) -> String {
        """
        rules:
          - id: r
            expression: exec.file.name == "\(name)"
            actions: [{kill: {signal: SIGKILL}}]

        """
    }

    /// The rule `r` with a name it matches, as custom or shipped, under a protection.
    private func candidate(
        _ name: String?,
        _ protection: String = "blocking",
        _ origin: PolicyOrigin = .custom,
        override: String? = nil
    ) -> Candidate {
        var sources: [PolicySource] = []
        if let name {
            sources.append(
                PolicySource(name: "a.yaml", bytes: bytes(Self.rule(name)), origin: origin)
            )
        }
        var all = sources
        if let override {
            let text =
                "rules:\n  - id: r\n    expression: exec.file.name == \"\(override)\"\n"
                + "    combine: override\n"
            all.append(PolicySource(name: "b.yaml", bytes: bytes(text)))
        }
        let settings = PolicySource(
            name: "protection.yaml",
            bytes: bytes("rules:\n  r: \(protection)\n")
        )
        var options = LoadOptions()
        options.definitionDigest = { String(decoding: $0, as: UTF8.self) }
        return Candidate(
            PolicyLoader.load(sources: all, protection: settings, options: options),
            pristine: PolicyLoader.load(
                sources: origin == .shipped ? sources : [],
                options: options
            )
        )
    }

    /// Whether `r` must be confirmed after a change of hands from one candidate to another.
    private func mustConfirm(
        _ before: Candidate,
        _ after: Candidate,
        _ authority: BlockingApprovals.Authority,
        confirmed: [String: String] = [:]
    ) -> Bool {
        let first = BlockingApprovals().carried(
            from: nil,
            to: before,
            confirmed: [:],
            authority: .first
        )
        let then = first.carried(
            from: before,
            to: after,
            confirmed: confirmed,
            authority: authority
        )
        return then.unconfirmed(in: after).contains("r")
    }

    @Test(arguments: [BlockingApprovals.Authority.nobody, .person, .other])
    func `a definition that stays needs nothing`(authority: BlockingApprovals.Authority) {
        #expect(!mustConfirm(candidate("a"), candidate("a"), authority))
    }

    @Test(arguments: [BlockingApprovals.Authority.nobody, .person, .other])
    func `a changed definition of a blocking rule must be confirmed, whoever deploys it`(
        authority: BlockingApprovals.Authority
    ) {
        #expect(mustConfirm(candidate("a"), candidate("b"), authority))
    }

    @Test func `a confirmed definition needs nothing, another one still does`() {
        let after = candidate("b")
        let digest = after.digests["r"] ?? ""
        #expect(!mustConfirm(candidate("a"), after, .other, confirmed: ["r": digest]))
        #expect(mustConfirm(candidate("a"), candidate("c"), .other, confirmed: ["r": digest]))
    }

    @Test func `setting a rule to blocking agrees to its definition`() {
        let before = candidate("a", "monitoring")
        #expect(!mustConfirm(before, candidate("a"), .person))
        #expect(!mustConfirm(before, candidate("a"), .nobody))
        #expect(mustConfirm(before, candidate("a"), .other))
    }

    @Test func `a start does not agree to a definition that changed on the way to blocking`() {
        let before = candidate("a", "monitoring")
        #expect(mustConfirm(before, candidate("b"), .nobody))
        #expect(!mustConfirm(before, candidate("b"), .person))
    }

    @Test func `a rule that appears under a name which is set to blocking must be confirmed`() {
        let before = candidate(nil)
        #expect(mustConfirm(before, candidate("a"), .other))
        #expect(mustConfirm(before, candidate("a"), .person))
    }

    @Test func `the package may change a shipped rule`() {
        let before = candidate("a", "blocking", .shipped)
        #expect(!mustConfirm(before, candidate("b", "blocking", .shipped), .nobody))
    }

    @Test func `an override of a shipped rule must be confirmed, and so must its end`() {
        let plain = candidate("a", "blocking", .shipped)
        let changed = candidate("a", "blocking", .shipped, override: "b")
        #expect(mustConfirm(plain, changed, .person))
        #expect(mustConfirm(changed, plain, .other))
    }

    @Test func `nothing is agreed to for rules that do not block`() {
        let approvals = BlockingApprovals().carried(
            from: nil,
            to: candidate("a", "monitoring"),
            confirmed: [:],
            authority: .first
        )
        #expect(approvals.rules.isEmpty)
    }
}
