// Which operator takes which types, and what it then means.

internal import Diagnostics

extension Checker {
    /// One comparison being checked.
    struct Comparison {
        let symbol: ComparisonOperator
        let left: SyntaxNode
        let right: SyntaxNode
        let span: SourceSpan
        let operatorSpan: SourceSpan
    }

    /// Checks a comparison of any kind.
    mutating func compare(
        _ symbol: ComparisonOperator,
        _ left: SyntaxNode,
        _ right: SyntaxNode,
        _ node: SyntaxNode
    ) -> BooleanNode? {
        let comparison = Comparison(
            symbol: symbol,
            left: left,
            right: right,
            span: node.span,
            operatorSpan: node.operatorSpan ?? node.span
        )
        // Both sides are checked even if one is wrong: two mistakes, two reports.
        let first = operand(left)
        let second = operand(right)
        guard let first, let second else { return nil }
        return symbol.takesList
            ? membership(comparison, first, second) : relation(comparison, first, second)
    }

    private mutating func relation(
        _ comparison: Comparison,
        _ left: Operand,
        _ right: Operand
    ) -> BooleanNode? {
        switch (left, right) {
        case (.boolean(let left), .boolean(let right)): return booleans(comparison, left, right)
        case (.integer(let left, let traits), .integer(let right, let others)):
            return integers(comparison, (left, traits), (right, others))
        case (.string, .string), (.string, .literal), (.literal, .string), (.literal, .literal):
            return strings(comparison, left, right)
        case (.address(let left), .address(let right)):
            guard comparison.symbol == .equal || comparison.symbol == .notEqual else { break }
            return .constant(left.overlaps(right) != comparison.symbol.isNegative)
        case (_, .literals), (_, .integers), (_, .booleans), (_, .addresses):
            mismatch(
                "'\(comparison.symbol.rawValue)' compares with one value, found a list",
                comparison.operatorSpan,
                suggestion: comparison.symbol.isNegative ? "write 'not in'" : "write 'in'"
            )
            return nil
        default: break
        }
        cannotCompare(comparison, left, right)
        return nil
    }

    mutating func cannotCompare(_ comparison: Comparison, _ left: Operand, _ right: Operand) {
        mismatch(
            "cannot compare \(left.typeName) with \(right.typeName) by "
                + "'\(comparison.symbol.rawValue)'",
            comparison.span,
            suggestion: Self.advice(for: left, right) ?? Self.advice(for: right, left)
        )
    }

    /// How the value should be written that a field of another type is compared with.
    private static func advice(for field: Operand, _ value: Operand) -> String? {
        switch (field, value) {
        case (.integer, .literal), (.integer, .literals):
            "numbers and durations are written without quotes"
        case (.boolean, .literal), (.boolean, .literals),
            (.boolean, .integer(.value(.constant), _)):
            "write true or false, without quotes"
        case (.string, .integer(.value(.constant), _)), (.string, .integers),
            (.string, .boolean(.node(.constant))), (.string, .address), (.string, .addresses):
            "strings are written in double quotes"
        default: nil
        }
    }

    private mutating func booleans(
        _ comparison: Comparison,
        _ left: BooleanOperand,
        _ right: BooleanOperand
    ) -> BooleanNode? {
        guard comparison.symbol == .equal || comparison.symbol == .notEqual else {
            mismatch(
                "'\(comparison.symbol.rawValue)' does not compare booleans",
                comparison.operatorSpan
            )
            return nil
        }
        return booleans(comparison, left, right, isNegated: comparison.symbol.isNegative)
    }

    private func booleans(
        _ comparison: Comparison,
        _ left: BooleanOperand,
        _ right: BooleanOperand,
        isNegated: Bool
    ) -> BooleanNode {
        if case .node(.constant(let first)) = left, case .node(.constant(let second)) = right {
            return .constant((first == second) != isNegated)
        }
        let span = place(comparison.span)
        return .booleans(BooleanTest(left, right, isNegated: isNegated, span: span))
    }

    private func member(
        _ comparison: Comparison,
        _ value: BooleanOperand,
        _ members: [Bool]
    ) -> BooleanNode {
        // Of two values a list names one or both.
        let tests = Set(members).map { member in
            booleans(comparison, value, .node(.constant(member)), isNegated: false)
        }
        let found: BooleanNode =
            tests.count == 1 ? tests[0] : .chain(LogicalChain(tests, [.or]))
        return comparison.symbol.isNegative ? .not(found) : found
    }

