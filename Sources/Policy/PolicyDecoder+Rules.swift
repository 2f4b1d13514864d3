// The keys of a rule.

import Diagnostics
import RuleLanguage
import YAML

extension PolicyDecoder {
    private static let ruleKeys = [
        "id", "version", "expression", "description", "tags", "product_tags", "agent_version",
        "filters", "disabled", "combine", "override_options", "actions", "every", "limiter_token",
        "silent", "group_id", "priority",
    ]
    /// Keys that decide whether the rule applies at all: if one is wrong, the rule is not used.
    private static let essentialKeys: Set = [
        "id", "expression", "agent_version", "filters", "disabled", "combine", "override_options",
    ]

    /// Reads one entry of `rules`.
    mutating func rule(_ node: YAMLNode) -> RuleDefinition {
        var rule = RuleDefinition(span: node.span)
        guard let pairs = node.mapping else {
            report(.wrongKind, "a rule must be a mapping, this is \(node.kindName)", at: node.span)
            rule.isBroken = true
            return rule
        }
        // Findings about actions name the rule, wherever its id stands.
        let name = node["id"]?.string ?? ""
        for pair in pairs {
            let before = errorCount
            rule.keys.append(Located(pair.key.value, pair.key.span))
            if !readIdentity(pair, into: &rule), !readBehaviour(pair, name, into: &rule) {
                unknownKey(pair, in: "a rule", known: Self.ruleKeys)
            }
            if errorCount > before, Self.essentialKeys.contains(pair.key.value) {
                rule.isBroken = true
            }
        }
        return rule
    }

    private mutating func readIdentity(_ pair: YAMLPair, into rule: inout RuleDefinition) -> Bool {
        switch pair.key.value {
        case "id": rule.id = text(pair)
        case "version": rule.version = text(pair)?.value
        case "expression": rule.expression = expression(pair)
        case "description": rule.description = text(pair)?.value
        case "tags": rule.tags = tags(pair)
        case "product_tags": rule.productTags = texts(pair)?.map(\.value) ?? []
        case "agent_version": rule.agentVersion = text(pair)
        case "filters": rule.filters = expressions(pair) ?? []
        case "group_id": rule.groupID = text(pair)?.value
        default: return false
        }
        return true
    }

    private mutating func readBehaviour(
        _ pair: YAMLPair,
        _ name: String,
        into rule: inout RuleDefinition
    ) -> Bool {
        switch pair.key.value {
        case "disabled": rule.isDisabled = boolean(pair) ?? false
        case "combine": rule.combine = combination(pair, allowed: ["override"])
        case "override_options": rule.overrideFields = overrideFields(pair)
        case "actions": rule.actions = actions(pair, ruleID: name)
        case "every": rule.every = duration(pair)
        case "limiter_token": rule.limiterToken = fields(pair)
        case "silent": rule.isSilent = boolean(pair) ?? false
        case "priority":
            rule.priority = integer(pair, in: -1_000_000...1_000_000).map { Int($0) } ?? 0
        default: return false
        }
        return true
    }

    private mutating func tags(_ pair: YAMLPair) -> [RuleTag] {
        guard let pairs = pairs(pair) else { return [] }
        return pairs.compactMap { tag in
            text(tag).map { RuleTag(tag.key.value, $0.value) }
        }
    }

    /// Names of fields; unknown ones are left out.
    private mutating func fields(_ pair: YAMLPair) -> [Located<String>] {
        (texts(pair) ?? []).filter { text in
            if FieldSchema.field(named: text.value) != nil { return true }
            report(
                .unknownField,
                "field '\(text.value)' not found",
                at: text.span,
                suggestion: Spelling.suggestion(
                    for: text.value,
                    among: FieldSchema.fields.map(\.name)
                )
            )
            return false
        }
    }

    private mutating func overrideFields(_ pair: YAMLPair) -> [OverrideField] {
        guard let options = pairs(pair) else { return [] }
        var fields: [OverrideField] = []
        for option in options {
            guard option.key.value == "fields" else {
                unknownKey(option, in: "override_options", known: ["fields"])
                continue
            }
            for text in texts(option) ?? [] {
                if let field = OverrideField(rawValue: text.value) {
                    fields.append(field)
                } else {
                    let names = OverrideField.allCases.map(\.rawValue)
                    report(
                        .overrideField,
                        "'\(text.value)' cannot be overridden",
                        at: text.span,
                        suggestion: Spelling.suggestion(for: text.value, among: names)
                            ?? "one of \(names.joined(separator: ", "))"
                    )
                }
            }
        }
        return fields
    }
}
