// An expression whose value is wanted, not its truth: what an action sets a variable to.
// Immutable; any thread. Evaluating allocates: it happens after a match, not before.

internal import Diagnostics

/// A compiled expression of any type.
package final class CompiledValue: Sendable {
    enum Content: Sendable {
        case boolean(BooleanOperand)
        case integer(IntegerNode)
        case integers(IntegerOperand)
        case string(StringOperand)
        case strings(StringOperand)
        case constant(VariableValue)
    }

    private let content: Content
    /// The fields evaluation may ask for.
    package let fields: Set<Field>
    /// The `${variables}` evaluation may ask for.
    package let variables: Set<String>

    init(_ content: Content, _ checker: Checker) {
        self.content = content
        fields = checker.fields
        variables = checker.variables
    }

    /// A value that is the same for every event.
    package init(_ constant: VariableValue) {
        content = .constant(constant)
        fields = []
        variables = []
    }

    /// The type of the value.
    package var type: VariableType {
        switch content {
        case .boolean, .constant(.boolean): .boolean
        case .integer, .constant(.integer): .integer
        case .integers, .constant(.integers): .integers
        case .string, .constant(.string): .string
        case .strings, .constant(.strings): .strings
        }
    }

    /// The value for an event.
    package func evaluate(_ source: any EventSource) -> VariableValue {
        let evaluation = Evaluation(source: source)
        switch content {
        case .constant(let value): return value
        case .boolean(let operand): return .boolean(evaluation.anyBoolean(operand) { $0 })
        case .integer(let node):
            return .integer(evaluation.values(of: .value(node)).first ?? 0)
        case .integers(let operand): return .integers(evaluation.values(of: operand))
        case .string(let operand): return .string(evaluation.strings(of: operand).first ?? [])
        case .strings(let operand): return .strings(evaluation.strings(of: operand))
        }
    }
}

extension Evaluation {
    /// All values of an operand, a path only by its own name.
    fileprivate func strings(of operand: StringOperand) -> [ByteString] {
        if case .field(let reference) = operand { return values(of: reference) }
        var result: [ByteString] = []
        _ = anyString(operand) { value in
            result.append(value)
            return false
        }
        return result
    }
}

extension Checker {
    /// What is needed to evaluate an operand; nil if it has no value of its own.
    mutating func content(of operand: Operand, _ span: SourceSpan) -> CompiledValue.Content? {
        switch operand {
        case .boolean(let value): return .boolean(value)
        case .integer(.value(let node), _): return .integer(node)
        case .integer(let list, _): return .integers(list)
        case .string(let value, let traits): return traits.isList ? .strings(value) : .string(value)
        case .literal(let literal) where literal.kind == .string:
            if let parts = template(literal, span) { return .string(.template(parts)) }
            return .constant(.string(literal.bytes[...]))
        case .literals(let literals) where literals.allSatisfy { $0.kind == .string }:
            return .constant(.strings(literals.map { $0.bytes[...] }))
        case .integers(let values): return .constant(.integers(values))
        default:
            mismatch("\(operand.typeName) is not a value a variable can have", span)
            return nil
        }
    }
}
