// Which `${variables}` exist and of what type: they are declared by being set.

import RuleLanguage

/// The variables that the `set` actions of a policy declare.
struct VariableTable {
    /// By the name expressions use, scope included, like `process.seen`.
    private(set) var types: [String: VariableType] = [:]

    /// Collects from rules in load order; the first action that tells a type decides it.
    init(_ rules: [RuleDefinition]) {
        for rule in rules where !rule.isDisabled {
            for action in rule.actions {
                guard case .set(let set) = action.kind else { continue }
                let name = Self.name(of: set)
                if types[name] == nil { types[name] = Self.type(of: set) }
            }
        }
    }

    /// The name with its scope.
    static func name(of set: SetDefinition) -> String {
        set.scope.map { "\($0.rawValue).\(set.name.value)" } ?? set.name.value
    }

    private static func type(of set: SetDefinition) -> VariableType {
        let single: VariableType =
            switch set.source {
            case .value(let value): type(of: value)
            case .field(let name):
                switch FieldSchema.field(named: name.value)?.type {
                case .boolean: .boolean
                case .integer: .integer
                case .strings: .strings
                default: .string
                }
            case .expression: set.defaultValue.map { type(of: $0) } ?? .boolean
            }
        guard set.appends else { return single }
        switch single {
        case .integer, .integers: return .integers
        default: return .strings
        }
    }

    private static func type(of value: SetValue) -> VariableType {
        switch value {
        case .boolean: .boolean
        case .integer: .integer
        case .string: .string
        case .integers: .integers
        case .strings: .strings
        }
    }
}
