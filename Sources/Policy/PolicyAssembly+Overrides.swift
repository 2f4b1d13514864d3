// What a later definition with `combine: override` changes in a rule, and what it does not.

import Diagnostics

extension PolicyAssembly {
    /// Warns about what an override says without effect: upstream drops it without a word.
    mutating func warnOfIneffective(
        _ rule: RuleDefinition,
        over first: AssembledRule,
        in file: SourceFile
    ) {
        let ineffective = first.ineffectiveKeys(of: rule)
        for (key, remedy) in ineffective {
            warn(
                .ineffectiveOverride,
                "'\(key.value)' of this override changes nothing",
                at: key.span,
                in: file,
                suggestion: remedy
            )
        }
        let isAboutExpression = rule.overrideFields.allSatisfy { $0 == .expression }
        if ineffective.isEmpty, isAboutExpression, rule.expression == nil {
            warn(
                .ineffectiveOverride,
                "this override changes nothing",
                at: rule.id?.span ?? rule.span,
                in: file,
                suggestion: "give it an expression, or say what it replaces in override_options"
            )
        }
    }
}

extension AssembledRule {
    /// Applies a later definition with `combine: override`.
    ///
    /// `override_options.fields` says what is replaced; without it the expression is. `all` on a
    /// default rule replaces everything but the expression, elsewhere it means each field.
    ///
    /// - Returns: how many actions are left out because there are too many.
    mutating func override(with other: RuleDefinition) -> Int {
        let fields = Set(other.overrideFields)
        if fields.isEmpty || fields.contains(.expression) {
            definition.expression = other.expression ?? definition.expression
        }
        if fields.contains(.all), isDefault {
            let (id, expression, span) = (definition.id, definition.expression, definition.span)
            definition = other
            (definition.id, definition.expression, definition.span) = (id, expression, span)
            definition.combine = nil
            return 0
        }
        func replaces(_ field: OverrideField) -> Bool {
            fields.contains(field) || fields.contains(.all)
        }
        var dropped = 0
        if replaces(.actions) {
            for action in other.actions where !definition.actions.contains(action) {
                if definition.actions.count < PolicyDecoder.maximumActions {
                    definition.actions.append(action)
                } else {
                    dropped += 1
                }
            }
        }
        if replaces(.every) { definition.every = other.every }
        if replaces(.productTags) { definition.productTags = other.productTags }
        if replaces(.tags) {
            for tag in other.tags {
                definition.tags.removeAll { $0.key == tag.key }
                definition.tags.append(tag)
            }
        }
        return dropped
    }

    /// The keys of a later definition with `combine: override` that say something else and change
    /// nothing, each with what would make it count.
    func ineffectiveKeys(of other: RuleDefinition) -> [(key: Located<String>, remedy: String)] {
        let fields = Set(other.overrideFields)
        let isWhole = fields.contains(.all) && isDefault
        return other.keys.compactMap { key in
            let field = OverrideField(rawValue: key.value)
            let counts =
                switch field {
                case .expression: fields.isEmpty || fields.contains(.expression)
                case .actions, .every, .tags, .productTags:
                    fields.contains(.all) || field.map(fields.contains) ?? false
                case .all, nil: isWhole
                }
            guard !counts, differs(other, in: key.value) else { return nil }
            let named = field.map { "name it in 'override_options: {fields: [\($0.rawValue)]}'" }
            return (key, named ?? "only a default rule can be overridden in this, by 'all'")
        }
    }

    /// Whether a later definition says something else than this one under a key.
    private func differs(_ other: RuleDefinition, in key: String) -> Bool {
        switch key {
        case "expression": other.expression != nil && other.expression != definition.expression
        case "actions": !other.actions.isEmpty && other.actions != definition.actions
        case "every": other.every != definition.every
        case "tags": !other.tags.isEmpty && other.tags != definition.tags
        case "product_tags": other.productTags != definition.productTags
        case "limiter_token": other.limiterToken != definition.limiterToken
        case "silent": other.isSilent != definition.isSilent
        case "priority": other.priority != definition.priority
        case "description": other.description != definition.description
        default: false
        }
    }
}
