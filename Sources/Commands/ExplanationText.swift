// What `minewarden explain` prints for people.

internal import Diagnostics
internal import Policy
internal import RuleLanguage
internal import Signals

/// Explanations as text.
enum ExplanationText {
    /// Each match with its deciding parts, and a last line that sums up.
    static func text(
        _ explanations: [Explanation],
        program: [UInt8],
        ruleCount: Int,
        hasSettings: Bool
    ) -> String {
        var text = explanations.map(self.text).joined()
        let name = Diagnostics.Escaping.terminal(program)
        let rules = "\(ruleCount) rule\(ruleCount == 1 ? "" : "s")"
        let blocking = explanations.filter { $0.outcome == .denied }.map(\.rule.id)
        if explanations.isEmpty {
            text += "\(name): no match in \(rules), it would run\n"
        } else if blocking.isEmpty {
            text += "\(name): it would run and be signalled\n"
        } else if hasSettings {
            text += "\(name): it would be denied by \(blocking.joined(separator: ", "))\n"
        } else {
            text += "\(name): it would be denied with Active Protection on and blocking set for "
            text += blocking.joined(separator: " or ") + "\n"
        }
        return text
    }

    private static func text(of explanation: Explanation) -> String {
        let rule = explanation.rule
        var text = "\(Diagnostics.Escaping.terminal(rule.id)): \(explanation.outcome.rawValue)"
        if let reason = explanation.reason { text += " (\(words(for: reason)))" }
        text += "\n  \(Diagnostics.Escaping.terminal(rule.description))\n"
        text += "  \(Diagnostics.Escaping.terminal(rule.file)):\(rule.line)\n"
        let file = SourceFile(name: rule.file, bytes: Array(rule.expression.utf8))
        let renderer = DiagnosticRenderer()
        for part in explanation.parts { text += renderer.excerpt(of: file, at: part) }
        return text + "\n"
    }

    private static func words(for reason: MonitorReason) -> String {
        switch reason {
        case .activeProtectionOff: "Active Protection is off"
        case .monitoring: "the rule is in monitoring"
        case .notAvailable: "the rule has no kill action"
        case .filtered: "the filter of its kill action does not hold"
        case .outOfScope: "out of the scope the rule blocks in"
        case .unknownImage: "the scope asks for image tags, and none are known"
        case .unconfirmed: "the rule has changed since its blocking was confirmed"
        case .disarmed, .protectedProgram: reason.rawValue
        }
    }
}
