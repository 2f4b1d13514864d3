// Comparisons of strings: what a quoted value means is decided by the field it meets.

internal import Diagnostics

extension Checker {
    /// Checks `== != =~ !~` between strings, and `in` between a value and a list field.
    mutating func strings(
        _ comparison: Comparison,
        _ left: Operand,
        _ right: Operand
    ) -> BooleanNode? {
        let span = place(comparison.span)
        let isNegated = comparison.symbol.isNegative
        switch comparison.symbol {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            mismatch(
                "'\(comparison.symbol.rawValue)' does not compare strings",
                comparison.operatorSpan
            )
            return nil
        default: break
        }
        switch (left, right) {
        case (.string(let operand, let traits), .literal(let literal)):
            return test(comparison, (operand, traits), literal, comparison.right.span)
        case (.literal(let literal), .string(let operand, let traits)):
            return test(comparison, (operand, traits), literal, comparison.left.span)
        case (.literal(let first), .literal(let second)):
            return literals(comparison, first, second)
        case (.string(let first, _), .string(let second, _)):
            guard !isMatching(comparison) else {
                mismatch(
                    "'\(comparison.symbol.rawValue)' takes a fixed pattern, found a field",
                    comparison.right.span,
                    suggestion: isNegated ? "write '!='" : "write '=='"
                )
                return nil
            }
            return .stringPair(StringPairTest(first, second, isNegated: isNegated, span: span))
        default:
            cannotCompare(comparison, left, right)
            return nil
        }
    }

    private func isMatching(_ comparison: Comparison) -> Bool {
        comparison.symbol == .matches || comparison.symbol == .notMatches
    }

    /// A value known at run time against a literal.
    private mutating func test(
        _ comparison: Comparison,
        _ value: (operand: StringOperand, traits: Operand.StringTraits),
        _ literal: Literal,
        _ span: SourceSpan
    ) -> BooleanNode? {
        let isNegated = comparison.symbol.isNegative
        let place = place(comparison.span)
        if let parts = template(literal, span) {
            guard !isMatching(comparison) else {
                report(
                    .badInterpolation,
                    "a pattern cannot contain ${} or %{}",
                    span,
                    suggestion: isNegated ? "write '!='" : "write '=='"
                )
                return nil
            }
            return .stringPair(
                StringPairTest(value.operand, .template(parts), isNegated: isNegated, span: place)
            )
        }
        var literal = literal
        if isMatching(comparison), literal.kind == .string { literal.kind = .pattern }
        guard let matcher = matcher(literal, for: value.traits.field, span) else { return nil }
        return .strings(StringTest(value.operand, matcher, isNegated: isNegated, span: place))
    }

    /// Two quoted values: decided now, or at run time if one has `${}` or `%{}` in it.
    private mutating func literals(
        _ comparison: Comparison,
        _ left: Literal,
        _ right: Literal
    ) -> BooleanNode? {
        if let parts = template(left, comparison.left.span) {
            return test(comparison, (.template(parts), .init()), right, comparison.right.span)
        }
        if let parts = template(right, comparison.right.span) {
            return test(comparison, (.template(parts), .init()), left, comparison.left.span)
        }
        let (value, other) = left.kind == .string ? (left, right) : (right, left)
        guard value.kind == .string else {
            mismatch("cannot compare a pattern with a pattern", comparison.span)
            return nil
        }
        var pattern = other
        if isMatching(comparison), pattern.kind == .string { pattern.kind = .pattern }
        let found = matcher(pattern, for: nil, comparison.right.span)
        return found.map { .constant($0.matches(value.bytes[...]) != comparison.symbol.isNegative) }
    }

