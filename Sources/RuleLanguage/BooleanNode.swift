// The compiled form of an expression: what is evaluated for every exec. Immutable and shared between
// threads; evaluating allocates nothing except for strings with `${}` or `%{}` in them.

internal import Diagnostics

/// Which elements of an iterated subject a field reference reads.
enum ElementSelector: Sendable, Hashable {
    /// The subject is not iterated.
    case only
    /// All of them: a comparison holds if it holds for one.
    case any
    /// The element the whole expression is being evaluated for.
    case register
    /// One by its number; none gives the empty value.
    case element(Int)
}

/// One use of a field.
struct FieldReference: Sendable, Hashable {
    let field: Field
    let type: ValueType
    let selector: ElementSelector
    /// Which member of a list value; none gives the empty value.
    let index: Int?
    let hasAlternatives: Bool
}

/// What is true or false.
indirect enum BooleanNode: Sendable {
    case constant(Bool)
    /// Whether a boolean field or variable is true; of several elements, any.
    case operand(BooleanOperand)
    case not(BooleanNode)
    case chain(LogicalChain)
    case strings(StringTest)
    case stringPair(StringPairTest)
    case integers(IntegerTest)
    case booleans(BooleanTest)
}

/// Where a boolean comes from.
enum BooleanOperand: Sendable {
    case field(FieldReference)
    case variable(String)
    case node(BooleanNode)
}

/// Terms joined by `&&` and `||`, to the right: `a && b || c` is `a && (b || c)`.
final class LogicalChain: Sendable {
    let terms: [BooleanNode]
    let operators: [LogicalOperator]

    init(_ terms: [BooleanNode], _ operators: [LogicalOperator]) {
        self.terms = terms
        self.operators = operators
    }
}

/// A string value against a prepared matcher.
final class StringTest: Sendable {
    let operand: StringOperand
    let matcher: StringMatcher
    let isNegated: Bool
    let span: SourceSpan

    init(_ operand: StringOperand, _ matcher: StringMatcher, isNegated: Bool, span: SourceSpan) {
        self.operand = operand
        self.matcher = matcher
        self.isNegated = isNegated
        self.span = span
    }
}

/// Equality of two string values that are only known at run time.
final class StringPairTest: Sendable {
    let left: StringOperand
    let right: StringOperand
    let isNegated: Bool
    let span: SourceSpan

    init(_ left: StringOperand, _ right: StringOperand, isNegated: Bool, span: SourceSpan) {
        self.left = left
        self.right = right
        self.isNegated = isNegated
        self.span = span
    }
}

/// Where a string comes from; a list counts as any of its members.
enum StringOperand: Sendable {
    case field(FieldReference)
    case variable(String)
    case template([TemplatePart])
}

/// A piece of a string with `${}` or `%{}` in it.
enum TemplatePart: Sendable {
    case text([UInt8])
    case string(FieldReference)
    case integers(IntegerOperand)
    case variable(String)
}

/// A comparison of integers.
final class IntegerTest: Sendable {
    /// The positive relations; `!=` is equality, negated.
    enum Relation: Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual

        func holds(_ left: Int64, _ right: Int64) -> Bool {
            switch self {
            case .equal: left == right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    let left: IntegerOperand
    let relation: Relation
    let right: IntegerOperand
    let isNegated: Bool
    /// Whether the left side is a time whose age is compared.
    let isAge: Bool
    let span: SourceSpan

    init(
        _ left: IntegerOperand,
        _ relation: Relation,
        _ right: IntegerOperand,
        isNegated: Bool,
        isAge: Bool,
        span: SourceSpan
    ) {
        self.left = left
        self.relation = relation
        self.right = right
        self.isNegated = isNegated
        self.isAge = isAge
        self.span = span
    }
}

/// Where integers come from; several count as any of them.
enum IntegerOperand: Sendable {
    case value(IntegerNode)
    /// One value for each element of the iterated subject.
    case elements(IntegerNode)
    case constants([Int64])
    case variable(String)
}

/// How one integer is computed.
indirect enum IntegerNode: Sendable {
    case constant(Int64)
    case field(FieldReference)
    /// Bytes of a string, or members of a list.
    case length(FieldReference)
    /// Elements of an iterated subject.
    case count(Subject)
    case variable(String)
    case variableLength(String)
    case negated(IntegerNode)
    case complement(IntegerNode)
    case sum(IntegerNode, [(isSubtracted: Bool, operand: IntegerNode)])
    case bits([IntegerNode], [BitOperator])
}

/// Equality of booleans.
final class BooleanTest: Sendable {
    let left: BooleanOperand
    let right: BooleanOperand
    let isNegated: Bool
    let span: SourceSpan

    init(_ left: BooleanOperand, _ right: BooleanOperand, isNegated: Bool, span: SourceSpan) {
        self.left = left
        self.right = right
        self.isNegated = isNegated
        self.span = span
    }
}
