// Comparisons, arithmetic, brackets and values.

internal import Diagnostics

extension Parser {
    // MARK: - Comparisons

    mutating func parseComparison() throws(Failure) -> SyntaxNode {
        let left = try parseSum()
        let place = token
        if try rejectForeignOperator(after: left) {
            return SyntaxNode(kind: .missing, span: left.span)
        }
        guard let comparison = comparisonOperator() else { return left }
        let right: SyntaxNode
        if comparison.takesList {
            right = try parseListOperand(comparison)
        } else {
            right = try nested { (parser) throws(Failure) in try parser.parseComparison() }
        }
        return SyntaxNode(
            kind: .comparison(comparison, left, right),
            span: SourceSpan(start: left.span.start, end: right.span.end),
            operatorSpan: place.span
        )
    }

    /// Takes the operator of a comparison if one stands here.
    private mutating func comparisonOperator() -> ComparisonOperator? {
        var found: ComparisonOperator?
        switch token.kind {
        case .symbol(let symbol): found = Self.comparisons[symbol]
        case .identifier where isWord("in", token): found = .memberOf
        case .identifier where isWord("allin", token): found = .allMembersOf
        case .identifier where isWord("not", token) && isWord("in", next):
            advance()
            found = .notMemberOf
        default: break
        }
        if found != nil { advance() }
        return found
    }

    private static let comparisons: [Symbol: ComparisonOperator] = [
        .equal: .equal, .notEqual: .notEqual, .matches: .matches, .notMatches: .notMatches,
        .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
        .greaterOrEqual: .greaterOrEqual,
    ]

    /// What may follow `in`: a list, a name of one, an address.
    private mutating func parseListOperand(
        _ comparison: ComparisonOperator
    ) throws(Failure) -> SyntaxNode {
        switch token.kind {
        case .symbol(.openBracket): return try parseList()
        case .address, .variable, .fieldReference, .identifier: return try parsePrimary()
        case .string, .pattern, .regularExpression, .integer:
            let value = excerpt(token.span)
            fail("expected a list", at: token, suggestion: "write [ \(value) ]")
        case .symbol(.openParenthesis):
            fail("expected a list", at: token, suggestion: "lists are written in [ ]")
        default:
            fail(
                "expected a list after '\(comparison.rawValue)'",
                at: token,
                suggestion: token.kind == .symbol(.openBrace) ? "lists are written in [ ]" : nil
            )
        }
        throw Failure()
    }

    mutating func parseList() throws(Failure) -> SyntaxNode {
        let start = token.span.start
        advance()
        var members: [SyntaxNode] = []
        if token.kind == .symbol(.closeBracket) {
            fail("expected a value in the list", at: token)
            throw Failure()
        }
        while true {
            members.append(try parseMember())
            guard token.kind == .symbol(.comma) else { break }
            advance()
            // A comma before the bracket is what long lists on many lines end in.
            if token.kind == .symbol(.closeBracket) { break }
        }
        guard token.kind == .symbol(.closeBracket) else {
            fail("expected ',' or ']' in the list", at: token)
            throw Failure()
        }
        let span = SourceSpan(start: start, end: token.span.end)
        advance()
        return SyntaxNode(kind: .list(members), span: span)
    }

    private mutating func parseMember() throws(Failure) -> SyntaxNode {
        switch token.kind {
        case .string, .pattern, .regularExpression, .integer, .address, .identifier, .variable,
            .fieldReference:
            return try parsePrimary()
        default:
            fail("expected a value in the list", at: token)
            throw Failure()
        }
    }

    // MARK: - Arithmetic

    private mutating func parseSum() throws(Failure) -> SyntaxNode {
        let first = try parseBits()
        var terms: [SyntaxNode.SumTerm] = []
        while token.kind == .symbol(.plus) || token.kind == .symbol(.minus) {
            let isSubtracted = token.kind == .symbol(.minus)
            advance()
            terms.append(.init(isSubtracted: isSubtracted, operand: try parseBits()))
        }
        guard let last = terms.last else { return first }
        let span = SourceSpan(start: first.span.start, end: last.operand.span.end)
        return SyntaxNode(kind: .sum(first, terms), span: span)
    }

    private mutating func parseBits() throws(Failure) -> SyntaxNode {
        let first = try parseUnary()
        var operands = [first]
        var operators: [BitOperator] = []
        while let symbol = bitOperator {
            operators.append(symbol)
            advance()
            operands.append(try parseUnary())
        }
        guard operators.count > 0 else { return first }
        let span = SourceSpan(start: first.span.start, end: operands[operands.count - 1].span.end)
        return SyntaxNode(kind: .bits(operands, operators), span: span)
    }

