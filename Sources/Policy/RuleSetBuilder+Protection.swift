// The host's protection settings on the rules that were loaded.

import Diagnostics

extension RuleSetBuilder {
    /// Gives each rule what the host's settings say; what is impossible becomes monitoring.
    mutating func applyProtection(to rules: inout [Rule]) {
        var known = Set(assembly.policies.flatMap(\.rules).map(\.id))
        known.remove("")
        for index in rules.indices {
            guard let entry = settings.rules[rules[index].id] else { continue }
            rules[index].scope = entry.scope
            rules[index].protection = entry.protection
            guard entry.protection == .blocking, !rules[index].isBlockable else { continue }
            rules[index].protection = .monitoring
            report(
                .error,
                .notBlockable,
                "rule '\(rules[index].id)' cannot block: it carries no kill action",
                at: entry.protectionSpan,
                suggestion:
                    "it stays in monitoring; add 'actions: [{kill: {signal: SIGKILL}}]' to the rule first"
            )
        }
        for (id, entry) in settings.rules where !known.contains(id) {
            report(
                .warning,
                .unknownRule,
                "no rule '\(id)' is loaded",
                at: entry.span,
                suggestion: Spelling.suggestion(for: id, among: known.sorted())
            )
        }
    }

    private mutating func report(
        _ severity: Diagnostic.Severity,
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        suggestion: String?
    ) {
        diagnostics.append(
            Diagnostic(
                severity,
                code: code,
                message: message,
                span: span,
                file: settings.file,
                suggestion: suggestion
            )
        )
    }
}
