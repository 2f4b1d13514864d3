// Which parts of an expression decided its result, for people.

internal import Diagnostics

extension Evaluation {
    /// Evaluates like `isTrue` and collects the places of the comparisons the result follows from.
    func explain(_ node: BooleanNode, into parts: inout [SourceSpan]) -> Bool {
        switch node {
        case .not(let operand): return !explain(operand, into: &parts)
        case .chain(let chain): return explain(chain, into: &parts)
        default:
            parts += node.spans
            return isTrue(node)
        }
    }

    private func explain(_ chain: LogicalChain, into parts: inout [SourceSpan]) -> Bool {
        var undecided: [(isOr: Bool, parts: [SourceSpan])] = []
        var result = false
        var deciding: [SourceSpan] = []
        for index in chain.terms.indices {
            deciding = []
            result = explain(chain.terms[index], into: &deciding)
            guard index < chain.operators.count else { break }
            let isOr = chain.operators[index] == .or
            if result == isOr { break }
            undecided.append((isOr, deciding))
        }
        // What stood left and did not decide is a reason too for an `&&` that became true and an
        // `||` that became false.
        for term in undecided where term.isOr != result { parts += term.parts }
        parts += deciding
        return result
    }
}

extension BooleanNode {
    /// The places of all comparisons below.
    var spans: [SourceSpan] {
        switch self {
        case .constant, .operand: []
        case .not(let operand): operand.spans
        case .chain(let chain): chain.terms.flatMap(\.spans)
        case .strings(let test): [test.span]
        case .stringPair(let test): [test.span]
        case .integers(let test): [test.span]
        case .booleans(let test): [test.span]
        }
    }
}
