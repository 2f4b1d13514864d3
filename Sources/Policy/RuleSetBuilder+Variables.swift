// `set` actions to assignments: every action that could not do what it says is refused here, with
// a reason, and every rule that waits for a variable nobody sets is told so.

import Diagnostics
import RuleLanguage

extension RuleSetBuilder {
    /// Makes an action ready to be run; nil if it cannot work, which is then reported.
    mutating func assignment(
        _ set: SetDefinition,
        in action: ActionDefinition,
        ruleID: String
    ) -> VariableAssignment? {
        let (value, found) = VariableTable.compile(set.source, compiler)
        guard let value else {
            skip(found, of: set.source, in: action, ruleID)
            return nil
        }
        report(warnings: found, of: set.source)
        guard let type = set.appends ? value.type.list : value.type else {
            refuse("append is not supported for \(value.type.words)", set, action, ruleID)
            return nil
        }
        let name = VariableTable.name(of: set)
        guard let variable = table.declarations[name] else {
            refuse("the type of variable '\(name)' cannot be told", set, action, ruleID)
            return nil
        }
        guard fits(set, value.type, type, action, ruleID) else { return nil }
        guard type == variable.type else {
            conflict(set, type, variable, in: action, ruleID)
            return nil
        }
        var scope: CompiledValue?
        if let field = set.scopeField {
            scope = self.scope(field, action, ruleID)
            if scope == nil { return nil }
        }
        return VariableAssignment(
            variable: variable,
            source: value,
            appends: set.appends,
            scopeField: scope
        )
    }

    /// Warns about variables that an expression of a loaded rule reads and no loaded rule sets.
    mutating func warnAboutUnset(in rules: [Rule]) {
        var isSet: Set<String> = ["builtins.uuid4"]
        for rule in rules {
            isSet.formUnion(rule.actions.compactMap { $0.assignment?.variable.name })
        }
        for rule in rules {
            guard let expression = expressions[rule.id] else { continue }
            for name in rule.compiled.variables.sorted() where !isSet.contains(name) {
                let warning = Diagnostic(
                    .warning,
                    code: .neverSet,
                    message: "no loaded rule sets variable '\(name)': it keeps its default value"
                )
                diagnostics += expression.placed([warning])
            }
        }
    }

    // MARK: - Findings

    private mutating func refuse(
        _ reason: String,
        _ set: SetDefinition,
        _ action: ActionDefinition,
        _ ruleID: String,
        suggestion: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        diagnostics.append(
            Diagnostic(
                .error,
                code: .invalidAction,
                message: "skipping invalid action in rule \(ruleID): \(reason)",
                span: set.name.span,
                file: action.file,
                notes: notes,
                suggestion: suggestion
            )
        )
    }

    /// What is wrong with a source, at its place.
    private mutating func skip(
        _ found: [Diagnostic],
        of source: SetDefinition.Source,
        in action: ActionDefinition,
        _ ruleID: String
    ) {
        var findings = found
        for index in findings.indices where findings[index].severity == .error {
            findings[index].message =
                "skipping invalid action in rule \(ruleID): \(findings[index].message)"
        }
        switch source {
        case .value: break
        case .expression(let text): diagnostics += text.placed(findings)
        case .field(let name):
            for finding in findings {
                var placed = finding
                placed.span = name.span
                placed.file = action.file
                diagnostics.append(placed)
            }
        }
    }

    private mutating func report(warnings: [Diagnostic], of source: SetDefinition.Source) {
        if case .expression(let text) = source { diagnostics += text.placed(warnings) }
    }

    /// Whether the default value is of the type the source has.
    private mutating func fits(
        _ set: SetDefinition,
        _ single: VariableType,
        _ type: VariableType,
        _ action: ActionDefinition,
        _ ruleID: String
    ) -> Bool {
        guard let value = set.defaultValue else { return true }
        let found = VariableTable.compile(.value(value), compiler).0?.type ?? type
        let agrees = set.appends ? found.list == type : found == type
        if agrees || (value == .strings([]) && type.list == type) { return true }
        let isListForOne = !set.appends && single.list == single && found.list == type
        refuse(
            "'default_value' is \(found.words), but what is set is \(single.words)",
            set,
            action,
            ruleID,
            suggestion: isListForOne ? "add 'append: true', or make the default a list" : nil
        )
        return false
    }

    private mutating func conflict(
        _ set: SetDefinition,
        _ type: VariableType,
        _ variable: VariableDeclaration,
        in action: ActionDefinition,
        _ ruleID: String
    ) {
        var notes: [Diagnostic.Note] = []
        if let origin = table.origins[variable.name] {
            notes = [.init("first set here", span: origin.set.name.span, file: origin.file)]
        }
        refuse(
            "conflicting types for variable '\(variable.name)': it is \(variable.type.words),"
                + " this sets \(type.words)",
            set,
            action,
            ruleID,
            suggestion: variable.type == type.list ? "add 'append: true'" : nil,
            notes: notes
        )
    }

    /// The field that names another process.
    private mutating func scope(
        _ field: Located<String>,
        _ action: ActionDefinition,
        _ ruleID: String
    ) -> CompiledValue? {
        let (value, found) = compiler.compileValue(Array("%{\(field.value)}".utf8))
        if let value, value.type == .integer, let named = value.fields.first,
            [.pid, .ppid].contains(named.attribute), value.fields.count == 1
        {
            return value
        }
        var message = "'scope_field' must name one process, like process.parent.pid"
        if let first = found.first(where: { $0.severity == .error }) { message = first.message }
        diagnostics.append(
            Diagnostic(
                .error,
                code: .invalidAction,
                message: "skipping invalid action in rule \(ruleID): \(message)",
                span: field.span,
                file: action.file
            )
        )
        return nil
    }
}
