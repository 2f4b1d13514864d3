// The front of the language: text in, compiled expression and diagnostics out.
// Pure; a compiler is immutable and may be used on any thread.

package import Diagnostics

/// Compiles expressions against one set of macros and variables.
package struct Compiler: Sendable {
    private var vocabulary = Checker.Vocabulary()
    private let budget = CompilationBudget()

    /// Takes the names expressions may use besides fields and constants.
    ///
    /// - Parameters:
    ///   - macros: by id; parsed here, once.
    ///   - variables: what `${name}` may name, scope included (`process.x`); `${process.pid}` and
    ///     `${builtins.uuid4}` are always known.
    ///   - names: plain names that read a variable of that name, for the filters of policies
    ///     (`os == "linux"`); they hide fields.
    package init(
        macros: [String: Macro] = [:],
        variables: [String: VariableType] = [:],
        names: [String: VariableType] = [:]
    ) {
        vocabulary.macros = macros.mapValues { ParsedMacro($0) }
        vocabulary.macroSizes = MacroSizes(vocabulary.macros).sizes
        vocabulary.variables = variables
        vocabulary.names = names
    }

    /// The same compiler with other variables; the macros are not parsed again.
    package func knowing(variables: [String: VariableType]) -> Compiler {
        var result = self
        result.vocabulary.variables = variables
        return result
    }

    /// What an expression is for.
    package enum Purpose: Sendable {
        /// A rule: must be about exactly one event type.
        case rule
        /// A filter of an action or policy: any event, or none.
        case filter
    }

    /// Compiles an expression.
    ///
    /// The expression is nil exactly if a diagnostic is an error. Spans are byte offsets into the
    /// text; everything wrong is reported at once, in the order of the text. An expression about an
    /// event that cannot be seen has the single error `unsupportedEventType`, or
    /// `severalEventTypes` if it is about others too.
    package func compile(
        _ expression: [UInt8],
        purpose: Purpose = .rule
    ) -> (CompiledExpression?, [Diagnostic]) {
        var parser = Parser(expression)
        let tree = parser.parseRule()
        var checker = Checker(vocabulary, budget)
        let root = checker.condition(tree)
        budget.spend(parts: checker.nodes)
        if !Self.hasErrors(parser.diagnostics), let problem = Self.unsupported(checker) {
            return (nil, [problem])
        }
        var diagnostics = parser.diagnostics + checker.diagnostics
        if let root, !Self.hasErrors(diagnostics) {
            guard purpose == .rule, let problem = Self.eventProblem(checker, tree.span) else {
                diagnostics += root.impossibleParts
                let compiled = CompiledExpression(root, checker)
                return (compiled, Self.sorted(diagnostics))
            }
            diagnostics.append(problem)
        }
        return (nil, Self.sorted(diagnostics))
    }

    /// Compiles an expression.
    package func compile(
        _ expression: String,
        purpose: Purpose = .rule
    ) -> (CompiledExpression?, [Diagnostic]) {
        compile(Array(expression.utf8), purpose: purpose)
    }

    /// Compiles an expression that has a value of any type, as an action sets a variable to.
    ///
    /// The result is nil exactly if a diagnostic is an error. Registers have no meaning here and
    /// read element 0.
    package func compileValue(_ expression: [UInt8]) -> (CompiledValue?, [Diagnostic]) {
        var parser = Parser(expression)
        let tree = parser.parseMacro()
        var checker = Checker(vocabulary, budget)
        let operand = checker.operand(tree)
        budget.spend(parts: checker.nodes)
        if !Self.hasErrors(parser.diagnostics), let problem = Self.unsupported(checker) {
            return (nil, [problem])
        }
        let content = operand.flatMap { checker.content(of: $0, tree.span) }
        let diagnostics = Self.sorted(parser.diagnostics + checker.diagnostics)
        guard let content, !Self.hasErrors(diagnostics) else { return (nil, diagnostics) }
        return (CompiledValue(content, checker), diagnostics)
    }

    /// What is wrong with a macro by itself, with spans into its own text; [] for an unknown one.
    package func diagnostics(ofMacro id: String) -> [Diagnostic] {
        guard let macro = vocabulary.macros[id] else { return [] }
        guard !macro.hasErrors else { return Self.sorted(macro.diagnostics) }
        var checker = Checker(vocabulary, budget)
        checker.enter(id)
        _ = checker.operand(macro.tree)
        budget.spend(parts: checker.nodes)
        let found = checker.unsupported.isEmpty ? checker.diagnostics : []
        return Self.sorted(macro.diagnostics + found)
    }

    private static func hasErrors(_ diagnostics: [Diagnostic]) -> Bool {
        diagnostics.contains { $0.severity == .error }
    }

    private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let ordered = diagnostics.enumerated().sorted { left, right in
            let first = left.element.span?.start ?? 0
            let second = right.element.span?.start ?? 0
            return (first, left.offset) < (second, right.offset)
        }
        return ordered.map(\.element)
    }

    /// An event that cannot be seen leaves nothing else to say about an expression.
    private static func unsupported(_ checker: Checker) -> Diagnostic? {
        guard let first = checker.unsupported.first else { return nil }
        let names = checker.eventTypes.map(\.rawValue) + checker.unsupported.map(\.name)
        if let other = names.first(where: { $0 != first.name }) {
            return Diagnostic(
                .error,
                code: .severalEventTypes,
                message: "rule with multiple events is not supported: "
                    + "'\(other)' and '\(first.name)'",
                span: first.span,
                suggestion: "write one rule for each event"
            )
        }
        return Diagnostic(
            .error,
            code: .unsupportedEventType,
            message: "event type not supported: '\(first.name)'",
            span: first.span,
            suggestion: "rules here are about programs being started: exec.*"
        )
    }

    private static func eventProblem(_ checker: Checker, _ span: SourceSpan) -> Diagnostic? {
        guard checker.eventTypes.isEmpty else { return nil }
        return Diagnostic(
            .error,
            code: .noEventType,
            message: "no event in the rule definition",
            span: span,
            suggestion: "name a field of the event, like exec.file.name != \"\""
        )
    }
}

extension Checker {
    /// Marks a macro as being written out, so that one that contains itself is found.
    mutating func enter(_ macro: String) { macros.append(macro) }
}