    private var bitOperator: BitOperator? {
        switch token.kind {
        case .symbol(.bitAnd): .and
        case .symbol(.bitOr): .or
        case .symbol(.bitXor): .xor
        default: nil
        }
    }

    private mutating func parseUnary() throws(Failure) -> SyntaxNode {
        let found: UnaryOperator
        switch token.kind {
        case .symbol(.not): found = .not
        case .symbol(.minus): found = .minus
        case .symbol(.bitXor): found = .complement
        case .identifier where isWord("not", token): found = .not
        default: return try parsePrimary()
        }
        let start = token.span.start
        advance()
        let operand = try nested { (parser) throws(Failure) in try parser.parseUnary() }
        let span = SourceSpan(start: start, end: operand.span.end)
        return SyntaxNode(kind: .unary(found, operand), span: span)
    }

    // MARK: - Values

    private mutating func parsePrimary() throws(Failure) -> SyntaxNode {
        let place = token
        switch place.kind {
        case .identifier:
            if rejectForeignWord() { throw Failure() }
            return take(.name(text(place)))
        case .integer: return take(try integer(place))
        case .duration: return take(try duration(place))
        case .address: return take(try address(place))
        case .variable: return take(.variable(inner(place)))
        case .fieldReference: return take(.fieldReference(inner(place)))
        case .string: return take(.literal(literal(.string, place, prefix: 1)))
        case .pattern: return take(.literal(literal(.pattern, place, prefix: 2)))
        case .regularExpression:
            return take(.literal(literal(.regularExpression, place, prefix: 2)))
        case .symbol(.openParenthesis): return try parseParentheses()
        case .symbol(.openBracket):
            fail("expected a single value", at: place, suggestion: "compare with a list by 'in'")
        case .symbol(.tilde):
            fail("expected a field or a value", at: place, suggestion: "patterns are ~\"…\"")
        case .symbol(.divide):
            let advice = "regular expressions are r\"…\""
            fail("expected a field or a value", at: place, suggestion: advice)
        default: fail("expected a field or a value", at: place)
        }
        throw Failure()
    }

    private mutating func take(_ kind: SyntaxNode.Kind) -> SyntaxNode {
        let node = SyntaxNode(kind: kind, span: token.span)
        advance()
        return node
    }

    private mutating func parseParentheses() throws(Failure) -> SyntaxNode {
        let open = token
        advance()
        var node = try nested { (parser) throws(Failure) in parser.parseChain() }
        guard token.kind == .symbol(.closeParenthesis) else {
            fail("expected ')'", at: token)
            if diagnostics.last?.span == token.span {
                diagnostics[diagnostics.count - 1].notes = [.init("opened here", span: open.span)]
            }
            throw Failure()
        }
        node.span = SourceSpan(start: open.span.start, end: token.span.end)
        advance()
        return node
    }

    /// The name between the braces of `${name}`; "" of one that was reported.
    private func inner(_ token: Token) -> String {
        let content = bytes[token.span.start..<token.span.end].dropFirst(2)
        return String(decoding: content.prefix { $0 != UInt8(ascii: "}") }, as: UTF8.self)
    }

    private func literal(_ kind: Literal.Kind, _ token: Token, prefix: Int) -> Literal {
        let content = bytes[token.span.start..<token.span.end].dropFirst(prefix).dropLast()
        return Literal(kind: kind, bytes: Array(content))
    }

    private mutating func integer(_ token: Token) throws(Failure) -> SyntaxNode.Kind {
        if let value = Int64(text(token)) { return .integer(value) }
        // What is no number at all was reported by the lexer.
        if bytes[token.span.end - 1].isDigit,
            !diagnostics.contains(where: { $0.span == token.span })
        {
            report(.badNumber, "number out of range", token.span)
        }
        advance()
        throw Failure()
    }

    private mutating func duration(_ token: Token) throws(Failure) -> SyntaxNode.Kind {
        let spelling = text(token)
        let digits = spelling.prefix { $0.isNumber }
        let units: [Substring: Int64] = [
            "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
        ]
        let unit = units[spelling.dropFirst(digits.count)]
        guard let unit else {
            report(
                .badNumber,
                "unknown unit of time in '\(excerpt(token.span))'",
                token.span,
                suggestion: "durations end in ms, s, m or h"
            )
            throw Failure()
        }
        let result = Int64(digits)?.multipliedReportingOverflow(by: unit)
        guard let result, !result.overflow else {
            report(.badNumber, "duration out of range", token.span)
            throw Failure()
        }
        return .duration(result.partialValue)
    }

    private mutating func address(_ token: Token) throws(Failure) -> SyntaxNode.Kind {
        if let range = AddressRange(text(token)) { return .address(range) }
        report(.badAddress, "'\(excerpt(token.span))' is not an address or network", token.span)
        advance()
        throw Failure()
    }
}
