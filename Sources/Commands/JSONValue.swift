// One JSON text as a tree (RFC 8259). Strings are bytes: arguments and paths have no encoding.

/// A JSON value.
indirect enum JSONValue: Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case string([UInt8])
    case array([JSONValue])
    /// In the order of the text; no name twice.
    case object([Member])

    /// One name and its value.
    struct Member: Equatable {
        let name: String
        let value: JSONValue
    }

    /// What the value is, for messages.
    var kindName: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .integer: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// What is wrong in a JSON text, and where.
struct JSONFailure: Error, Equatable, CustomStringConvertible {
    let message: String
    /// The byte, counted from 1.
    let place: Int

    var description: String { "not JSON: \(message) at byte \(place)" }
}

/// Reads JSON.
///
/// A byte that is not UTF-8 may stand in a string as it is, as the scalar U+F700 plus the byte (how
/// signals write it) or as the lone surrogate U+DC00 plus the byte (how Python does): all give the
/// byte. Numbers must be integers.
struct JSONReader {
    /// Deeper nesting is refused.
    static let maximumDepth = 32

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The one value that the text consists of.
    static func value(_ bytes: [UInt8]) throws(JSONFailure) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.readValue()
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw reader.failure("text after the value") }
        return value
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ message: String) -> JSONFailure {
        JSONFailure(message: message, place: position + 1)
    }

    private mutating func skipBlanks() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    /// Takes a character after blanks, if it is there.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func readValue() throws(JSONFailure) -> JSONValue {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"):
            return try nested { (reader) throws(JSONFailure) in
                try reader.readObject()
            }
        case UInt8(ascii: "["):
            return try nested { (reader) throws(JSONFailure) in
                try reader.readArray()
            }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case nil: throw failure("the text ends where a value should be")
        default: return try readNumber()
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(JSONFailure) -> JSONValue
    ) throws(JSONFailure) -> JSONValue {
        guard depth < Self.maximumDepth else { throw failure("nested too deep") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private mutating func readWord(
        _ word: String,
        _ value: JSONValue
    ) throws(JSONFailure) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("an unknown word") }
        position += word.utf8.count
        return value
    }

    private mutating func readNumber() throws(JSONFailure) -> JSONValue {
        let start = position
        while let byte, "+-.0123456789eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Int64(text), String(value) == text else {
            position = start
            throw failure(text.isEmpty ? "an unexpected character" : "'\(text)' is no integer")
        }
        return .integer(value)
    }

    private mutating func readArray() throws(JSONFailure) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array([]) }
        repeat { elements.append(try readValue()) } while take(",")
        guard take("]") else { throw failure("',' or ']' expected") }
        return .array(elements)
    }

    private mutating func readObject() throws(JSONFailure) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        if take("}") { return .object([]) }
        repeat {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw failure("a name in quotes expected") }
            let name = String(decoding: try readString(), as: UTF8.self)
            guard names.insert(name).inserted else { throw failure("'\(name)' a second time") }
            guard take(":") else { throw failure("':' expected") }
            members.append(.init(name: name, value: try readValue()))
        } while take(",")
        guard take("}") else { throw failure("',' or '}' expected") }
        return .object(members)
    }
}

// MARK: - Strings

extension JSONReader {
    /// Reads a string from its opening quote on.
    private mutating func readString() throws(JSONFailure) -> [UInt8] {
        var result: [UInt8] = []
        position += 1
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return result
            case UInt8(ascii: "\\"): try readEscape(into: &result)
            case ..<0x20:
                position -= 1
                throw failure("a control character in a string")
            case 0xEF where Self.isReserved(bytes[(position - 1)...]):
                result.append(bytes[position] << 6 | bytes[position + 1] & 0x3F)
                position += 2
            default: result.append(byte)
            }
        }
        throw failure("the text ends inside a string")
    }

    /// Whether U+F780 to U+F7FF comes first: a byte of no encoding, as signals write it.
    private static func isReserved(_ bytes: ArraySlice<UInt8>) -> Bool {
        let first = bytes.prefix(3)
        return first.count == 3 && (0x9E...0x9F).contains(first[first.startIndex + 1])
            && first[first.startIndex + 2] & 0xC0 == 0x80
    }

    private mutating func readEscape(into result: inout [UInt8]) throws(JSONFailure) {
        let letter = byte
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter ?? 0)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            let unit = try readUnit()
            switch unit {
            case 0xF780...0xF7FF: result.append(UInt8(unit & 0xFF))
            case 0xDC80...0xDCFF: result.append(UInt8(unit & 0xFF))
            case 0xD800...0xDFFF: try readSecondUnit(after: unit, into: &result)
            default: Self.append(UInt32(unit), to: &result)
            }
        default:
            position -= 1
            throw failure("an unknown escape")
        }
    }

    private mutating func readUnit() throws(JSONFailure) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits expected") }
        position += 4
        return unit
    }

    private mutating func readSecondUnit(
        after first: UInt16,
        into result: inout [UInt8]
    ) throws(JSONFailure) {
        guard first < 0xDC00, bytes[position...].starts(with: #"\u"#.utf8) else {
            throw failure("half of a surrogate pair")
        }
        position += 2
        let second = try readUnit()
        guard (0xDC00...0xDFFF).contains(second) else { throw failure("half of a surrogate pair") }
        let scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        Self.append(scalar, to: &result)
    }

    private static func append(_ scalar: UInt32, to result: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        result.append(contentsOf: String(scalar).utf8)
    }
}
