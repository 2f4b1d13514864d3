// A strict JSON reader for tests: whatever it does not take, a real parser might not take either.

/// A JSON value.
indirect enum JSON: Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    struct Malformed: Error {
        let offset: Int
    }

    init(_ bytes: [UInt8]) throws {
        var reader = Reader(bytes: bytes)
        self = try reader.value()
        guard reader.offset == bytes.count else { throw Malformed(offset: reader.offset) }
    }

    subscript(_ path: String...) -> JSON? {
        var value = self
        for name in path {
            guard case .object(let members) = value, let member = members[name] else { return nil }
            value = member
        }
        return value
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }
}

private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    mutating func value() throws -> JSON {
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    func peek() throws -> UInt8 {
        guard offset < bytes.count else { throw JSON.Malformed(offset: offset) }
        return bytes[offset]
    }

    mutating func take(_ character: Unicode.Scalar) throws {
        guard try peek() == UInt8(ascii: character) else { throw JSON.Malformed(offset: offset) }
        offset += 1
    }

    mutating func word(_ word: String, _ value: JSON) throws -> JSON {
        for scalar in word.unicodeScalars { try take(scalar) }
        return value
    }

    mutating func number() throws -> JSON {
        let start = offset
        while offset < bytes.count, "-0123456789".utf8.contains(bytes[offset]) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard Int(text).map(String.init) == text || UInt64(text).map({ "\($0)" }) == text else {
            throw JSON.Malformed(offset: start)
        }
        return .number(text)
    }

    mutating func object() throws -> JSON {
        var members: [String: JSON] = [:]
        try take("{")
        while try peek() != UInt8(ascii: "}") {
            if !members.isEmpty { try take(",") }
            let name = try string()
            try take(":")
            guard members.updateValue(try value(), forKey: name) == nil else {
                throw JSON.Malformed(offset: offset)
            }
        }
        try take("}")
        return .object(members)
    }

    mutating func array() throws -> JSON {
        var elements: [JSON] = []
        try take("[")
        while try peek() != UInt8(ascii: "]") {
            if !elements.isEmpty { try take(",") }
            elements.append(try value())
        }
        try take("]")
        return .array(elements)
    }

    mutating func string() throws -> String {
        var units: [UInt16] = []
        var run: [UInt8] = []
        func flush() throws {
            guard let text = String(validating: run, as: UTF8.self) else {
                throw JSON.Malformed(offset: offset)
            }
            units += text.utf16
            run = []
        }
        try take("\"")
        while try peek() != UInt8(ascii: "\"") {
            let byte = bytes[offset]
            offset += 1
            guard byte >= 0x20 else { throw JSON.Malformed(offset: offset) }
            guard byte == UInt8(ascii: "\\") else {
                run.append(byte)
                continue
            }
            try flush()
            units.append(try escape())
        }
        try flush()
        try take("\"")
        guard let text = String(validating: units, as: UTF16.self) else {
            throw JSON.Malformed(offset: offset)
        }
        return text
    }

    mutating func escape() throws -> UInt16 {
        let byte = try peek()
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(byte)
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            guard offset + 4 <= bytes.count,
                let unit = UInt16(
                    String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self),
                    radix: 16
                )
            else { throw JSON.Malformed(offset: offset) }
            offset += 4
            return unit
        default: throw JSON.Malformed(offset: offset)
        }
    }
}
