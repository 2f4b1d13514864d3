// From an attempt to what is to be done about it. The same for a held exec and for one that was
// seen after it had started; what can still be done differs, and is not decided here.

import LinuxSystem
import Policy
import Signals

/// A rule that matched, and what follows from it.
struct Match: Sendable {
    /// Position in the rule set.
    let rule: Int
    let decision: RuleDecision
}

/// What the rules say about one attempt.
struct Judgement: Sendable {
    var matches: [Match] = []

    /// True if a matching rule blocks.
    var blocks: Bool {
        matches.contains { if case .block = $0.decision { true } else { false } }
    }
}

/// Evaluates rules; one per thread.
struct Judge: ~Copyable {
    private var scratch = MatchScratch()

    /// Evaluates all rules on an attempt, except those at the positions in `known`.
    mutating func judge(
        _ attempt: Attempt,
        by deployment: Deployment,
        except known: [Int] = []
    ) -> Judgement {
        let rules = deployment.ruleSet
        rules.matches(attempt, into: &scratch)
        guard !scratch.matched.isEmpty else { return Judgement() }
        var judgement = Judgement()
        let isProtected = ProtectedProgram.isProtected(attempt.process.pid)
        for rule in scratch.matched where !known.contains(rule) {
            let decision = rules.decision(forRule: rule, event: attempt)
            if isProtected, case .block = decision {
                judgement.matches.append(
                    Match(rule: rule, decision: .monitor(.protectedProgram))
                )
            } else {
                judgement.matches.append(Match(rule: rule, decision: decision))
            }
        }
        return judgement
    }
}

/// Processes that are never refused an exec and never killed, whatever the rules say.
enum ProtectedProgram {
    /// True for process 1, whose failure stops the host, and for the agent itself.
    static func isProtected(_ pid: Int32) -> Bool {
        pid <= 1 || pid == ownProcess
    }

    private static let ownProcess = Host.processID
}
