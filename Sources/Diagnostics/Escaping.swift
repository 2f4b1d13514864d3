// How text that others wrote is made safe to print: one function for terminals, one for JSON.
// Rule files and arguments are hostile input; a terminal obeys what it is sent.

/// Makes text safe for a terminal and for one line of a log.
package enum Escaping {
    /// Whether printing the scalar would control the reader's terminal or change the line.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        // Bidirectional overrides and isolates, line and paragraph separators, tags.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    /// The text with control characters written out, like `\n`, `\x1b` and `\u{202e}`.
    package static func terminal(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// The same for bytes; a byte that is not UTF-8 is written like `\xff`.
    package static func terminal(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        var result = ""
        var offset = 0
        while offset < bytes.count {
            let character = UTF8Character(in: bytes, at: offset)
            if let scalar = character.scalar {
                append(scalar, to: &result)
            } else {
                let index = bytes.index(bytes.startIndex, offsetBy: offset)
                result += "\\x" + hexadecimal(UInt32(bytes[index]), digits: 2)
            }
            offset += character.length
        }
        return result
    }

    /// The text as a JSON string, quotes included (RFC 8259, section 7).
    package static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isControl(scalar) && scalar.value <= 0xFFFF:
                result += "\\u" + hexadecimal(scalar.value, digits: 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        guard isControl(scalar) else {
            result.unicodeScalars.append(scalar)
            return
        }
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where scalar.value < 0x80:
            result += "\\x" + hexadecimal(scalar.value, digits: 2)
        default: result += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }

    static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
