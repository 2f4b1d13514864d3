// From the tree to the compiled form: names are resolved, types are checked, literals prepared.
// Goes on after a mistake, so that all of them are reported at once; must not evaluate.

internal import Diagnostics

/// Checks one expression; nil stands for what was reported.
struct Checker {
    /// How deep the tree may nest once macros are written out.
    static let maximumDepth = 250
    /// How many nodes there may be once macros are written out.
    static let maximumNodes = 200_000

    let vocabulary: Vocabulary
    var diagnostics: [Diagnostic] = []
    var fields: Set<Field> = []
    var eventTypes: Set<EventType> = []
    /// The `${variables}` that are read.
    var variables: Set<String> = []
    /// Event types of fields that cannot be had, with the first place of each.
    var unsupported: [(name: String, span: SourceSpan)] = []
    /// The register of the expression.
    var register: String?
    /// The macros being written out, outermost first.
    var macros: [String] = []
    /// Where the outermost macro is used: the place of everything inside.
    var macroSpan: SourceSpan?
    private var depth = 0
    private var nodes = 0
    private var isTooComplex = false

    init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// The names an expression can use besides fields and constants.
    struct Vocabulary: Sendable {
        var macros: [String: ParsedMacro] = [:]
        var variables: [String: VariableType] = [:]
        /// Plain names that read a variable.
        var names: [String: VariableType] = [:]
    }

    // MARK: - Reports

    func place(_ span: SourceSpan) -> SourceSpan { macroSpan ?? span }

