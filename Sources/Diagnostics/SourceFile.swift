// The text a person wrote and the places in it. Bytes in, lines and columns out.
// Owns the numbering of lines and columns; must not know any file format.

/// A text as it was read, with the name it is reported under.
///
/// Bytes, not characters: the text may hold anything. A line ends at "\n"; a "\r" before it belongs
/// to the line end.
package struct SourceFile: Sendable, Hashable {
    /// What to call it in messages, usually a path; not opened by anyone here.
    package let name: String
    /// The whole text.
    package let bytes: [UInt8]
    private let lineStarts: [Int]

    /// Takes a text; scans it once for line ends.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// Two files are the same if name and bytes are.
    package static func == (left: SourceFile, right: SourceFile) -> Bool {
        left.name == right.name && left.bytes == right.bytes
    }

    /// Hashes the name and the size only, so that a large file costs nothing.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(bytes.count)
    }

    /// How many lines there are; at least one.
    package var lineCount: Int { lineStarts.count }

    /// The line and column of a byte offset; an offset outside the text means its nearest end.
    ///
    /// Costs a binary search and a walk over the line up to the offset.
    package func position(of offset: Int) -> SourcePosition {
        let target = min(max(offset, 0), bytes.count)
        let index = lineIndex(of: target)
        var cursor = lineStarts[index]
        if cursor == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { cursor = 3 }
        var column = 1
        while cursor < target {
            cursor += UTF8Character(in: bytes, at: cursor).length
            if cursor <= target { column += 1 }
        }
        return SourcePosition(line: index + 1, column: column)
    }

    /// The bytes of a line without its end, as offsets; `line` is 1-based and clamped.
    package func range(ofLine line: Int) -> Range<Int> {
        let index = min(max(line, 1), lineStarts.count) - 1
        let start = lineStarts[index]
        var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
        if end > start, end < bytes.count, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The text of a line without its end; bytes that are not UTF-8 become U+FFFD.
    package func text(ofLine line: Int) -> String {
        String(decoding: bytes[range(ofLine: line)], as: UTF8.self)
    }

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

/// A place a person can find: line and column, both counted from 1.
///
/// The column counts UTF-8 characters (Unicode scalars; a byte that is not UTF-8 counts as one),
/// not bytes and not terminal cells: what editors jump to.
package struct SourcePosition: Sendable, Hashable {
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int

    /// Makes a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A stretch of a text: byte offsets, `end` excluded.
///
/// Relative to whatever text the producer was given; `shifted(by:)` moves it into an outer one.
package struct SourceSpan: Sendable, Hashable {
    /// The first byte.
    package var start: Int
    /// The byte after the last.
    package var end: Int

    /// Makes a span; an end before the start becomes an empty span at the start.
    package init(start: Int, end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    /// The same stretch in a text that has `distance` more bytes before it.
    package func shifted(by distance: Int) -> SourceSpan {
        SourceSpan(start: start + distance, end: end + distance)
    }
}
