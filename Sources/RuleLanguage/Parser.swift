// From tokens to a tree. Owns precedence and what is expected where; must not know fields or types.
//
// Loosest first:  && || and or   (one level, to the right)
//                 == != =~ !~ < <= > >= in, not in, allin   (one level, to the right)
//                 + -   (to the left)
//                 & | ^   (one level, to the right)
//                 ! not - ^   (prefix)
// Chains are read in loops; only brackets, prefixes and comparisons of comparisons recurse, and
// their depth is limited.

internal import Diagnostics

/// Parses one expression or macro; goes on after a mistake at the next `&&` or `||`.
struct Parser {
    /// How deep brackets, prefixes and comparisons of comparisons may nest.
    static let maximumDepth = 100
    /// The longest text that is looked at.
    static let maximumLength = 1 << 20
    /// How many mistakes of one kind of check are reported; nobody reads more.
    static let maximumDiagnostics = 100

    let bytes: [UInt8]
    let tokens: [Token]
    var diagnostics: [Diagnostic]
    var index = 0
    var depth = 0
    /// Whether nesting was too deep: reported once, nothing more is read.
    private var hasGivenUp = false

    /// What is wrong here has been reported.
    struct Failure: Error {}

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.count <= Self.maximumLength else {
            let span = SourceSpan(start: bytes.count, end: bytes.count)
            tokens = [Token(kind: .end, span: span)]
            diagnostics = [
                Diagnostic(
                    .error,
                    code: .tooComplex,
                    message: "expression longer than \(Self.maximumLength) bytes",
                    span: SourceSpan(start: 0, end: 1)
                )
            ]
            hasGivenUp = true
            return
        }
        let lexer = Lexer(bytes)
        tokens = lexer.tokens
        diagnostics = lexer.diagnostics
    }

    /// Reads a whole rule expression.
    mutating func parseRule() -> SyntaxNode {
        let node = parseChain()
        finish()
        return node
    }

    /// Reads what a macro may be: an expression, a list or a value.
    mutating func parseMacro() -> SyntaxNode {
        guard token.kind == .symbol(.openBracket) else { return parseRule() }
        let node = (try? parseList()) ?? missing
        finish()
        return node
    }

    private mutating func finish() {
        guard token.kind != .end, diagnostics.isEmpty else { return }
        fail("expected '&&', '||' or the end", at: token)
    }

    // MARK: - Tokens

    var token: Token { tokens[index] }

    var next: Token { tokens[min(index + 1, tokens.count - 1)] }

    var missing: SyntaxNode { SyntaxNode(kind: .missing, span: token.span) }

    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    func text(_ token: Token) -> String {
        String(decoding: bytes[token.span.start..<token.span.end], as: UTF8.self)
    }

    /// A text short enough for a message.
    static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(60), as: UTF8.self)
        return bytes.count > 60 ? text + "…" : text
    }

    func excerpt(_ span: SourceSpan) -> String { Self.excerpt(bytes[span.start..<span.end]) }

    /// Whether the token is this word, which is not reserved.
    func isWord(_ word: String, _ token: Token) -> Bool {
        token.kind == .identifier && text(token) == word
    }

    /// Reports with the token in the message.
    mutating func fail(_ message: String, at token: Token, suggestion: String? = nil) {
        let found = token.kind == .end ? "the end" : "'\(excerpt(token.span))'"
        report(.syntax, "\(message), found \(found)", token.span, suggestion: suggestion)
    }

    mutating func report(
        _ code: Diagnostic.Code,
        _ message: String,
        _ span: SourceSpan,
        suggestion: String? = nil
    ) {
        guard !hasGivenUp, diagnostics.count < 2 * Self.maximumDiagnostics else { return }
        diagnostics.append(
            Diagnostic(.error, code: code, message: message, span: span, suggestion: suggestion)
        )
    }

    /// Runs `body` one level deeper.
    mutating func nested<T>(
        _ body: (inout Parser) throws(Failure) -> T
    ) throws(Failure) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            report(.tooComplex, "nested deeper than \(Self.maximumDepth) levels", token.span)
            hasGivenUp = true
            index = tokens.count - 1
            throw Failure()
        }
        return try body(&self)
    }

    // MARK: - && and ||

    /// Reads terms up to a closing bracket or the end; never fails.
    mutating func parseChain() -> SyntaxNode {
        let start = token.span.start
        var terms = [parseTerm()]
        var operators: [LogicalOperator] = []
        var mixed: SourceSpan?
        while let symbol = logicalOperator {
            if let first = operators.first, first != symbol { mixed = mixed ?? token.span }
            operators.append(symbol)
            rejectCapitals()
            advance()
            terms.append(parseTerm())
        }
        if let mixed { warnMixed(mixed) }
        guard terms.count > 1 else { return terms[0] }
        let span = SourceSpan(start: start, end: terms[terms.count - 1].span.end)
        return SyntaxNode(kind: .chain(terms, operators), span: span)
    }

    private mutating func warnMixed(_ span: SourceSpan) {
        diagnostics.append(
            Diagnostic(
                .warning,
                code: .mixedLogic,
                message: "'&&' and '||' have the same precedence and bind to the right: "
                    + "'a && b || c' is 'a && (b || c)'",
                span: span,
                suggestion: "write the parentheses"
            )
        )
    }

    private var logicalOperator: LogicalOperator? {
        switch token.kind {
        case .symbol(.and): .and
        case .symbol(.or): .or
        case .identifier where text(token).lowercased() == "and": .and
        case .identifier where text(token).lowercased() == "or": .or
        default: nil
        }
    }

    private mutating func rejectCapitals() {
        guard token.kind == .identifier else { return }
        let word = text(token)
        guard word != word.lowercased() else { return }
        report(
            .unknownOperator,
            "unknown operator '\(word)'",
            token.span,
            suggestion: "write '\(word.lowercased())'"
        )
    }

    /// Reads one term; after a mistake skips to the next `&&`, `||` or closing bracket.
    private mutating func parseTerm() -> SyntaxNode {
        do throws(Failure) {
            let node = try parseComparison()
            if logicalOperator != nil || token.kind == .end
                || token.kind == .symbol(.closeParenthesis) && depth > 0
            {
                return node
            }
            try failAfterTerm(node)
        } catch {
            skipTerm()
        }
        return missing
    }

    private mutating func skipTerm() {
        var brackets = 0
        while token.kind != .end {
            switch token.kind {
            case .symbol(.openParenthesis), .symbol(.openBracket): brackets += 1
            case .symbol(.closeParenthesis), .symbol(.closeBracket):
                if brackets == 0, token.kind == .symbol(.closeParenthesis), depth > 0 { return }
                brackets = max(0, brackets - 1)
            default: if brackets == 0, logicalOperator != nil { return }
            }
            advance()
        }
    }
}
