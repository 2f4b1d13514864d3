// The keys of a `set` action and the literal values it may have.

import Diagnostics
import RuleLanguage
import YAML

extension PolicyDecoder {
    private static let setKeys = [
        "name", "value", "field", "expression", "default_value", "append", "scope", "scope_field",
        "size", "ttl", "private", "inherited",
    ]

    /// Reads `set`: exactly one source of the value, and options that fit its scope.
    mutating func set(_ pair: YAMLPair, _ ruleID: String) -> SetDefinition? {
        guard let pairs = pairs(pair) else { return nil }
        var sources: [SetDefinition.Source] = []
        var set = SetDefinition(name: Located("", pair.key.span), source: .value(.boolean(false)))
        let before = errorCount
        for pair in pairs {
            switch pair.key.value {
            case "name": set.name = text(pair) ?? set.name
            case "value": if let value = literal(pair) { sources.append(.value(value)) }
            case "field": if let name = text(pair) { sources.append(.field(name)) }
            case "expression": if let text = expression(pair) { sources.append(.expression(text)) }
            case "default_value": set.defaultValue = literal(pair)
            case "append": set.appends = boolean(pair) ?? false
            case "scope": set.scope = word(pair, as: SetDefinition.Scope.self)
            case "scope_field": set.scopeField = text(pair)
            case "size": set.size = integer(pair, in: 1...1_000_000).map { Int($0) }
            case "ttl": set.timeToLive = duration(pair)
            case "private": set.isPrivate = boolean(pair) ?? false
            case "inherited": set.isInherited = boolean(pair) ?? false
            default: unknownKey(pair, in: "set", known: Self.setKeys)
            }
        }
        guard errorCount == before else { return nil }
        guard let source = sources.first, sources.count == 1 else {
            skip(ruleID, "'set' needs exactly one of value, field, expression", at: pair.key.span)
            return nil
        }
        set.source = source
        if let reason = Self.refusal(of: set) {
            skip(ruleID, reason, at: set.name.span)
            return nil
        }
        return set
    }

    private static func refusal(of set: SetDefinition) -> String? {
        if set.name.value.isEmpty { return "'set' needs a name" }
        if !PolicyAssembly.isValidID(set.name.value) {
            return "variable name '\(set.name.value)' may only have letters, digits and '_'"
        }
        if set.scope != .process, set.scopeField != nil {
            return "'scope_field' is for process scope only"
        }
        let name = VariableTable.name(of: set)
        // A variable must not hide what expressions already have a name for.
        if FieldSchema.field(named: name) != nil {
            return "variable '\(name)' conflicts with field"
        }
        if ConstantTable.value(of: name) != nil {
            return "variable '\(name)' conflicts with constant"
        }
        if set.scope != .process, set.isInherited { return "'inherited' is for process scope only" }
        return nil
    }

    /// A literal: true, a number, text, or a list of numbers or texts.
    private mutating func literal(_ pair: YAMLPair) -> SetValue? {
        guard !pair.value.isNull else { return nil }
        if let scalar = pair.value.scalar {
            if let value = scalar.boolean { return .boolean(value) }
            if let value = scalar.integer { return .integer(value) }
            return .string(scalar.value)
        }
        guard let items = pair.value.sequence, items.allSatisfy({ $0.scalar != nil }) else {
            wrongKind(pair, wanted: "a value or a list of values")
            return nil
        }
        let scalars = items.compactMap(\.scalar)
        let integers = scalars.compactMap(\.integer)
        if !scalars.isEmpty, integers.count == scalars.count { return .integers(integers) }
        guard integers.isEmpty, scalars.allSatisfy({ $0.boolean == nil && !$0.isNull }) else {
            report(
                .wrongKind,
                "the items of '\(pair.key.value)' must be all numbers or all texts",
                at: pair.value.span,
                suggestion: "put texts that look like something else in quotes"
            )
            return nil
        }
        return .strings(scalars.map(\.value))
    }
}
