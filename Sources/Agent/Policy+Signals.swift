// Between the policy's words and those of a signal.

import Policy
import Signals

extension RuleDecision {
    /// Why a match was only monitored; nil if it blocks.
    var reason: MonitoringReason? {
        guard case .monitor(let reason) = self else { return nil }
        return switch reason {
        case .activeProtectionOff: .activeProtectionOff
        case .monitoring: .monitoring
        case .notAvailable: .notAvailable
        // The action's own condition is a part of where it applies.
        case .filtered, .outOfScope: .outOfScope
        case .unknownImage: .unknownImage
        case .unconfirmed: .unconfirmed
        case .disarmed: .disarmed
        case .protectedProgram: .protectedProgram
        }
    }
}

extension RuleReference {
    init(_ rule: Rule) {
        self.init(
            id: rule.id,
            description: rule.description,
            file: Array(rule.file.utf8),
            line: rule.line,
            tags: rule.tags.map { "\($0.key):\($0.value)" }
        )
        severity = rule.severity ?? ""
        version = rule.version ?? ""
        policyVersion = rule.policyVersion ?? ""
        expression = rule.expression
    }
}

extension Deployment {
    /// The protection of a rule as signals show it.
    func protection(ofRule position: Int) -> Signals::RuleProtection {
        let rule = ruleSet.rules[position]
        guard rule.isBlockable else { return .notAvailable }
        return switch rule.protection {
        case .monitoring: .monitoring
        case .blocking: .blocking
        case .disabled: .disabled
        }
    }

    var isActiveProtectionEnabled: Bool { ruleSet.isActiveProtectionOn }

    /// True if an exec that hides what it runs is to be refused: only where something is blocked,
    /// for otherwise nothing could have been denied anyway.
    var blocksUnreadable: Bool {
        settings.unreadable == .deny && ruleSet.isActiveProtectionOn
            && ruleSet.rules.contains {
                $0.protection == .blocking && $0.isBlockable && $0.isConfirmed
            }
    }
}
