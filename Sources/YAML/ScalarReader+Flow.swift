// Plain and quoted scalars: folding of lines, doubled quotes, escapes (YAML 1.1, sections 5.6, 9.1).

extension ScalarReader {
    /// Reads a plain or quoted scalar that fills the whole range.
    mutating func readFlow(_ style: YAMLScalar.Style) {
        let isQuoted = style != .plain
        if isQuoted {
            cursor += 1
            limit = max(cursor, limit - 1)
            end = cursor
        }
        while cursor < limit {
            var isJoined = false
            while cursor < limit, !isBlank, breakLength == 0 {
                if style == .doubleQuoted, byte() == UInt8(ascii: "\\") {
                    let start = cursor
                    cursor += 1
                    if breakLength > 0 {
                        cursor += breakLength
                        isJoined = true
                        break
                    }
                    readEscape(from: start)
                } else {
                    let isDoubled = style == .singleQuoted && byte() == UInt8(ascii: "'")
                    copy()
                    if isDoubled { cursor += 1 }
                    end = cursor
                }
            }
            readSpace(isJoined: isJoined, keepsTrailing: isQuoted)
        }
    }

    /// Reads blanks and line breaks; `isJoined` after an escaped line break, where nothing folds.
    private mutating func readSpace(isJoined: Bool, keepsTrailing: Bool) {
        let start = cursor
        var breaks: [LineBreak] = []
        while cursor < limit {
            if isBlank {
                cursor += 1
            } else if breakLength > 0 {
                breaks.append(readBreak())
            } else {
                break
            }
        }
        guard cursor < limit || keepsTrailing else { return }
        if isJoined {
            for lineBreak in breaks { emit(lineBreak.text, from: lineBreak.offset) }
        } else if breaks.isEmpty {
            let next = cursor
            cursor = start
            while cursor < next { copy() }
        } else if breaks[0].folds {
            if breaks.count == 1 { emit([0x20], from: breaks[0].offset) }
            for lineBreak in breaks.dropFirst() { emit(lineBreak.text, from: lineBreak.offset) }
        } else {
            for lineBreak in breaks { emit(lineBreak.text, from: lineBreak.offset) }
        }
        end = cursor
    }

    /// Reads the rest of an escape; the backslash at `start` is behind the cursor.
    private mutating func readEscape(from start: Int) {
        guard let letter = byte() else { return }
        cursor += 1
        let digits: Int
        switch letter {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        default:
            emit(Self.escapes[letter] ?? [letter], from: start)
            end = cursor
            return
        }
        let stop = min(cursor + digits, limit)
        let text = String(decoding: bytes[cursor..<stop], as: UTF8.self)
        cursor = stop
        if let code = UInt32(text, radix: 16), let scalar = Unicode.Scalar(code) {
            emit(String(scalar).utf8, from: start)
        }
        end = cursor
    }

    private static let escapes: [UInt8: [UInt8]] = [
        UInt8(ascii: "0"): [0], UInt8(ascii: "a"): [7], UInt8(ascii: "b"): [8],
        UInt8(ascii: "t"): [9], UInt8(ascii: "n"): [10], UInt8(ascii: "v"): [11],
        UInt8(ascii: "f"): [12], UInt8(ascii: "r"): [13], UInt8(ascii: "e"): [27],
        UInt8(ascii: "N"): [0xC2, 0x85], UInt8(ascii: "_"): [0xC2, 0xA0],
        UInt8(ascii: "L"): [0xE2, 0x80, 0xA8], UInt8(ascii: "P"): [0xE2, 0x80, 0xA9],
    ]
}