    // MARK: - Integers

    private static let relations: [ComparisonOperator: IntegerTest.Relation] = [
        .equal: .equal, .notEqual: .equal, .less: .less, .lessOrEqual: .lessOrEqual,
        .greater: .greater, .greaterOrEqual: .greaterOrEqual,
    ]

    private mutating func integers(
        _ comparison: Comparison,
        _ left: (IntegerOperand, Operand.IntegerTraits),
        _ right: (IntegerOperand, Operand.IntegerTraits)
    ) -> BooleanNode? {
        guard let relation = Self.relations[comparison.symbol] else {
            mismatch(
                "'\(comparison.symbol.rawValue)' matches strings, found a number",
                comparison.operatorSpan,
                suggestion: "write '=='"
            )
            return nil
        }
        let isDuration = right.1.isDuration
        if left.1.isDuration, !isDuration {
            mismatch("a duration stands on the right", comparison.left.span)
            return nil
        }
        if isDuration, comparison.symbol == .notEqual {
            mismatch("'!=' does not compare with a duration", comparison.operatorSpan)
            return nil
        }
        let isNegated = comparison.symbol.isNegative
        let isAge = isDuration && !left.1.isComputed && !left.1.isDuration
        if !isAge, case .value(.constant(let first)) = left.0,
            case .value(.constant(let second)) = right.0
        {
            return .constant(relation.holds(first, second) != isNegated)
        }
        return .integers(
            IntegerTest(
                left.0,
                relation,
                right.0,
                isNegated: isNegated,
                isAge: isAge,
                span: place(comparison.span)
            )
        )
    }

    // MARK: - Membership

    private mutating func membership(
        _ comparison: Comparison,
        _ left: Operand,
        _ right: Operand
    ) -> BooleanNode? {
        let isNegated = comparison.symbol.isNegative
        switch (left, right) {
        case (.string, .literals(let members)): return strings(comparison, left, in: members)
        case (.literal, .literals(let members)): return strings(comparison, left, in: members)
        case (.literal, .string(_, let traits)) where traits.isList:
            return strings(comparison, left, right)
        case (.string, .string(_, let traits)) where traits.isList:
            return strings(comparison, left, right)
        case (.integer(let value, let traits), .integers(let members)):
            guard !traits.isDuration else { break }
            if case .value(.constant(let number)) = value {
                return .constant(members.contains(number) != isNegated)
            }
            return member(comparison, value, .constants(members))
        case (.integer(let value, _), .integer(let list, _)):
            if case .value = list { break }
            return member(comparison, value, list)
        case (.boolean(let value), .booleans(let members)):
            return member(comparison, value, members)
        case (.boolean(let value), .boolean(.field(let list))) where list.selector == .any:
            return booleans(comparison, value, .field(list), isNegated: isNegated)
        case (.address(let address), .address(let range)):
            return .constant(address.overlaps(range) != isNegated)
        case (.address(let address), .addresses(let ranges)):
            return .constant(ranges.contains(where: address.overlaps) != isNegated)
        case (.addresses(let addresses), .address(let range)):
            return addressesTest(comparison, addresses, [range])
        case (.addresses(let addresses), .addresses(let ranges)):
            return addressesTest(comparison, addresses, ranges)
        case (_, .string(_, let traits)) where !traits.isList:
            mismatch(
                "'\(comparison.symbol.rawValue)' takes a list, found a string",
                comparison.right.span,
                suggestion: isNegated ? "write '!='" : "write '=='"
            )
            return nil
        default: break
        }
        cannotCompare(comparison, left, right)
        return nil
    }

    private func member(
        _ comparison: Comparison,
        _ value: IntegerOperand,
        _ list: IntegerOperand
    ) -> BooleanNode {
        .integers(
            IntegerTest(
                value,
                .equal,
                list,
                isNegated: comparison.symbol.isNegative,
                isAge: false,
                span: place(comparison.span)
            )
        )
    }

    /// For addresses, and only for them, `allin` means all.
    private func addressesTest(
        _ comparison: Comparison,
        _ addresses: [AddressRange],
        _ ranges: [AddressRange]
    ) -> BooleanNode {
        let isIn = { (address: AddressRange) in ranges.contains(where: address.overlaps) }
        if comparison.symbol == .allMembersOf { return .constant(addresses.allSatisfy(isIn)) }
        return .constant(addresses.contains(where: isIn) != comparison.symbol.isNegative)
    }
}
