// Which definitions take part at all: ids, versions, filters.

import Diagnostics

extension PolicyAssembly {
    /// Why a definition takes no part.
    struct Refusal {
        var state: RuleStatus.State
        var message: String
        var filterType: String?
    }

    /// Why a rule takes no part; nil if it does.
    ///
    /// Reports what its author should know.
    mutating func refusal(of rule: RuleDefinition, in document: PolicyDocument) -> Refusal? {
        let file = document.file
        guard !rule.isBroken else { return Refusal(state: .error, message: "unreadable rule") }
        guard let id = rule.id, !id.value.isEmpty else {
            report(.noID, "no rule ID", at: rule.span, in: file)
            return Refusal(state: .error, message: "no rule ID")
        }
        guard Self.isValidID(id.value) else {
            report(
                .idPattern,
                "rule ID pattern error",
                at: id.span,
                in: file,
                suggestion: "use letters, digits and '_'"
            )
            return Refusal(state: .error, message: "rule ID pattern error")
        }
        if let refusal = hostRefusal(rule.agentVersion, rule.filters, in: file) { return refusal }
        if rule.expression?.text.isEmpty ?? true, !rule.isDisabled, rule.combine == nil {
            report(.noExpression, "no rule expression", at: id.span, in: file)
            return Refusal(state: .error, message: "no rule expression")
        }
        return nil
    }

    /// Whether a macro takes part.
    ///
    /// Reports what its author should know.
    mutating func isUsable(_ macro: MacroDefinition, in document: PolicyDocument) -> Bool {
        let file = document.file
        guard !macro.isBroken else { return false }
        guard let id = macro.id, !id.value.isEmpty else {
            report(.noID, "no macro ID", at: macro.span, in: file)
            return false
        }
        guard Self.isValidID(id.value) else {
            report(
                .idPattern,
                "macro ID pattern error",
                at: id.span,
                in: file,
                suggestion: "use letters, digits and '_'"
            )
            return false
        }
        if macro.expression != nil, macro.values != nil {
            report(
                .macroDefinition,
                "only one of 'expression' and 'values' can be defined",
                at: id.span,
                in: file
            )
            return false
        }
        return hostRefusal(macro.agentVersion, macro.filters, in: file) == nil
    }

    /// Whether a definition is not for this agent or this host.
    private mutating func hostRefusal(
        _ version: Located<String>?,
        _ filters: [ExpressionText],
        in file: SourceFile
    ) -> Refusal? {
        versionRefusal(version, in: file) ?? filterRefusal(filters)
    }

    private mutating func versionRefusal(
        _ version: Located<String>?,
        in file: SourceFile
    ) -> Refusal? {
        // An empty one is none, as upstream.
        guard let version, !version.value.isEmpty else { return nil }
        guard let constraint = VersionConstraint(version.value) else {
            let message = "'\(Escaping.terminal(version.value))' is not a version constraint"
            report(
                .agentVersion,
                message,
                at: version.span,
                in: file,
                suggestion: "write it like \">= 7.71\" or \">=7.65 <7.70\""
            )
            return Refusal(state: .agentVersionError, message: message)
        }
        if !constraint.allows(options.agentVersion) {
            return Refusal(
                state: .filtered,
                message: "agent version incompatible",
                filterType: "agent_version"
            )
        }
        return nil
    }

    private mutating func filterRefusal(_ filters: [ExpressionText]) -> Refusal? {
        guard !filters.isEmpty else { return nil }
        var matches = false
        for filter in filters {
            let outcome = hostFilter.evaluate(filter)
            diagnostics += outcome.diagnostics
            guard let holds = outcome.holds else {
                return Refusal(
                    state: .agentFilterError,
                    message: outcome.diagnostics.first?.message ?? "filter error",
                    filterType: "rule_filter"
                )
            }
            matches = matches || holds
        }
        guard matches else {
            return Refusal(
                state: .filtered,
                message: "agent rule filtered",
                filterType: "rule_filter"
            )
        }
        return nil
    }
}
