// Block scalars, literal and folded: header, indentation, folding, chomping (YAML 1.1, 9.2).

extension ScalarReader {
    /// What the header of a block scalar says about its last line breaks.
    private enum Chomping {
        case clip, strip, keep
    }

    /// Reads a block scalar.
    ///
    /// `value` is what the parser made of it: it tells the indentation, which otherwise depends on
    /// what the scalar is nested in.
    mutating func readBlock(isFolded: Bool, value: String) {
        let chomping = readHeader()
        let indentation = indentation(of: value)
        var lastBreak: LineBreak?
        var wasBlank = false
        var breaks = readEmptyLines(indentation)
        while cursor < limit, column == indentation {
            let startsBlank = isBlank
            if isFolded, let last = lastBreak, last.folds, !wasBlank, !startsBlank {
                if breaks.isEmpty { emit([0x20], from: last.offset) }
            } else if let last = lastBreak {
                emit(last.text, from: last.offset)
            }
            for lineBreak in breaks { emit(lineBreak.text, from: lineBreak.offset) }
            wasBlank = startsBlank
            while cursor < limit, breakLength == 0 { copy() }
            lastBreak = nil
            if cursor < limit { lastBreak = readBreak() }
            breaks = readEmptyLines(indentation)
        }
        if chomping != .strip, let last = lastBreak { emit(last.text, from: last.offset) }
        if chomping == .keep {
            for lineBreak in breaks { emit(lineBreak.text, from: lineBreak.offset) }
        }
    }

    private mutating func readHeader() -> Chomping {
        var chomping = Chomping.clip
        while cursor < limit, breakLength == 0 {
            switch byte() {
            case UInt8(ascii: "-"): chomping = .strip
            case UInt8(ascii: "+"): chomping = .keep
            // A comment: nothing in it counts.
            case UInt8(ascii: "#"):
                while cursor < limit, breakLength == 0 { cursor += 1 }
                continue
            default: break
            }
            cursor += 1
        }
        if cursor < limit { cursor += breakLength }
        end = cursor
        return chomping
    }

    /// How far the text is indented: spaces before its first word here, less those in the value.
    private func indentation(of value: String) -> Int {
        func leadingSpaces(_ text: some Sequence<UInt8>) -> Int? {
            var spaces = 0
            for byte in text {
                switch byte {
                case 0x20: spaces += 1
                case 0x0A, 0x0D: spaces = 0
                default: return spaces
                }
            }
            return nil
        }
        guard let inside = leadingSpaces(value.utf8),
            let outside = leadingSpaces(bytes[cursor..<limit])
        else { return .max }
        return max(1, outside - inside)
    }

    /// How many bytes the cursor is behind the start of its line.
    private var column: Int {
        var start = cursor
        while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
        return cursor - start
    }

    /// Skips the indentation of the next line, and lines that hold nothing; gives their breaks.
    private mutating func readEmptyLines(_ indentation: Int) -> [LineBreak] {
        var breaks: [LineBreak] = []
        while true {
            var spaces = 0
            while spaces < indentation, byte() == 0x20 {
                cursor += 1
                spaces += 1
            }
            guard cursor < limit, breakLength > 0 else { return breaks }
            breaks.append(readBreak())
        }
    }
}
