// Merged definitions to rules in force: compiles expressions and filters, decides which actions can
// be taken, applies the protection settings. Everything wrong becomes a diagnostic and a status.

import Diagnostics
import RuleLanguage

/// Builds one rule set.
struct RuleSetBuilder {
    var diagnostics: [Diagnostic] = []
    var assembly: PolicyAssembly
    let settings: ProtectionSettings
    let compiler: Compiler
    let table: VariableTable
    /// The expressions of the rules that were loaded, by id.
    private(set) var expressions: [String: ExpressionText] = [:]

    init(assembly: PolicyAssembly, settings: ProtectionSettings) {
        self.assembly = assembly
        self.settings = settings
        var macros: [String: Macro] = [:]
        for macro in assembly.macros {
            guard let id = macro.id?.value else { continue }
            if let expression = macro.expression {
                macros[id] = Macro(expression: expression.text)
            } else {
                macros[id] = Macro(.values((macro.values ?? []).map { Array($0.value.utf8) }))
            }
        }
        let plain = Compiler(macros: macros)
        table = VariableTable(assembly.rules.map(\.definition), compiler: plain)
        compiler = plain.knowing(variables: table.types)
        diagnostics = table.conflicts
    }

    /// Builds it; `diagnostics` then has what was found.
    mutating func build() -> RuleSet {
        for macro in assembly.macros {
            guard let id = macro.id?.value, let expression = macro.expression else { continue }
            diagnostics += expression.swallowedLines
            diagnostics += expression.placed(compiler.diagnostics(ofMacro: id))
        }
        var built: [(rule: Rule, isDefault: Bool)] = []
        for position in assembly.rules.indices {
            let merged = assembly.rules[position]
            if merged.definition.isDisabled {
                setStatus(of: position, .disabled, "disabled by its policy")
            } else if let rule = rule(at: position) {
                built.append((rule, merged.isDefault))
            }
        }
        func key(_ position: Int) -> (Int, Int, Int, Int) {
            let (rule, isDefault) = built[position]
            let isContext = rule.tag("execution_context") == "true"
            return (isContext ? 0 : 1, isDefault ? 0 : 1, -rule.priority, position)
        }
        var rules = built.indices.sorted { key($0) < key($1) }.map { built[$0].rule }
        applyProtection(to: &rules)
        warnAboutUnset(in: rules)
        for index in assembly.policies.indices where assembly.policies[index].state != .error {
            let statuses = assembly.policies[index].rules
            assembly.policies[index].state = PolicyStatus.state(of: statuses)
        }
        let ruleSet = RuleSet(
            rules: rules,
            policies: assembly.policies,
            generation: assembly.options.generation,
            isActiveProtectionOn: settings.isActive,
            declarations: table.declarations
        )
        warnAboutPackagedPrograms(in: ruleSet)
        return ruleSet
    }

    /// Compiles one rule; nil if it is refused.
    private mutating func rule(at position: Int) -> Rule? {
        let merged = assembly.rules[position]
        guard let expression = merged.definition.expression else {
            setStatus(of: position, .error, "no rule expression")
            return nil
        }
        let (compiled, found) = compiler.compile(expression.text)
        diagnostics += expression.swallowedLines
        diagnostics += expression.placed(found.map(Self.softened))
        guard let compiled else {
            let first = found.first { $0.severity == .error }
            setStatus(of: position, Self.state(of: first), first?.message)
            return nil
        }
        let whole = SourceSpan(start: 0, end: expression.text.utf8.count)
        if let refusal = compiled.truthProblem(at: whole) {
            diagnostics += expression.placed([refusal])
            setStatus(of: position, .error, refusal.message)
            return nil
        }
        expressions[merged.definition.id?.value ?? ""] = expression
        warnOfUnavailable(compiled.fields, in: expression)
        return made(merged, expression.text, compiled)
    }

    /// A field without a value is no mistake of the author, but must not go unnoticed.
    private mutating func warnOfUnavailable(_ fields: Set<Field>, in expression: ExpressionText) {
        let whole = SourceSpan(start: 0, end: expression.text.utf8.count)
        let names = fields.intersection(assembly.options.unavailable).map(FieldSchema.name(of:))
        diagnostics += expression.placed(
            names.sorted().map { name in
                Diagnostic(
                    .warning,
                    code: .unavailableField,
                    message: "'\(name)' has no value on this host: the rule sees it empty",
                    span: whole
                )
            }
        )
    }

    private mutating func made(
        _ merged: AssembledRule,
        _ expression: String,
        _ compiled: CompiledExpression
    ) -> Rule {
        let definition = merged.definition
        let id = definition.id?.value ?? ""
        return Rule(
            id: id,
            version: definition.version,
            description: definition.description ?? id,
            tags: definition.tags,
            productTags: definition.productTags,
            expression: expression,
            file: merged.file.name,
            line: merged.file.position(of: definition.span.start).line,
            origin: merged.origin,
            policyVersion: assembly.policies[merged.policy].version,
            compiled: compiled,
            actions: definition.actions.compactMap { action($0, ruleID: id) },
            every: definition.every,
            limiterToken: definition.limiterToken.compactMap {
                FieldSchema.field(named: $0.value)?.field
            },
            isSilent: definition.isSilent,
            groupID: definition.groupID,
            priority: definition.priority,
            protection: .monitoring,
            scope: nil
        )
    }

    private mutating func action(
        _ definition: ActionDefinition,
        ruleID: String
    ) -> RuleAction? {
        var assignment: VariableAssignment?
        if case .set(let set) = definition.kind {
            assignment = self.assignment(set, in: definition, ruleID: ruleID)
            if assignment == nil { return nil }
        }
        guard let filter = definition.filter else {
            return RuleAction(kind: definition.kind, filter: nil, assignment: assignment)
        }
        let (compiled, found) = compiler.compile(filter.text, purpose: .filter)
        var placed = filter.swallowedLines + filter.placed(found)
        if compiled == nil {
            for index in placed.indices where placed[index].severity == .error {
                placed[index].message =
                    "skipping invalid action in rule \(ruleID): \(placed[index].message)"
            }
        }
        diagnostics += placed
        return compiled.map {
            RuleAction(kind: definition.kind, filter: $0, assignment: assignment)
        }
    }

    /// A rule about events this agent cannot see is no mistake of its author.
    private static func softened(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.code == .unsupportedEventType else { return diagnostic }
        var result = diagnostic
        result.severity = .warning
        return result
    }

    private static func state(of diagnostic: Diagnostic?) -> RuleStatus.State {
        guard let code = diagnostic?.code else { return .error }
        if code == .unsupportedEventType { return .eventTypeDisabled }
        return Self.syntaxCodes.contains(code) ? .syntaxError : .error
    }

    /// What upstream's parser would refuse, as opposed to its compiler.
    private static let syntaxCodes: Set<Diagnostic.Code> = [
        .unexpectedCharacter, .unterminated, .badNumber, .wrongQuotes, .tooComplex, .syntax,
        .unknownOperator,
    ]

    private mutating func setStatus(
        of position: Int,
        _ state: RuleStatus.State,
        _ message: String?
    ) {
        for slot in assembly.slots[position] {
            assembly.policies[slot.policy].rules[slot.rule].state = state
            assembly.policies[slot.policy].rules[slot.rule].message = message
        }
    }
}
