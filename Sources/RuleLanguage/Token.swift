// The words of an expression, each with the place it stands at.

internal import Diagnostics

/// One word of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        /// A name with its balanced subscripts, like `process.ancestors[A].file.name`.
        case identifier
        /// Decimal digits with an optional sign.
        case integer
        /// Digits and a unit of time.
        case duration
        /// An IPv4 or IPv6 address, or a network if `/` and digits follow.
        case address
        /// `${name}`.
        case variable
        /// `%{field}`.
        case fieldReference
        case string
        case pattern
        case regularExpression
        case symbol(Symbol)
        case end
    }

    var kind: Kind
    var span: SourceSpan
}

/// The operators and brackets, and the mistakes for them that are recognised.
enum Symbol: String, CaseIterable {
    // Longest first within one beginning, so that the first that fits is the longest.
    case identical = "==="
    case equal = "=="
    case matches = "=~"
    case arrow = "=>"
    case reversedLessOrEqual = "=<"
    case assign = "="
    case notIdentical = "!=="
    case notEqual = "!="
    case notMatches = "!~"
    case not = "!"
    case lessOrEqual = "<="
    case angles = "<>"
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
    case and = "&&"
    case bitAnd = "&"
    case or = "||"
    case bitOr = "|"
    case bitXor = "^"
    case tildeEqual = "~="
    case tilde = "~"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case remainder = "%"
    case question = "?"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
    case comma = ","

    /// The symbols by their first byte, longest first.
    static let byFirstByte: [UInt8: [(bytes: [UInt8], symbol: Symbol)]] = {
        var result: [UInt8: [(bytes: [UInt8], symbol: Symbol)]] = [:]
        for symbol in allCases {
            let bytes = Array(symbol.rawValue.utf8)
            result[bytes[0], default: []].append((bytes, symbol))
        }
        return result
    }()
}
