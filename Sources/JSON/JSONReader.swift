// Reads JSON (RFC 8259) from bytes, strictly and within limits. Recursive: the depth limit bounds
// the stack.

/// One reading of one text.
struct JSONReader {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var offset = 0
    private var depth = 0
    private var valueCount = 0

    init(_ bytes: [UInt8], limits: JSONLimits) throws(JSONFailure) {
        guard bytes.count <= limits.sizeBytes else {
            throw JSONFailure(reason: .tooLarge, offset: limits.sizeBytes)
        }
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONFailure) -> JSONValue {
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw failure(.trailingText) }
        return value
    }

    // MARK: - Values

    private mutating func value() throws(JSONFailure) -> JSONValue {
        valueCount += 1
        guard valueCount <= limits.valueCount else { throw failure(.tooManyValues) }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"):
            return .object(try nested { r throws(JSONFailure) in try r.object() })
        case UInt8(ascii: "["): return .array(try nested { r throws(JSONFailure) in try r.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Result>(
        _ body: (inout JSONReader) throws(JSONFailure) -> Result
    ) throws(JSONFailure) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw failure(.tooDeep) }
        offset += 1
        return try body(&self)
    }

    private mutating func object() throws(JSONFailure) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if try take(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
            let name = try string()
            skipSpace()
            guard try take(UInt8(ascii: ":")) else { throw failure(.unexpectedByte) }
            members[name] = try value()
            skipSpace()
            if try take(UInt8(ascii: "}")) { return members }
            guard try take(UInt8(ascii: ",")) else { throw failure(.unexpectedByte) }
        }
    }

    private mutating func array() throws(JSONFailure) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if try take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value())
            skipSpace()
            if try take(UInt8(ascii: "]")) { return elements }
            guard try take(UInt8(ascii: ",")) else { throw failure(.unexpectedByte) }
        }
    }

    private mutating func word(
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONFailure) -> JSONValue {
        for byte in word.description.utf8 {
            guard try take(byte) else { throw failure(.unexpectedByte) }
        }
        return value
    }

    // MARK: - Numbers

    private mutating func number() throws(JSONFailure) -> String {
        let start = offset
        skip(UInt8(ascii: "-"))
        let hasLeadingZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0 else {
            throw failure(offset == start ? .unexpectedByte : .badNumber)
        }
        guard whole == 1 || !hasLeadingZero else { throw failure(.badNumber) }
        if skip(UInt8(ascii: ".")), digits() == 0 { throw failure(.badNumber) }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            _ = skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-"))
            if digits() == 0 { throw failure(.badNumber) }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        return offset - start
    }

    // MARK: - Strings

    private mutating func string() throws(JSONFailure) -> String {
        offset += 1
        let start = offset
        var text: [UInt8] = []
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw JSONFailure(reason: .notUTF8, offset: start)
                }
                return string
            case UInt8(ascii: "\\"):
                offset += 1
                text.append(contentsOf: String(try escape()).utf8)
            case ..<0x20: throw failure(.badString)
            default:
                text.append(byte)
                offset += 1
            }
        }
    }

    private mutating func escape() throws(JSONFailure) -> Character {
        let byte = try peek()
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try escapedScalar())
        default: throw JSONFailure(reason: .badString, offset: offset - 1)
        }
    }

    /// `\uXXXX`, or two of them that are a surrogate pair; half a pair becomes U+FFFD, as most
    /// readers have it.
    private mutating func escapedScalar() throws(JSONFailure) -> Unicode.Scalar {
        let unit = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let mark = offset
        if unit < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) {
            let low = try hexadecimalUnit()
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(
                    0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(low) - 0xDC00)
                )
            {
                return scalar
            }
        }
        // What follows is read again, as what it is.
        offset = mark
        return "\u{FFFD}"
    }

    private mutating func hexadecimalUnit() throws(JSONFailure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure(.badString)
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    // MARK: - Bytes

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONFailure) -> UInt8 {
        guard offset < bytes.count else { throw failure(.endOfText) }
        return bytes[offset]
    }

    /// Passes this byte; false if another one stands here.
    private mutating func take(_ byte: UInt8) throws(JSONFailure) -> Bool {
        guard try peek() == byte else { return false }
        offset += 1
        return true
    }

    /// Passes this byte if it stands here.
    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private func failure(_ reason: JSONFailure.Reason) -> JSONFailure {
        JSONFailure(reason: reason, offset: offset)
    }
}