    mutating func report(
        _ code: Diagnostic.Code,
        _ message: String,
        _ span: SourceSpan,
        severity: Diagnostic.Severity = .error,
        suggestion: String? = nil
    ) {
        guard diagnostics.count < Parser.maximumDiagnostics else { return }
        let notes = macros.map { Diagnostic.Note("in macro '\($0)'") }
        let diagnostic = Diagnostic(
            severity,
            code: code,
            message: message,
            span: place(span),
            notes: notes,
            suggestion: suggestion
        )
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    /// Reports a type that does not fit, with what would.
    mutating func mismatch(
        _ message: String,
        _ span: SourceSpan,
        suggestion: String? = nil
    ) {
        report(.typeMismatch, message, span, suggestion: suggestion)
    }

    // MARK: - The tree

    /// Checks a node that must be true or false.
    mutating func condition(_ node: SyntaxNode) -> BooleanNode? {
        guard let operand = operand(node) else { return nil }
        guard case .boolean(let value) = operand else {
            var suggestion = "compare it with something"
            if case .integer = operand { suggestion = "write '… > 0' or '… != 0'" }
            mismatch(
                "expected a condition, found \(operand.typeName)",
                node.span,
                suggestion: suggestion
            )
            return nil
        }
        return Self.node(of: value)
    }

    static func node(of operand: BooleanOperand) -> BooleanNode {
        if case .node(let node) = operand { return node }
        return .operand(operand)
    }

    /// Checks any node.
    mutating func operand(_ node: SyntaxNode) -> Operand? {
        nodes += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth, nodes <= Self.maximumNodes else {
            if !isTooComplex {
                report(.tooComplex, "too large once its macros are written out", node.span)
            }
            isTooComplex = true
            return nil
        }
        switch node.kind {
        case .missing: return nil
        case .name(let name): return resolve(name, node.span)
        case .fieldReference(let name): return field(name, node.span)
        case .variable(let name): return variable(name, node.span)
        case .integer(let value): return .integer(.value(.constant(value)), .init())
        case .duration(let value):
            return .integer(.value(.constant(value)), .init(isDuration: true))
        case .literal(let literal): return .literal(literal)
        case .address(let address): return .address(address)
        case .list(let members): return list(members, node.span)
        case .unary(let symbol, let operand): return unary(symbol, operand, node.span)
        case .sum(let first, let terms): return sum(first, terms)
        case .bits(let operands, let operators): return bits(operands, operators)
        case .chain(let terms, let operators): return chain(terms, operators)
        case .comparison(let comparison, let left, let right):
            return compare(comparison, left, right, node).map { .boolean(.node($0)) }
        }
    }

    private mutating func chain(
        _ terms: [SyntaxNode],
        _ operators: [LogicalOperator]
    ) -> Operand? {
        var checked: [BooleanNode] = []
        for term in terms {
            if let node = condition(term) { checked.append(node) }
            if isTooComplex { return nil }
        }
        guard checked.count == terms.count else { return nil }
        return .boolean(.node(.chain(LogicalChain(checked, operators))))
    }

    private mutating func unary(
        _ symbol: UnaryOperator,
        _ node: SyntaxNode,
        _ span: SourceSpan
    ) -> Operand? {
        guard let value = operand(node) else { return nil }
        switch (symbol, value) {
        case (.not, .boolean(let operand)): return .boolean(.node(.not(Self.node(of: operand))))
        case (.minus, .integer(.value(let operand), let traits)):
            return .integer(.value(fold(.negated(operand))), traits)
        case (.complement, .integer(.value(let operand), _)):
            return .integer(.value(fold(.complement(operand))), .init(isComputed: true))
        case (.not, _):
            mismatch(
                "'!' and 'not' take a condition, found \(value.typeName)",
                span,
                suggestion: "they bind tighter than a comparison: write '!(…)' or 'not in'"
            )
        default: mismatch("'\(symbol.rawValue)' takes a number, found \(value.typeName)", span)
        }
        return nil
    }

    // MARK: - Arithmetic

    private func fold(_ node: IntegerNode) -> IntegerNode {
        switch node {
        case .negated(.constant(let value)): .constant(0 &- value)
        case .complement(.constant(let value)): .constant(~value)
        default: node
        }
    }

    /// Checks an operand of arithmetic; lists cannot be computed with.
    private mutating func number(_ node: SyntaxNode, for symbol: String) -> IntegerNode? {
        guard let value = operand(node) else { return nil }
        switch value {
        case .integer(.value(let number), _): return number
        case .integer(.elements, _):
            mismatch(
                "'\(symbol)' takes one number, found a list of numbers",
                node.span,
                suggestion: "use a register: process.ancestors[A]"
            )
        default:
            let logical = ["&": "&&", "|": "||"][symbol]
            mismatch(
                "'\(symbol)' takes numbers, found \(value.typeName)",
                node.span,
                suggestion: logical.map { "conditions are joined by '\($0)'" }
            )
        }
        return nil
    }

    private mutating func sum(_ first: SyntaxNode, _ terms: [SyntaxNode.SumTerm]) -> Operand? {
        let start = number(first, for: terms[0].isSubtracted ? "-" : "+")
        var checked: [(isSubtracted: Bool, operand: IntegerNode)] = []
        var constant: Int64? = 0
        for term in terms {
            guard let value = number(term.operand, for: term.isSubtracted ? "-" : "+") else {
                continue
            }
            checked.append((term.isSubtracted, value))
            if case .constant(let next) = value {
                constant = constant.map { term.isSubtracted ? $0 &- next : $0 &+ next }
            } else {
                constant = nil
            }
        }
        guard let start, checked.count == terms.count else { return nil }
        if case .constant(let value) = start, let constant {
            return .integer(.value(.constant(value &+ constant)), .init(isComputed: true))
        }
        return .integer(.value(.sum(start, checked)), .init(isComputed: true))
    }

    private mutating func bits(_ nodes: [SyntaxNode], _ operators: [BitOperator]) -> Operand? {
        var checked: [IntegerNode] = []
        for (index, node) in nodes.enumerated() {
            let symbol = operators[min(index, operators.count - 1)].rawValue
            if let value = number(node, for: symbol) { checked.append(value) }
        }
        guard checked.count == nodes.count else { return nil }
        let constants = checked.compactMap { node -> Int64? in
            if case .constant(let value) = node { value } else { nil }
        }
        guard constants.count == checked.count else {
            return .integer(.value(.bits(checked, operators)), .init(isComputed: true))
        }
        var result = constants[constants.count - 1]
        for index in operators.indices.reversed() {
            switch operators[index] {
            case .and: result = constants[index] & result
            case .or: result = constants[index] | result
            case .xor: result = constants[index] ^ result
            }
        }
        return .integer(.value(.constant(result)), .init(isComputed: true))
    }

    // MARK: - Lists

    private mutating func list(_ members: [SyntaxNode], _ span: SourceSpan) -> Operand? {
        var literals: [Literal] = []
        var integers: [Int64] = []
        var addresses: [AddressRange] = []
        var isComplete = true
        for member in members {
            guard let value = operand(member) else {
                isComplete = false
                continue
            }
            switch value {
            case .literal(let literal): literals.append(literal)
            case .integer(.value(.constant(let number)), _): integers.append(number)
            case .address(let address): addresses.append(address)
            default:
                report(
                    .mixedList,
                    "a list holds strings, numbers or addresses, found \(value.typeName)",
                    member.span
                )
                isComplete = false
            }
        }
        guard isComplete else { return nil }
        switch (literals.isEmpty, integers.isEmpty, addresses.isEmpty) {
        case (false, true, true): return .literals(literals)
        case (true, false, true): return .integers(integers)
        case (true, true, false): return .addresses(addresses)
        case (true, true, true): return .literals([])
        default:
            report(.mixedList, "can't mix constants types in arrays", span)
            return nil
        }
    }
}
