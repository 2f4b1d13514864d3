// Which `${variables}` exist and of what type: they are declared by being set. Works on the merged
// definitions of all rules, also of those that cannot be loaded: a rule that reads what only an
// event of another kind could set must load, and read the default.

import Diagnostics
import RuleLanguage

/// The variables that the `set` actions of all policies declare.
struct VariableTable {
    /// By the name expressions use, scope included, like `process.seen`.
    private(set) var declarations: [String: VariableDeclaration] = [:]
    /// The actions that declared them first.
    private(set) var origins: [String: (set: SetDefinition, file: SourceFile)] = [:]
    /// Two that say different things; the first counts.
    private(set) var conflicts: [Diagnostic] = []

    /// The types, for the compiler.
    var types: [String: VariableType] { declarations.mapValues(\.type) }

    /// Expressions may read what other expressions set: so many may depend on each other in a row.
    private static let maximumRounds = 8

    /// Collects from rules in load order; the first action that tells a type decides it.
    init(_ rules: [RuleDefinition], compiler: Compiler) {
        var open: [(set: SetDefinition, file: SourceFile)] = []
        for rule in rules where !rule.isDisabled {
            for action in rule.actions {
                guard case .set(let set) = action.kind else { continue }
                open.append((set, action.file))
            }
        }
        for _ in 0..<Self.maximumRounds where !open.isEmpty {
            let knowing = compiler.knowing(variables: types)
            let before = open.count
            open = open.filter { item in
                guard let type = Self.type(of: item.set, knowing) else { return true }
                declare(item.set, type, in: item.file)
                return false
            }
            if open.count == before { break }
        }
        // Set by what cannot be seen here, so never: any type will do that fits how it is read.
        for (set, file) in open where isForeign(set, compiler) {
            declare(set, set.appends ? .strings : .string, in: file)
        }
    }

    /// The name with its scope.
    static func name(of set: SetDefinition) -> String {
        set.scope.map { "\($0.rawValue).\(set.name.value)" } ?? set.name.value
    }

    /// The source of an action, compiled; the spans of findings are relative to its text.
    static func compile(
        _ source: SetDefinition.Source,
        _ compiler: Compiler
    ) -> (CompiledValue?, [Diagnostic]) {
        switch source {
        case .value(let literal):
            let value: VariableValue =
                switch literal {
                case .boolean(let value): .boolean(value)
                case .integer(let value): .integer(value)
                case .string(let value): .string(ArraySlice(value.utf8))
                case .integers(let values): .integers(values)
                case .strings(let values): .strings(values.map { ArraySlice($0.utf8) })
                }
            return (CompiledValue(value), [])
        // Written as a reference: a macro or constant of that name is not meant.
        case .field(let name): return compiler.compileValue(Array("%{\(name.value)}".utf8))
        case .expression(let text): return compiler.compileValue(Array(text.text.utf8))
        }
    }

    /// The type a variable gets from an action; nil if it cannot be told, or not yet.
    private static func type(of set: SetDefinition, _ compiler: Compiler) -> VariableType? {
        let single: VariableType?
        if let value = set.defaultValue, case .expression = set.source, value != .strings([]) {
            // Known without the expression, which may read the variable itself.
            single = compile(.value(value), compiler).0?.type
        } else {
            single = compile(set.source, compiler).0?.type
        }
        return set.appends ? single.flatMap(\.list) : single
    }

    /// Whether an action's value comes from an event of another kind.
    private func isForeign(_ set: SetDefinition, _ compiler: Compiler) -> Bool {
        let found = Self.compile(set.source, compiler.knowing(variables: types)).1
        return found.contains { $0.code == .unsupportedEventType }
    }

    private mutating func declare(
        _ set: SetDefinition,
        _ type: VariableType,
        in file: SourceFile
    ) {
        let name = Self.name(of: set)
        guard let first = origins[name] else {
            declarations[name] = VariableDeclaration(set, type: type)
            origins[name] = (set, file)
            return
        }
        guard declarations[name]?.type == type else { return }
        declarations[name]?.complete(with: set, after: first.set)
        guard let key = Self.contradiction(set, first.set) else { return }
        conflicts.append(
            Diagnostic(
                .warning,
                code: .variableConflict,
                message: "variable '\(name)' has another '\(key)' already, the first one counts",
                span: set.name.span,
                file: file,
                notes: [.init("first set here", span: first.set.name.span, file: first.file)]
            )
        )
    }

    private static func contradiction(_ set: SetDefinition, _ first: SetDefinition) -> String? {
        func differ<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
            left != nil && right != nil && left != right
        }
        if differ(set.defaultValue, first.defaultValue) { return "default_value" }
        if differ(set.timeToLive, first.timeToLive) { return "ttl" }
        return differ(set.size, first.size) ? "size" : nil
    }
}
