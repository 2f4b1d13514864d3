// Which rules an exec would match and what would follow. The answer as a value and as JSON.

internal import Diagnostics
internal import Policy
internal import RuleLanguage
internal import Signals

/// One rule that matches an exec.
struct Explanation {
    let rule: Rule
    /// Whether blocking this rule would stop this exec: a kill action whose filter holds.
    let isBlockable: Bool
    /// What would happen: `monitored` or `denied`.
    let outcome: Outcome
    /// Why only monitored.
    let reason: MonitorReason?
    /// The places in the rule's expression that decided, each once.
    let parts: [SourceSpan]

    /// The text of a part.
    func text(of part: SourceSpan) -> String {
        let bytes = Array(rule.expression.utf8)
        let start = min(part.start, bytes.count)
        return String(
            decoding: bytes[start..<min(max(start, part.end), bytes.count)],
            as: UTF8.self
        )
    }
}

/// Judges execs by rules.
struct Explainer {
    let rules: RuleSet
    /// Whether the rule set carries a host's settings; else Active Protection is taken to be on and
    /// every rule to be blocking.
    let hasSettings: Bool
    private var scratch = MatchScratch()

    init(rules: RuleSet, hasSettings: Bool) {
        self.rules = rules
        self.hasSettings = hasSettings
    }

    /// The rules that match, in the order of the rule set.
    mutating func explain(_ event: EventDescription) -> [Explanation] {
        rules.matches(event, into: &scratch)
        return scratch.matched.map { position in
            let rule = rules.rules[position]
            let isBlockable = rules.killAction(ofRule: position, for: event) != nil
            let reason = reason(position, isBlockable, event)
            return Explanation(
                rule: rule,
                isBlockable: isBlockable,
                outcome: reason == nil ? .denied : .monitored,
                reason: reason,
                parts: Self.parts(of: rule, event)
            )
        }
    }

    /// Why a match would only be monitored; nil if it would be denied.
    private func reason(
        _ position: Int,
        _ isBlockable: Bool,
        _ event: EventDescription
    ) -> MonitorReason? {
        guard hasSettings else {
            if isBlockable { return nil }
            return rules.rules[position].isBlockable ? .filtered : .notAvailable
        }
        switch rules.decision(forRule: position, event: event) {
        case .block: return nil
        case .monitor(let reason): return reason
        }
    }

    private static func parts(of rule: Rule, _ event: EventDescription) -> [SourceSpan] {
        var parts: [SourceSpan] = []
        for part in rule.compiled.decidingParts(event).parts where !parts.contains(part) {
            parts.append(part)
        }
        return parts
    }
}

extension JSONWriter {
    /// `{"matches":[…]}`: one object per rule that matches.
    mutating func matches(_ explanations: [Explanation]) {
        object { writer in
            writer.key("matches")
            writer.array { writer in
                for explanation in explanations { writer.match(explanation) }
            }
        }
    }

    private mutating func match(_ explanation: Explanation) {
        object { writer in
            writer.key("rule_id")
            writer.string(Array(explanation.rule.id.utf8))
            writer.key("blockable")
            writer.boolean(explanation.isBlockable)
            writer.key("outcome")
            writer.string(Array(explanation.outcome.rawValue.utf8))
            if let reason = explanation.reason {
                writer.key("why_monitored")
                writer.string(Array(reason.rawValue.utf8))
            }
            writer.key("file")
            writer.string(Array(explanation.rule.file.utf8))
            writer.key("line")
            writer.integer(explanation.rule.line)
            writer.key("parts")
            writer.array(explanation.parts.map { Array(explanation.text(of: $0).utf8) })
        }
    }

    /// `{"error":"…"}`.
    mutating func error(_ message: String) {
        object { writer in
            writer.key("error")
            writer.string(Array(message.utf8))
        }
    }
}
