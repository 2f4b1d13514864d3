// Which definition of a rule somebody has agreed to block with. The right to edit an expression must
// not be the right to block anything: a rule that is set to blocking blocks only with the definition
// that was active when a person with rules_actions decided so, until such a person confirms another.
// Pure.

import Policy

/// What was agreed to, by rule.
struct BlockingApprovals: Sendable, Equatable {
    /// One agreement.
    struct Approval: Sendable, Equatable {
        /// Of the definition with everything written out.
        var digest: String
        /// Whether it was the shipped rule as it is: then the package may change it.
        var isShipped: Bool
    }

    var rules: [String: Approval] = [:]

    /// Who stands behind a change.
    enum Authority: Sendable, Equatable {
        /// The first rules of this host: whoever installed them.
        case first
        /// Nobody in particular: a start of the service, which may be one of the host.
        case nobody
        /// Somebody with rules_actions.
        case person
        /// Somebody without rules_actions.
        case other
    }

    /// What is set to blocking and would be judged.
    struct Candidate: Sendable {
        let result: LoadResult
        /// The digests of the definitions of rules that can block.
        let digests: [String: String]
        /// Those whose definition is exactly the shipped one.
        let shipped: Set<String>

        /// Takes results with digests; `pristine` is what the shipped rules alone give.
        init(_ result: LoadResult, pristine: LoadResult) {
            self.result = result
            var digests: [String: String] = [:]
            var shipped: Set<String> = []
            for rule in result.ruleSet.rules where rule.isBlockable {
                let digest = result.definitions[rule.id] ?? ""
                digests[rule.id] = digest
                if rule.origin == .shipped, pristine.definitions[rule.id] == digest {
                    shipped.insert(rule.id)
                }
            }
            self.digests = digests
            self.shipped = shipped
        }

        /// The rules that are set to blocking, if that is possible for them.
        var blocking: [String] {
            result.ruleSet.rules.filter { $0.isBlockable && $0.protection == .blocking }.map(\.id)
        }
    }

    /// What is agreed to for a candidate that takes the place of another; rules that are set to
    /// blocking and are not in it must be confirmed.
    ///
    /// `confirmed` are digests that were confirmed since the last deployment, by rule.
    func carried(
        from before: Candidate?,
        to after: Candidate,
        confirmed: [String: String],
        authority: Authority
    ) -> BlockingApprovals {
        var result = BlockingApprovals()
        for id in after.blocking {
            guard let digest = after.digests[id] else { continue }
            let approval = Approval(digest: digest, isShipped: after.shipped.contains(id))
            let former = rules[id]
            let wasBlocking = before?.result.protection.rules[id]?.protection == .blocking
            let isKnown =
                former?.digest == digest || confirmed[id] == digest
                || former?.isShipped == true && approval.isShipped
            let isDecided =
                switch authority {
                case .first: true
                case .person: !wasBlocking
                case .nobody:
                    !wasBlocking && (before?.digests[id] == digest || approval.isShipped)
                case .other: false
                }
            if isKnown || isDecided { result.rules[id] = approval }
        }
        return result
    }

    /// The rules that are set to blocking and not agreed to.
    func unconfirmed(in candidate: Candidate) -> Set<String> {
        Set(candidate.blocking.filter { rules[$0] == nil })
    }
}
