// From bytes to tokens. Owns what is a word and the mistakes visible at that level; must not know
// precedence or fields. Time linear in the text.
//
// Where upstream's lexer is needlessly strict this one accepts more: `]` belongs to a name only as
// the end of a balanced subscript, operators need no space before a pattern, "\r" is a space.

internal import Diagnostics

/// Cuts an expression into tokens; what is wrong is reported and skipped.
struct Lexer {
    let bytes: [UInt8]
    private(set) var tokens: [Token] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Where comments stand, from the mark to the end of the line.
    private(set) var comments: [SourceSpan] = []
    private var position = 0

    /// Reads the whole text; `tokens` ends with one of kind `.end`.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        while skipBlanks() { readToken() }
        add(.end, from: position)
    }

    private func byte(at offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, span: SourceSpan(start: start, end: position)))
    }

    private mutating func report(
        _ code: Diagnostic.Code,
        _ message: String,
        from start: Int,
        suggestion: String? = nil
    ) {
        guard diagnostics.count < Parser.maximumDiagnostics else { return }
        let span = SourceSpan(start: start, end: position)
        diagnostics.append(
            Diagnostic(.error, code: code, message: message, span: span, suggestion: suggestion)
        )
    }

    /// Skips blanks and comments; false at the end of the text.
    private mutating func skipBlanks() -> Bool {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "/"): skipLine()
            default: return true
            }
        }
        return false
    }

    private mutating func skipLine() {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        comments.append(SourceSpan(start: start, end: position))
    }

    private mutating func readToken() {
        let start = position
        let first = bytes[start]
        let second = byte(at: start + 1)
        if readAddress() { return }
        switch first {
        case UInt8(ascii: "$") where second == UInt8(ascii: "{"): readBraced(.variable)
        case UInt8(ascii: "%") where second == UInt8(ascii: "{"): readBraced(.fieldReference)
        case UInt8(ascii: "\""): readQuoted(.string, prefix: 0)
        case UInt8(ascii: "~") where second == UInt8(ascii: "\""): readQuoted(.pattern, prefix: 1)
        case UInt8(ascii: "r") where second == UInt8(ascii: "\""):
            readQuoted(.regularExpression, prefix: 1)
        case UInt8(ascii: "+") where second.isDigit, UInt8(ascii: "-") where second.isDigit:
            readNumber()
        case _ where first.isDigit: readNumber()
        case _ where first.isNameStart: readName()
        default: if !readSymbol() { readMistake() }
        }
    }

    private mutating func readSymbol() -> Bool {
        let start = position
        let found = Symbol.byFirstByte[bytes[start]]?.first {
            bytes[start...].starts(with: $0.bytes)
        }
        guard let found else { return false }
        position += found.bytes.count
        add(.symbol(found.symbol), from: start)
        return true
    }

    /// Reads a name and the balanced subscripts in it.
    private mutating func readName() {
        let start = position
        while position < bytes.count {
            if bytes[position].isNameByte || bytes[position] == UInt8(ascii: ".") {
                position += 1
            } else if bytes[position] == UInt8(ascii: "["), let end = subscriptEnd(),
                !Self.isWordOperator(bytes[start..<position])
            {
                position = end
            } else {
                break
            }
        }
        add(.identifier, from: start)
    }

    /// The offset after the `]` of a subscript that starts here; nil if it is something else.
    private func subscriptEnd() -> Int? {
        var end = position + 1
        while end < bytes.count, bytes[end].isNameByte { end += 1 }
        return byte(at: end) == UInt8(ascii: "]") ? end + 1 : nil
    }

    private static func isWordOperator(_ word: ArraySlice<UInt8>) -> Bool {
        ["in", "allin", "notin"].contains { word.elementsEqual($0.utf8) }
    }

    private mutating func readNumber() {
        let start = position
        position += 1
        while byte(at: position).isDigit { position += 1 }
        // A fraction or three parts of an address: one mistake, not one for each dot.
        while byte(at: position) == UInt8(ascii: "."), byte(at: position + 1).isDigit {
            position += 1
            while byte(at: position).isDigit { position += 1 }
        }
        let hasDot = bytes[start..<position].contains(UInt8(ascii: "."))
        var isDuration = false
        if bytes[start].isDigit,
            [UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "h")]
                .contains(byte(at: position))
        {
            isDuration = true
            position += 1
            while byte(at: position) == UInt8(ascii: "s") { position += 1 }
        }
        guard hasDot || byte(at: position).isNameByte else {
            return add(isDuration ? .duration : .integer, from: start)
        }
        while byte(at: position).isNameByte { position += 1 }
        let text = Parser.excerpt(bytes[start..<position])
        report(
            .badNumber,
            "'\(text)' is neither a number nor a duration",
            from: start,
            suggestion:
                "numbers are whole and decimal, durations one number and ms, s, m or h: 90s, 36h"
        )
        add(.integer, from: start)
    }

    /// Reads an address by its shape: dotted quad, or hexadecimal groups with two colons or more.
    private mutating func readAddress() -> Bool {
        let start = position
        guard bytes[start].isHexadecimal || bytes[start] == UInt8(ascii: ":") else { return false }
        var end = start
        var dots = 0
        var colons = 0
        // Longer than any address: a bound, so that dotted digits are not read again and again.
        while end < bytes.count, end - start < 64 {
            if bytes[end] == UInt8(ascii: ".") {
                dots += 1
            } else if bytes[end] == UInt8(ascii: ":") {
                colons += 1
            } else if !bytes[end].isHexadecimal {
                break
            }
            end += 1
        }
        let isQuad = dots == 3 && colons == 0 && bytes[start].isDigit
        guard isQuad || colons >= 2, !byte(at: end).isNameByte else { return false }
        position = end
        if byte(at: end) == UInt8(ascii: "/"), byte(at: end + 1).isDigit {
            position += 1
            while byte(at: position).isDigit { position += 1 }
        }
        add(.address, from: start)
        return true
    }

    private mutating func readBraced(_ kind: Token.Kind) {
        let start = position
        position += 2
        while byte(at: position).isNameByte || byte(at: position) == UInt8(ascii: ".")
            || byte(at: position) == UInt8(ascii: "[") || byte(at: position) == UInt8(ascii: "]")
        {
            position += 1
        }
        guard byte(at: position) == UInt8(ascii: "}"), position > start + 2 else {
            let opening = kind == .variable ? "${" : "%{"
            report(.unterminated, "'\(opening)' without a name and '}'", from: start)
            return add(kind, from: start)
        }
        position += 1
        add(kind, from: start)
    }

    /// Reads up to the closing quote; a backslash keeps a quote from closing and stays in the value.
    private mutating func readQuoted(_ kind: Token.Kind, prefix: Int) {
        let start = position
        position += prefix + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else {
            position = bytes.count
            report(.unterminated, "string without closing quote", from: start)
            return add(kind, from: start)
        }
        position += 1
        add(kind, from: start)
    }
}