    /// A value against the members of a list.
    mutating func strings(
        _ comparison: Comparison,
        _ left: Operand,
        in members: [Literal]
    ) -> BooleanNode? {
        var field: FieldDescription?
        if case .string(_, let traits) = left { field = traits.field }
        var matchers: [StringMatcher] = []
        for (index, member) in members.enumerated() {
            let span = memberSpan(comparison.right, index)
            if template(member, span) != nil {
                report(.badInterpolation, "a list cannot contain ${} or %{}", span)
            } else if let matcher = matcher(member, for: field, span) {
                matchers.append(matcher)
            }
        }
        guard matchers.count == members.count else { return nil }
        let set = StringSet(matchers)
        let isNegated = comparison.symbol.isNegative
        switch left {
        case .string(let operand, _):
            let span = place(comparison.span)
            return .strings(StringTest(operand, .anyOf(set), isNegated: isNegated, span: span))
        case .literal(let literal) where literal.kind == .string:
            if let parts = template(literal, comparison.left.span) {
                let span = place(comparison.span)
                let test = StringTest(
                    .template(parts),
                    .anyOf(set),
                    isNegated: isNegated,
                    span: span
                )
                return .strings(test)
            }
            return .constant(set.matches(literal.bytes[...]) != isNegated)
        default:
            mismatch("a pattern is no member of a list of values", comparison.left.span)
            return nil
        }
    }

    private func memberSpan(_ node: SyntaxNode, _ index: Int) -> SourceSpan {
        if case .list(let members) = node.kind, index < members.count { return members[index].span }
        return node.span
    }

    // MARK: - Matchers

    /// Prepares a literal for the field it is compared with; nil means a plain value.
    private mutating func matcher(
        _ literal: Literal,
        for field: FieldDescription?,
        _ span: SourceSpan
    ) -> StringMatcher? {
        if let field, field.isPath, literal.kind != .regularExpression,
            let problem = PathRule.problem(with: literal.bytes)
        {
            let text = problem.message
            report(.badPath, text, span, suggestion: problem.suggestion(for: field.name))
            return nil
        }
        switch literal.kind {
        case .string:
            warnPlainWildcard(literal, field, span)
            return .exact(literal.bytes)
        case .pattern: return wildcard(literal.bytes, for: field, span)
        case .regularExpression:
            if field?.isPath == true {
                report(
                    .regularExpressionOnPath,
                    "regexp not supported on path",
                    span,
                    suggestion: "use ~\"…\": '*' stops at '/', '/**' at the end is any depth"
                )
                return nil
            }
            return regularExpression(literal.bytes, span)
        }
    }

    private mutating func regularExpression(
        _ pattern: [UInt8],
        _ span: SourceSpan
    ) -> StringMatcher? {
        do throws(RegularExpression.Failure) {
            if let found = try budget.expression(pattern) {
                count(literals: found.requiredStrings?.count ?? 0)
                return .regularExpression(found)
            }
            report(
                .tooComplex,
                "the regular expressions of all rules are too large together",
                span
            )
        } catch {
            report(.badRegularExpression, "bad regular expression: \(error.message)", span)
        }
        return nil
    }

    private mutating func wildcard(
        _ bytes: [UInt8],
        for field: FieldDescription?,
        _ span: SourceSpan
    ) -> StringMatcher? {
        let isGlob = field?.wildcards == .glob
        let text = String(decoding: bytes, as: UTF8.self)
        guard isGlob else {
            guard !text.contains("**") else {
                report(
                    .badPattern,
                    "`**` is not allowed in patterns",
                    span,
                    suggestion: "write '*'"
                )
                return nil
            }
            let pattern = WildcardPattern(bytes)
            return pattern.hasWildcard ? .pattern(pattern) : .exact(bytes)
        }
        let elements = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !elements.dropLast().contains(where: { $0.contains("**") }),
            elements.last.map({ $0 == "**" || !$0.contains("**") }) ?? true
        else {
            report(
                .badPattern,
                "`**` is allowed only at the end of patterns",
                span,
                suggestion: "write '/**' at the end, '/*/' for one directory"
            )
            return nil
        }
        let pattern = GlobPattern(bytes)
        return pattern.hasWildcard ? .glob(pattern) : .exact(bytes)
    }

    private mutating func warnPlainWildcard(
        _ literal: Literal,
        _ field: FieldDescription?,
        _ span: SourceSpan
    ) {
        guard field != nil, macros.isEmpty, literal.bytes.contains(UInt8(ascii: "*")) else {
            return
        }
        report(
            .plainWildcard,
            "'*' stands for itself in a plain string",
            span,
            severity: .warning,
            suggestion: "write ~\"\(String(decoding: literal.bytes, as: UTF8.self))\""
        )
    }
}
