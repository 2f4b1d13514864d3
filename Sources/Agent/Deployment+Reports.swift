// Active rules in the words of the control socket.

import ControlProtocol
import Diagnostics
import Policy
import RuleLanguage
import Signals

extension RuleList {
    /// All active rules.
    init(_ deployment: Deployment, hits: RuleHits) {
        self.init(
            isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
            rules: deployment.ruleSet.rules.enumerated().map { position, rule in
                RuleReport(
                    rule,
                    isDisarmed: deployment.brake.isDisarmed(rule: position),
                    hits: hits
                )
            }
        )
    }
}

extension RuleReport {
    /// One rule.
    init(_ rule: Rule, isDisarmed: Bool, hits counts: RuleHits) {
        let word =
            switch rule.protection {
            case .disabled: "Disabled"
            case _ where !rule.isBlockable: ""
            case .monitoring: "Monitoring"
            case .blocking: rule.isConfirmed && !isDisarmed ? "Blocking" : "Monitoring"
            }
        self.init(
            id: rule.id,
            description: rule.description,
            protection: word,
            scope: rule.scope?.expression
        )
        isUnconfirmed = !rule.isConfirmed
        self.isDisarmed = isDisarmed
        let count = counts.count(ofRule: rule.id)
        (hits.monitored, hits.denied, hits.killed) = (count.monitored, count.denied, count.killed)
        hits.last = count.last?.rfc3339
    }
}

extension RuleDetail {
    /// The answer about one active rule.
    static func reply(_ id: String, _ deployment: Deployment, hits: RuleHits) -> Reply {
        let rules = deployment.ruleSet.rules
        guard let position = rules.firstIndex(where: { $0.id == id }) else {
            let status = deployment.ruleSet.statuses.first { $0.id == id }
            if let status {
                let reason = status.message.map { ": \($0)" } ?? ""
                return .refused(
                    Refusal(
                        .notFound,
                        "rule '\(id)' is not loaded (\(status.state.rawValue))\(reason)",
                        remedy: "it stands in \(status.file), line \(status.line)"
                    )
                )
            }
            return .refused(
                Refusal(
                    .notFound,
                    "there is no rule '\(id)'",
                    remedy: Spelling.suggestion(for: id, among: rules.map(\.id).sorted())
                        ?? "see minewarden rules list"
                )
            )
        }
        let rule = rules[position]
        let isDisarmed = deployment.brake.isDisarmed(rule: position)
        return .rule(
            RuleDetail(
                rule: RuleReport(rule, isDisarmed: isDisarmed, hits: hits),
                expression: rule.expression,
                tags: rule.tags.map { "\($0.key):\($0.value)" },
                file: rule.file,
                line: rule.line,
                version: rule.version,
                actions: rule.actions.map(\.name),
                isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
                reason: deployment.reason(for: rule, isDisarmed: isDisarmed),
                generation: deployment.generation
            )
        )
    }
}

extension Deployment {
    /// Why a rule is in the state it is in.
    fileprivate func reason(for rule: Rule, isDisarmed: Bool) -> String {
        switch rule.protection {
        case .disabled: return "it is disabled in protection.yaml and not evaluated"
        case _ where !rule.isBlockable:
            return "protection is not available: the rule has no kill action"
        case .monitoring:
            return "no protection is set for it, or monitoring: its matches are signals only"
        case .blocking:
            guard rule.isConfirmed else {
                return "it is set to blocking, but its definition has changed since somebody"
                    + " decided that; it is monitored until 'minewarden protection confirm"
                    + " \(rule.id)' and a deploy"
            }
            guard isActiveProtectionEnabled else {
                return "it is set to blocking, but Active Protection is disabled on this host,"
                    + " so nothing is blocked"
            }
            guard !isDisarmed else {
                return "it is set to blocking, but blocked too many different programs or"
                    + " containers in a short time, so it is monitored until 'minewarden"
                    + " protection rearm \(rule.id)'"
            }
            let place = rule.scope == nil ? "everywhere" : "where its scope holds"
            return "it is set to blocking and Active Protection is enabled: it blocks \(place)"
        }
    }
}

extension RuleAction {
    /// Like `kill SIGKILL`.
    fileprivate var name: String {
        switch kind {
        case .kill(let kill): "kill \(kill.signal), scope \(kill.scope.rawValue)"
        case .set(let set): "set \(set.name.value)"
        case .hash(let hash): "hash \(hash.field)"
        case .log: "log"
        }
    }
}
