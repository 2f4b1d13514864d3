// A JSON value as RFC 8259 has it, and how to look into one. Owns what a value is; reading it from
// bytes is JSONReader's. Pure: no I/O, no Foundation.

/// A value of a JSON text.
package enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The number as it is written: what it fits into is the asker's matter.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Of members with the same name the last one counts.
    case object([String: JSONValue])

    /// Reads a JSON text that is one value and nothing else but white space around it.
    ///
    /// - Throws: `JSONFailure`: where the text is not JSON, or is more than `limits` allow.
    package init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
        var reader = try JSONReader(bytes, limits: limits)
        self = try reader.document()
    }
}

extension JSONValue {
    /// What lies behind these names, one inside the other; nil if there is nothing.
    package subscript(_ names: String...) -> JSONValue? {
        var value = self
        for name in names {
            guard case .object(let members) = value, let member = members[name] else { return nil }
            value = member
        }
        return value
    }

    /// The text; nil if it is no string.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The truth value; nil if it is none.
    package var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The whole number; nil if it is no number, has a fraction or an exponent, or does not fit.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// The elements; empty if it is no array.
    package var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The members; empty if it is no object.
    package var members: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }
}

/// How much a JSON text may be.
package struct JSONLimits: Sendable, Equatable {
    /// Bytes of the whole text.
    package var sizeBytes = 4 << 20
    /// How deep arrays and objects may lie in each other; each level takes stack.
    package var depth = 64
    /// Values in the whole text: small values take far more memory than text.
    package var valueCount = 200_000

    /// The defaults, which suit files that somebody else writes.
    package init() {}
}

/// Why a text is no JSON value.
package struct JSONFailure: Error, Sendable, Equatable {
    /// What is wrong.
    package enum Reason: String, Sendable, CaseIterable {
        case tooLarge = "larger than allowed"
        case tooDeep = "nested deeper than allowed"
        case tooManyValues = "more values than allowed"
        case endOfText = "the text ends in the middle of a value"
        case unexpectedByte = "something else is expected here"
        case badNumber = "not a number"
        case badString = "a string with a bad escape or a control character"
        case notUTF8 = "not UTF-8"
        case trailingText = "text after the value"
    }

    package let reason: Reason
    /// Where, in bytes from the start.
    package let offset: Int

    /// Says what is wrong, and where.
    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
