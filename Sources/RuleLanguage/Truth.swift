// Whether an expression depends on the event at all: rules that match everything or nothing are
// mistakes, and a blocking one would be a disaster. Never claims more than it can prove.

package import Diagnostics

/// What can be said about an expression before any event.
package enum Truth: Sendable, Equatable {
    /// True for every event there is.
    case always
    /// True for no event.
    case never
    /// It depends on the event.
    case depends

    var inverse: Truth {
        switch self {
        case .always: .never
        case .never: .always
        case .depends: .depends
        }
    }
}

/// What is taken for granted about events.
enum World {
    /// Nothing.
    case any
    /// That a program has a name and a path. Programs in memory have none, so this may show that a
    /// rule matches nearly everything, but not that it matches nothing.
    case named
}

extension CompiledExpression {
    /// The diagnostic for an expression that no rule should have; nil if it depends on the event.
    ///
    /// `span` is where the expression stands.
    package func truthProblem(at span: SourceSpan) -> Diagnostic? {
        switch truth {
        case .depends: nil
        case .always:
            Diagnostic(
                .error,
                code: .alwaysTrue,
                message: "the expression matches every event",
                span: span,
                suggestion: "say what is special about the program"
            )
        case .never:
            Diagnostic(
                .error,
                code: .neverTrue,
                message: "the expression can never match",
                span: span
            )
        }
    }
}

extension BooleanNode {
    /// What can be said about the node.
    var truth: Truth {
        truth(in: .named) == .always ? .always : truth(in: .any)
    }

    fileprivate func truth(in world: World) -> Truth {
        switch self {
        case .constant(let value): value ? .always : .never
        case .operand(.node(let node)): node.truth(in: world)
        case .operand, .stringPair, .booleans: .depends
        case .not(let node): node.truth(in: world).inverse
        case .chain(let chain): chain.truth(in: world)
        case .strings(let test): test.truth(in: world)
        case .integers(let test):
            Contradictions.exist(in: [(self, false)])
                ? .never : Contradictions.exist(in: [(.integers(test), true)]) ? .always : .depends
        }
    }

    /// Warnings for comparisons with a value that the field can never have, inside an expression
    /// that depends on the event.
    var impossibleParts: [Diagnostic] {
        guard truth == .depends else { return [] }
        return impossibleTests.map { test in
            Diagnostic(
                .warning,
                code: .neverTrue,
                message: test.isNegated
                    ? "this comparison always holds" : "this comparison can never hold",
                span: test.span,
                suggestion: test.remedy
            )
        }
    }

    private var impossibleTests: [StringTest] {
        switch self {
        case .not(let node), .operand(.node(let node)): node.impossibleTests
        case .chain(let chain): chain.terms.flatMap(\.impossibleTests)
        case .strings(let test): test.hasImpossibleValue ? [test] : []
        default: []
        }
    }
}

extension LogicalChain {
    /// Runs of one operator are looked at together, from the last to the first.
    fileprivate func truth(in world: World) -> Truth {
        var rest = terms[terms.count - 1].truth(in: world)
        var end = operators.count
        while end > 0 {
            let symbol = operators[end - 1]
            var start = end - 1
            while start > 0, operators[start - 1] == symbol { start -= 1 }
            let isLastRun = end == operators.count
            let run = terms[start..<(isLastRun ? end + 1 : end)]
            rest = Self.combine(symbol, run, rest, in: world)
            end = start
        }
        return rest
    }

    private static func combine(
        _ symbol: LogicalOperator,
        _ run: ArraySlice<BooleanNode>,
        _ rest: Truth,
        in world: World
    ) -> Truth {
        let deciding: Truth = symbol == .and ? .never : .always
        let truths = run.map { $0.truth(in: world) } + [rest]
        if truths.contains(deciding) { return deciding }
        if truths.allSatisfy({ $0 == deciding.inverse }) { return deciding.inverse }
        // `a || b` is always true exactly if `!a && !b` is a contradiction.
        let facts = run.map { ($0, symbol == .or) }
        return Contradictions.exist(in: facts) ? deciding : .depends
    }
}

extension StringTest {
    fileprivate func truth(in world: World) -> Truth {
        let truth = matcherTruth(in: world)
        return isNegated ? truth.inverse : truth
    }

    /// Whether the operand can match, leaving negation aside.
    private func matcherTruth(in world: World) -> Truth {
        guard case .field(let reference) = operand else { return .depends }
        let parts = matcher.alternatives.map { part in
            Self.truth(reference, part, in: world)
        }
        let isSingle =
            reference.selector != .any
            && (reference.type == .string || reference.index != nil)
        if parts.contains(.always), isSingle { return .always }
        return parts.allSatisfy { $0 == .never } ? .never : .depends
    }

    private static func truth(
        _ reference: FieldReference,
        _ matcher: StringMatcher,
        in world: World
    ) -> Truth {
        let isOfProgram = reference.field.subject == .process && world == .named
        switch matcher {
        case .exact(let value):
            if value.isEmpty {
                let isName = [.fileName, .filePath, .comm].contains(reference.field.attribute)
                return isName && isOfProgram ? .never : .depends
            }
            return canBe(reference, [value], value.count) ? .depends : .never
        case .pattern(let pattern):
            if pattern.matchesEverything { return .always }
            let length = pattern.literals.reduce(0) { $0 + $1.count }
            return canBe(reference, pattern.literals, length) ? .depends : .never
        case .glob(let pattern):
            if pattern.matchesEveryPath {
                return reference.field.attribute == .filePath && isOfProgram ? .always : .depends
            }
            return pattern.canMatchPath ? .depends : .never
        case .regularExpression(let expression):
            return probes.allSatisfy { expression.matches(ByteString($0.utf8)) }
                ? .always : .depends
        case .anyOf: return .depends
        }
    }

    /// Whether a value of the field can contain these pieces and be this long.
    private static func canBe(
        _ reference: FieldReference,
        _ pieces: [[UInt8]],
        _ length: Int
    ) -> Bool {
        switch reference.field.attribute {
        case .comm: length <= 15
        case .fileName, .interpreterName: !pieces.contains { $0.contains(UInt8(ascii: "/")) }
        default: true
        }
    }

    /// Unlike each other: what matches all of them matches anything.
    private static let probes = ["", "a", "/", "Z~ 9", "\u{1}\n", "-x=1:\\", "\u{7F}é\t"]

    /// Whether the field can never have the value; "" does not count, since comparing with it is how
    /// a rule is tied to an event.
    fileprivate var hasImpossibleValue: Bool {
        if case .exact(let value) = matcher, value.isEmpty { return false }
        return matcherTruth(in: .any) == .never
    }

    fileprivate var remedy: String? {
        guard case .field(let reference) = operand else { return nil }
        switch reference.field.attribute {
        case .comm: return "comm is cut to 15 bytes"
        case .fileName, .interpreterName: return "a name has no '/': compare with the path"
        case .filePath, .interpreterPath: return "every path starts with '/'"
        default: return nil
        }
    }
}
