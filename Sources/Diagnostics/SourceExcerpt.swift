// One source line and the marker under it, in terminal cells.
// Works on a window of the line, so that a line of megabytes costs no more than a short one.

/// A printable piece of one source line with a caret under its span.
struct SourceExcerpt: Equatable {
    /// The line, or a window of it between "…"; tabs are spaces, control characters are escaped.
    private(set) var source = ""
    /// Spaces, then `^~~~` under the span.
    private(set) var marker = ""

    private static let tabWidth = 4

    /// One printed character: its text, its cells and where it starts in the file.
    private struct Glyph {
        var text: String
        var cells: Int
        var offset: Int
    }

    /// Cuts the window of `width` cells of a line that shows the start of `span`.
    init(of file: SourceFile, line: Int, span: SourceSpan, width: Int) {
        let range = file.range(ofLine: line)
        let start = min(max(span.start, range.lowerBound), range.upperBound)
        let end = min(max(span.end, start), range.upperBound)

        // Never look at more of the line than could be shown.
        let reach = width * 4
        var first = max(range.lowerBound, start - reach)
        while first > range.lowerBound, file.bytes[first] & 0xC0 == 0x80, first < start {
            first += 1
        }
        let last = min(range.upperBound, start + reach)
        let glyphs = Self.glyphs(of: file.bytes[first..<last], from: first)
        let caret = glyphs.firstIndex { $0.offset >= start } ?? glyphs.count

        var low = caret
        var used = 0
        let before = glyphs[..<caret].reduce(0) { $0 + $1.cells }
        let total = before + glyphs[caret...].reduce(0) { $0 + $1.cells }
        let room = total <= width ? before : max(width / 3, width - (total - before))
        while low > 0, used + glyphs[low - 1].cells <= room {
            low -= 1
            used += glyphs[low].cells
        }
        let isCutBefore = low > 0 || first > range.lowerBound
        if isCutBefore {
            source = "…"
            marker = " "
        }
        marker += String(repeating: " ", count: used)
        for glyph in glyphs[low..<caret] { source += glyph.text }
        var high = caret
        var marks = 0
        while high < glyphs.count, used + glyphs[high].cells <= width {
            used += glyphs[high].cells
            if glyphs[high].offset < end { marks += glyphs[high].cells }
            source += glyphs[high].text
            high += 1
        }
        if high < glyphs.count || last < range.upperBound { source += "…" }
        marker += "^" + String(repeating: "~", count: max(0, marks - 1))
    }

    private static func glyphs(of bytes: ArraySlice<UInt8>, from start: Int) -> [Glyph] {
        var glyphs: [Glyph] = []
        var offset = 0
        var column = 0
        while offset < bytes.count {
            let character = UTF8Character(in: bytes, at: offset)
            var glyph = Glyph(text: "", cells: character.cells, offset: start + offset)
            if character.scalar == "\t" {
                glyph.cells = tabWidth - column % tabWidth
                glyph.text = String(repeating: " ", count: glyph.cells)
            } else if let scalar = character.scalar, !Escaping.isControl(scalar) {
                glyph.text.unicodeScalars.append(scalar)
            } else {
                let first = bytes.startIndex + offset
                glyph.text = Escaping.terminal(bytes[first..<first + character.length])
                glyph.cells = glyph.text.utf8.count
            }
            column += glyph.cells
            glyphs.append(glyph)
            offset += character.length
        }
        return glyphs
    }
}
