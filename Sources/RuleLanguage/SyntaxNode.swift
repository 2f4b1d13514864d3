// The tree of an expression before names and types are known. Chains of equal operators are flat,
// so depth grows only with nesting, which the parser limits.

internal import Diagnostics

/// One node with its place.
struct SyntaxNode: Sendable {
    indirect enum Kind: Sendable {
        case name(String)
        case integer(Int64)
        /// Nanoseconds.
        case duration(Int64)
        case literal(Literal)
        case address(AddressRange)
        /// The name inside `${}`.
        case variable(String)
        /// The name inside `%{}`.
        case fieldReference(String)
        case unary(UnaryOperator, SyntaxNode)
        /// Left associative.
        case sum(SyntaxNode, [SumTerm])
        /// Right associative; one operator fewer than operands.
        case bits([SyntaxNode], [BitOperator])
        case comparison(ComparisonOperator, SyntaxNode, SyntaxNode)
        /// Right associative; one operator fewer than terms.
        case chain([SyntaxNode], [LogicalOperator])
        case list([SyntaxNode])
        /// Stands for what was reported already.
        case missing
    }

    struct SumTerm: Sendable {
        var isSubtracted: Bool
        var operand: SyntaxNode
    }

    var kind: Kind
    var span: SourceSpan
    /// Where the operator of a comparison stands.
    var operatorSpan: SourceSpan?
}

/// A quoted value, quotes removed and nothing unescaped.
struct Literal: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case string, pattern, regularExpression
    }

    var kind: Kind
    var bytes: [UInt8]
}

/// Prefix operators.
enum UnaryOperator: String, Sendable {
    case not = "!"
    case minus = "-"
    case complement = "^"
}

/// Binary operators on bits.
enum BitOperator: String, Sendable {
    case and = "&"
    case or = "|"
    case xor = "^"
}

/// The two operators that share the lowest precedence.
enum LogicalOperator: String, Sendable {
    case and = "&&"
    case or = "||"
}

/// Everything that compares.
enum ComparisonOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case matches = "=~"
    case notMatches = "!~"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case memberOf = "in"
    case notMemberOf = "not in"
    case allMembersOf = "allin"

    /// Whether the result is that of the positive operator, turned round.
    var isNegative: Bool {
        switch self {
        case .notEqual, .notMatches, .notMemberOf: true
        default: false
        }
    }

    /// Whether its right side is a list.
    var takesList: Bool {
        switch self {
        case .memberOf, .notMemberOf, .allMembersOf: true
        default: false
        }
    }
}
