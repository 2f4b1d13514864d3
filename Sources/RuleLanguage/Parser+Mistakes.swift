// Words and symbols of other languages, each with ours as the suggestion.

internal import Diagnostics

extension Parser {
    /// Reports an operator of another language after an operand, with what to write instead.
    ///
    /// - Returns: whether there was one; it and its operand are then taken.
    mutating func rejectForeignOperator(after left: SyntaxNode) throws(Failure) -> Bool {
        let place = token
        let spelling = text(place)
        let advice: String
        switch place.kind {
        case .symbol(let symbol):
            guard let known = Self.foreignSymbols[symbol] else { return false }
            advice = known
        case .identifier:
            guard let known = foreignWord(spelling, left) else { return false }
            advice = known
        default: return false
        }
        report(
            .unknownOperator,
            "unknown operator '\(excerpt(place.span))'",
            place.span,
            suggestion: advice
        )
        advance()
        if token.kind == .symbol(.openBracket) {
            _ = try parseList()
        } else if token.kind != .end {
            _ = try nested { (parser) throws(Failure) in try parser.parseComparison() }
        }
        return true
    }

    private static let foreignSymbols: [Symbol: String] = [
        .identical: "write '=='", .notIdentical: "write '!='", .assign: "write '=='",
        .angles: "write '!='", .tildeEqual: "write '=~'", .tilde: "write '=~'",
        .arrow: "write '>='", .reversedLessOrEqual: "write '<='",
        .times: "the operators on numbers are + - & | ^",
        .divide: "the operators on numbers are + - & | ^",
        .remainder: "the operators on numbers are + - & | ^",
        .question: "write the two cases with '&&' and '||'",
    ]

    /// What to write instead of a word that stands where an operator is expected.
    private func foreignWord(_ word: String, _ left: SyntaxNode) -> String? {
        let subject = excerpt(left.span)
        var value = "…"
        if next.kind == .string {
            value = Self.excerpt(
                bytes[next.span.start + 1..<max(next.span.start + 1, next.span.end - 1)]
            )
        }
        switch word.lowercased() {
        case "contains", "icontains": return "write '\(subject) =~ \"*\(value)*\"'"
        case "startswith", "starts_with", "hasprefix": return "write '\(subject) =~ \"\(value)*\"'"
        case "endswith", "ends_with", "hassuffix": return "write '\(subject) =~ \"*\(value)\"'"
        case "matches", "like", "regex", "match", "regexp":
            return "write '=~ \"…*\"' for a wildcard or '== r\"…\"' for a regular expression"
        case "glob": return "write '=~'"
        case "eq", "is", "equals": return "write '=='"
        case "ne": return "write '!='"
        case "gt": return "write '>'"
        case "ge": return "write '>='"
        case "lt": return "write '<'"
        case "le": return "write '<='"
        case "notin", "nin": return "write 'not in'"
        case "in", "allin", "not":
            return word == word.lowercased() ? nil : "write '\(word.lowercased())'"
        default: return nil
        }
    }

    /// Reports an operator word that stands where a value is expected.
    mutating func rejectForeignWord() -> Bool {
        let word = text(token)
        let lowered = word.lowercased()
        guard ["in", "allin", "and", "or", "not"].contains(lowered) else { return false }
        if lowered == "not", word != lowered {
            report(
                .unknownOperator,
                "unknown operator '\(word)'",
                token.span,
                suggestion: "write 'not'"
            )
        } else {
            fail("expected a field or a value", at: token)
        }
        return true
    }

    /// Reports what stands between a complete term and the next operator.
    mutating func failAfterTerm(_ node: SyntaxNode) throws(Failure) {
        let place = token
        switch place.kind {
        case .integer where "+-".contains(text(place).prefix(1)):
            let sign = text(place).prefix(1)
            let suggestion = "put a space after '\(sign)'"
            fail("expected an operator", at: place, suggestion: suggestion)
        case .symbol(.closeParenthesis):
            fail("expected '&&', '||' or the end", at: place, suggestion: "nothing is open here")
            advance()
        case .symbol(.openParenthesis):
            let advice = "there are no functions: write '… =~ \"*text*\"'"
            fail("expected an operator", at: place, suggestion: advice)
        default: fail("expected an operator", at: place)
        }
        throw Failure()
    }
}
