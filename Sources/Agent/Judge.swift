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
    /// Whether it is to be recorded: the rule is not silent, and within its rate.
    var isReported = true
    /// What a rule that blocks asks for.
    var plan: KillPlan?
}

/// What the rules say about one attempt.
struct Judgement: Sendable {
    var matches: [Match] = []
    /// What the `log` actions of these say, to be written after the answer.
    var notes: [ServiceNote] = []
    /// The rules that this attempt has disarmed.
    var trips: [Brake.Trip] = []

    /// The matches that are to be recorded.
    var reported: [Match] { matches.filter(\.isReported) }

    /// What the rules that block ask for together; nil if none does.
    var plan: KillPlan? { KillPlan.strictest(matches.compactMap(\.plan)) }

    /// True if a matching rule blocks.
    var blocks: Bool {
        matches.contains { if case .block = $0.decision { true } else { false } }
    }
}

/// Evaluates rules; one per thread.
struct Judge: ~Copyable {
    private var scratch = MatchScratch()

    /// Evaluates all rules on an attempt, except those at the positions in `known`, and runs their
    /// `set` actions, which count only once `Attempt.settleVariables(_:)` is told what came of it.
    ///
    /// `isBrakeable` is false where nothing will be blocked, whatever is decided.
    mutating func judge(
        _ attempt: Attempt,
        by deployment: Deployment,
        except known: [Int] = [],
        program: VariableSession.Program,
        isBrakeable: Bool = true
    ) -> Judgement {
        let rules = deployment.ruleSet
        var judgement = Judgement()
        attempt.beginVariables(of: rules, program: program)
        rules.matches(
            attempt,
            variables: attempt.variables,
            except: known,
            into: &scratch
        ) { rule in
            var decision = rules.decision(forRule: rule, event: attempt)
            if decision == .block {
                decision = Self.restrain(
                    rule,
                    attempt,
                    by: deployment,
                    isBrakeable: isBrakeable,
                    &judgement
                )
            }
            let isReported = Self.report(rule, attempt, by: deployment, &judgement)
            var match = Match(rule: rule, decision: decision, isReported: isReported)
            if decision == .block {
                let action = rules.killAction(ofRule: rule, for: attempt)
                match.plan = action.map { KillPlan($0) } ?? .plain
            }
            judgement.matches.append(match)
        }
        return judgement
    }

    /// What remains of a decision to block.
    private static func restrain(
        _ rule: Int,
        _ attempt: Attempt,
        by deployment: Deployment,
        isBrakeable: Bool,
        _ judgement: inout Judgement
    ) -> RuleDecision {
        guard !attempt.isProtected else { return .monitor(.protectedProgram) }
        guard isBrakeable else {
            return deployment.brake.isDisarmed(rule: rule) ? .monitor(.disarmed) : .block
        }
        switch deployment.brake.admit(attempt, rule: rule) {
        case .block: return .block
        case .disarmed: return .monitor(.disarmed)
        case .trip(let trip):
            judgement.trips.append(trip)
            return .monitor(.disarmed)
        }
    }

    /// Takes the `log` actions; true if the match is to be recorded as a signal.
    private static func report(
        _ position: Int,
        _ attempt: Attempt,
        by deployment: Deployment,
        _ judgement: inout Judgement
    ) -> Bool {
        let rule = deployment.ruleSet.rules[position]
        for action in rule.actions {
            guard case .log(let log) = action.kind, action.applies(to: attempt) else { continue }
            judgement.notes.append(ServiceNote(log, of: rule, about: attempt))
        }
        guard !rule.isSilent else { return false }
        let token = deployment.ruleSet.limiterToken(ofRule: position, event: attempt)
        let now = KernelClock.monotonic.nanoseconds
        switch deployment.limiter.admit(rule: position, token: token, now: now) {
        case .send(let suppressed):
            if suppressed > 0 {
                judgement.notes.append(ServiceNote(suppressed: suppressed, of: rule))
            }
            return true
        case .suppress: return false
        }
    }
}
