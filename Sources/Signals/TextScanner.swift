// Splits bytes of unknown encoding into what may be shown and what may not.
// The one judge of that for JSON, consoles and messages.

/// A piece of a byte string.
enum TextUnit: Equatable {
    /// A run of valid UTF-8 without anything that could deceive a reader or steer a terminal.
    case printable(Range<Int>)
    /// A valid scalar that must not be shown as it is: control, bidirectional, invisible.
    case unsafeScalar(UInt32)
    /// A byte that is not part of valid UTF-8, or of a scalar the JSON form reserves.
    case invalidByte(UInt8)
}

/// Reads a byte string piece by piece; every byte belongs to exactly one piece.
struct TextScanner {
    /// The private-use scalars that stand for the bytes 0x80 to 0xFF in JSON, see `JSONWriter`.
    static let reserved: ClosedRange<UInt32> = 0xF780...0xF7FF

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> TextUnit? {
        let start = position
        while position < bytes.count {
            let (scalar, length) = scalar(at: position)
            if let scalar, Self.isPrintable(scalar) {
                position += length
                continue
            }
            if position > start { break }
            guard let scalar, !Self.reserved.contains(scalar) else {
                position += 1
                return .invalidByte(bytes[start])
            }
            position += length
            return .unsafeScalar(scalar)
        }
        return position > start ? .printable(start..<position) : nil
    }

    /// The scalar that begins at an offset and its length; nil and 1 if none does.
    private func scalar(at offset: Int) -> (UInt32?, Int) {
        let first = bytes[offset]
        guard first >= 0x80 else { return (UInt32(first), 1) }
        let (length, least): (Int, UInt32) =
            switch first {
            case 0xC2...0xDF: (2, 0x80)
            case 0xE0...0xEF: (3, 0x800)
            case 0xF0...0xF4: (4, 0x1_0000)
            default: (1, 0)
            }
        guard length > 1, offset + length <= bytes.count else { return (nil, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for continuation in bytes[(offset + 1)..<(offset + length)] {
            guard continuation & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(continuation & 0x3F)
        }
        let isSurrogate = (0xD800...0xDFFF).contains(value)
        guard value >= least, value <= 0x10_FFFF, !isSurrogate else { return (nil, 1) }
        return (value, length)
    }

    private static func isPrintable(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x20..<0x7F: true
        case 0..<0xA0: false
        // Soft hyphen, zero-width and bidirectional marks, line and paragraph separators,
        // invisible operators, byte order mark, annotation marks, tags.
        case 0xAD, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            false
        case reserved: false
        default: true
        }
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII digit or letter.
    var isAlphanumeric: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Whether the byte is an ASCII hexadecimal digit.
    var isHexadecimalDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }

    /// Whether the byte is ASCII white space.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
