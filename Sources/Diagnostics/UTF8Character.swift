// One step of UTF-8 decoding over bytes nobody has checked.
// Owns what "one character" means for columns and for display; knows nothing of lines.

/// One character of a byte string: a Unicode scalar, or one byte that is not part of any.
package struct UTF8Character: Sendable, Equatable {
    /// The scalar; nil for a byte that is not part of well-formed UTF-8.
    package let scalar: Unicode.Scalar?
    /// How many bytes it takes: 1...4; always 1 if `scalar` is nil.
    package let length: Int

    /// Makes a character.
    package init(scalar: Unicode.Scalar?, length: Int) {
        self.scalar = scalar
        self.length = length
    }

    /// Decodes the character that starts at `offset`, which must lie inside `bytes`.
    ///
    /// Overlong forms, surrogates and values above U+10FFFF are not characters: each of their
    /// bytes is one invalid byte.
    package init(in bytes: some RandomAccessCollection<UInt8>, at offset: Int) {
        func byte(_ distance: Int) -> UInt32? {
            let position = offset + distance
            guard position < bytes.count else { return nil }
            return UInt32(bytes[bytes.index(bytes.startIndex, offsetBy: position)])
        }
        let invalid = UTF8Character(scalar: nil, length: 1)
        guard let first = byte(0) else {
            self = invalid
            return
        }
        let (length, bits, smallest): (Int, UInt32, UInt32)
        switch first {
        case 0..<0x80: (length, bits, smallest) = (1, first, 0)
        case 0xC2..<0xE0: (length, bits, smallest) = (2, first & 0x1F, 0x80)
        case 0xE0..<0xF0: (length, bits, smallest) = (3, first & 0x0F, 0x800)
        case 0xF0..<0xF5: (length, bits, smallest) = (4, first & 0x07, 0x10000)
        default:
            self = invalid
            return
        }
        var value = bits
        for distance in 1..<max(length, 1) {
            guard let next = byte(distance), next & 0xC0 == 0x80 else {
                self = invalid
                return
            }
            value = value << 6 | (next & 0x3F)
        }
        guard value >= smallest, let scalar = Unicode.Scalar(value) else {
            self = invalid
            return
        }
        self.init(scalar: scalar, length: length)
    }

    /// How many terminal cells the character takes: 0 for combining marks, 2 for wide scripts.
    package var cells: Int {
        guard let scalar else { return 4 }
        switch scalar.value {
        case 0..<0x300: return 1
        case 0x200B...0x200F, 0xFE00...0xFE0F, 0xFEFF: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: return 0
            default: return 1
            }
        }
    }
}
