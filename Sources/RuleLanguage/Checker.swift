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
    private(set) var nodes = 0
    private let nodeLimit: Int
    private var isTooComplex = false

    let budget: CompilationBudget

    init(_ vocabulary: Vocabulary, _ budget: CompilationBudget) {
        self.vocabulary = vocabulary
        self.budget = budget
        nodeLimit = min(Self.maximumNodes, budget.remainingParts)
    }

    /// The names an expression can use besides fields and constants.
    struct Vocabulary: Sendable {
        var macros: [String: ParsedMacro] = [:]
        /// How large each macro becomes, so far as that is known beforehand.
        var macroSizes: [String: Int] = [:]
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
        guard depth <= Self.maximumDepth, nodes <= nodeLimit else {
            giveUp(node.span)
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

    /// Whether a macro of that many parts still fits in; reports if not.
    mutating func hasRoom(for size: Int, _ span: SourceSpan) -> Bool {
        guard nodes + size > nodeLimit else { return true }
        giveUp(span)
        return false
    }

    /// Counts what an index keeps of one node, which may be many literals.
    mutating func count(literals: Int) { nodes += literals }

    private mutating func giveUp(_ span: SourceSpan) {
        guard !isTooComplex else { return }
        isTooComplex = true
        let isAlone = nodeLimit == Self.maximumNodes
        report(
            .tooComplex,
            isAlone
                ? "too large once its macros are written out"
                : "the rules together are too large once their macros are written out",
            span
        )
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
}