// MARK: - Mistakes

extension Lexer {
    /// Reports what starts no token and skips it; quotes of other alphabets are read as strings.
    private mutating func readMistake() {
        let start = position
        if bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "`") {
            return readForeignString(opening: 1, closings: [[bytes[start]]])
        }
        let rest = bytes[start...]
        if let quote = Self.typographicQuotes.first(where: { rest.starts(with: $0) }) {
            return readForeignString(
                opening: quote.count,
                closings: Self.typographicQuotes + [[UInt8(ascii: "\"")]]
            )
        }
        position += 1
        while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
        let character = String(decoding: bytes[start..<position], as: UTF8.self)
        let scalar = character.unicodeScalars.first?.value ?? 0
        let isBlank = Self.blanks.contains { $0.contains(scalar) }
        let name = isBlank ? "U+" + String(scalar, radix: 16, uppercase: true) : character
        report(
            .unexpectedCharacter,
            "unexpected character '\(name)'",
            from: start,
            suggestion: isBlank ? "it looks like nothing: write a space" : Self.plain[character]
        )
    }

    private mutating func readForeignString(opening: Int, closings: [[UInt8]]) {
        let start = position
        position += opening
        var end: Int?
        while position < bytes.count, end == nil {
            let rest = bytes[position...]
            if let closing = closings.first(where: { rest.starts(with: $0) }) {
                end = position + closing.count
            } else {
                position += 1
            }
        }
        position = end ?? bytes.count
        report(
            .wrongQuotes,
            "strings are written in double quotes",
            from: start,
            suggestion: "use \"…\""
        )
        add(.string, from: start)
    }

    /// Characters that look like a space or like nothing, as word processors insert them.
    private static let blanks: [ClosedRange<UInt32>] = [
        0x85...0x85, 0xA0...0xA0, 0xAD...0xAD, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064,
        0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    /// What is written for characters that mean the same elsewhere.
    private static let plain = [
        "≠": "write '!='", "≤": "write '<='", "≥": "write '>='", "∧": "write '&&'",
        "∨": "write '||'", "¬": "write '!'", "∈": "write 'in'", "∉": "write 'not in'",
        "–": "write '-'", "−": "write '-'", ";": "an expression has no end mark",
    ]

    /// “ ” „ ‟ ‘ ’ ‚ « » as UTF-8.
    private static let typographicQuotes: [[UInt8]] =
        "\u{201C}\u{201D}\u{201E}\u{201F}\u{2018}\u{2019}\u{201A}\u{AB}\u{BB}"
        .unicodeScalars.map { Array(String($0).utf8) }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    /// Whether it is an ASCII letter.
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    /// Whether a name may start with it.
    var isNameStart: Bool { isLetter || self == UInt8(ascii: "_") }
    /// Whether a name may go on with it.
    var isNameByte: Bool { isNameStart || isDigit }
    /// Whether it is a hexadecimal digit.
    var isHexadecimal: Bool {
        isDigit || ((self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "f"))
    }
}
