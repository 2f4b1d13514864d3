// What an event must have for an expression to be true: the literals by which an index finds the
// few rules worth evaluating. Always sound: what is not sure is left out.

/// A necessary condition of an expression.
package enum Requirement: Sendable, Equatable {
    /// Nothing is known: the expression must be evaluated for every event.
    case nothing
    /// At least one of these clauses holds for every event the expression is true for.
    case oneOf([Clause])
    /// The expression is true for no event.
    case impossible

    /// A fact about one value of one field.
    package struct Clause: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            /// A value of the field is the literal.
            case exact
            /// A value of the field, in ASCII lower case, contains the literal, which is too.
            case substring
        }

        package let field: Field
        package let kind: Kind
        package let literal: [UInt8]
        /// Whether the field's alternatives count as its values.
        package let hasAlternatives: Bool
    }
}

extension Requirement {
    /// What both need.
    static func both(_ left: Requirement, _ right: Requirement) -> Requirement {
        if left == .impossible || right == .impossible { return .impossible }
        return left.selectivity >= right.selectivity ? left : right
    }

    /// What one of them needs.
    mutating func formUnion(_ other: Requirement) {
        guard other != .impossible else { return }
        guard self != .impossible else {
            self = other
            return
        }
        guard case .oneOf(let others) = other, case .oneOf(var clauses) = self else {
            self = .nothing
            return
        }
        // Appended in place: a list of thousands must not be copied for each of its members.
        self = .nothing
        clauses += others
        self = .oneOf(clauses)
    }

    /// How much work it saves, in no unit: the least selective clause decides.
    private var selectivity: Int {
        switch self {
        case .nothing: -1
        case .impossible: .max
        case .oneOf(let clauses): (clauses.map(\.selectivity).min() ?? 0) - min(clauses.count, 100)
        }
    }
}

extension Requirement.Clause {
    /// A rare literal on a cheap field is best.
    fileprivate var selectivity: Int {
        var result = kind == .exact ? 1200 : 200 + 40 * min(literal.count, 16)
        if literal.count < 3 { result -= kind == .exact ? 600 : 200 }
        switch field.subject {
        case .process: break
        case .container, .cgroup, .event: result -= 200
        case .parent: result -= 300
        case .ancestors: result -= 600
        }
        switch field.attribute {
        case .fileName, .filePath, .comm: result += 200
        case .envs, .envp: result -= 50
        case .fileHashes, .interpreterHashes, .filePackageName: result -= 500
        default: break
        }
        return max(result, 0)
    }
}

// MARK: - Derivation

extension BooleanNode {
    /// What must hold for the node to be true.
    var requirement: Requirement { requirement(isNegated: false) }

    private func requirement(isNegated: Bool) -> Requirement {
        switch self {
        case .constant(let value): value == isNegated ? .impossible : .nothing
        case .operand(.node(let node)): node.requirement(isNegated: isNegated)
        case .not(let node): node.requirement(isNegated: !isNegated)
        case .chain(let chain): chain.requirement(isNegated: isNegated)
        case .strings(let test): test.isNegated == isNegated ? test.requirement : .nothing
        case .operand, .stringPair, .integers, .booleans: .nothing
        }
    }
}

extension LogicalChain {
    fileprivate func requirement(isNegated: Bool) -> Requirement {
        func term(_ index: Int) -> Requirement {
            let node = BooleanNode.not(terms[index])
            return isNegated ? node.requirement : terms[index].requirement
        }
        var result = term(terms.count - 1)
        for index in operators.indices.reversed() {
            if (operators[index] == .and) != isNegated {
                result = .both(term(index), result)
            } else {
                result.formUnion(term(index))
            }
        }
        return result
    }
}

extension StringTest {
    fileprivate var requirement: Requirement {
        guard case .field(let reference) = operand else { return .nothing }
        var result = Requirement.impossible
        for matcher in matcher.alternatives {
            result.formUnion(Self.requirement(reference, matcher))
        }
        return result
    }

    private static func requirement(
        _ reference: FieldReference,
        _ matcher: StringMatcher
    ) -> Requirement {
        func clause(_ kind: Requirement.Clause.Kind, _ literal: [UInt8]) -> Requirement.Clause {
            Requirement.Clause(
                field: reference.field,
                kind: kind,
                literal: kind == .exact ? literal : literal.map(\.lowered),
                hasAlternatives: reference.hasAlternatives
            )
        }
        switch matcher {
        case .exact(let literal):
            // An index out of range reads "" where the field has no such value.
            let isIndexed = reference.index != nil || reference.selector != .only
            return literal.isEmpty && isIndexed ? .nothing : .oneOf([clause(.exact, literal)])
        case .pattern(let pattern): return longest(pattern.literals).map(contains) ?? .nothing
        case .glob(let pattern): return longest(pattern.literals).map(contains) ?? .nothing
        case .regularExpression(let expression):
            guard let strings = expression.requiredStrings else { return .nothing }
            return .oneOf(strings.map { clause(.substring, $0) })
        case .anyOf: return .nothing
        }
        func contains(_ literal: [UInt8]) -> Requirement { .oneOf([clause(.substring, literal)]) }
    }

    private static func longest(_ literals: [[UInt8]]) -> [UInt8]? {
        literals.max { $0.count < $1.count }
    }
}

extension UInt8 {
    /// The letter in ASCII lower case; any other byte unchanged.
    var lowered: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}
