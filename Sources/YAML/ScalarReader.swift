// A second reading of a scalar's source text, byte by byte, that keeps the offsets.
// Owns the cursor and the output; the rules of the styles are in ScalarReader+Flow and +Block.
// Works on text libyaml has accepted: it need not find errors, only never leave its range.

/// Reads one scalar's source and collects value bytes with their file offsets.
struct ScalarReader {
    let bytes: [UInt8]
    /// The next byte to read, and where the scalar's source ends.
    var cursor: Int
    var limit: Int
    private(set) var value: [UInt8] = []
    private(set) var offsets: [Int] = []
    /// The file offset just after the last byte of the value.
    var end: Int

    init(bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        cursor = range.lowerBound
        limit = range.upperBound
        end = range.lowerBound
        value.reserveCapacity(range.count)
        offsets.reserveCapacity(range.count)
    }

    /// Appends value bytes that all come from one place.
    mutating func emit(_ added: some Sequence<UInt8>, from offset: Int) {
        for byte in added {
            value.append(byte)
            offsets.append(offset)
        }
    }

    /// Appends the byte under the cursor as it is.
    mutating func copy() {
        value.append(bytes[cursor])
        offsets.append(cursor)
        cursor += 1
        end = cursor
    }

    /// The byte at a distance from the cursor; nil outside the scalar.
    func byte(_ distance: Int = 0) -> UInt8? {
        let position = cursor + distance
        return position >= 0 && position < limit ? bytes[position] : nil
    }

    var isBlank: Bool { byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") }

    /// How many bytes the line break under the cursor has: CR LF, CR, LF, NEL, LS or PS; 0 if none.
    var breakLength: Int {
        switch byte() {
        case 0x0D: byte(1) == 0x0A ? 2 : 1
        case 0x0A: 1
        case 0xC2 where byte(1) == 0x85: 2
        case 0xE2 where byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9): 3
        default: 0
        }
    }

    /// Reads the line break under the cursor, as YAML normalises it.
    mutating func readBreak() -> LineBreak {
        let length = breakLength
        let text: [UInt8] = length == 3 ? Array(bytes[cursor..<cursor + 3]) : [0x0A]
        defer { cursor += length }
        return LineBreak(text: text, offset: cursor)
    }

    /// A line break in the source: what it stands for and where it is.
    struct LineBreak {
        var text: [UInt8]
        var offset: Int
        /// Whether folding turns it into a space.
        var folds: Bool { text == [0x0A] }
    }
}
