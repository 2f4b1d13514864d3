// Writes JSON into a byte array. Output only, no tree, no reflection.

/// Writes JSON, appending to a byte array.
///
/// Strings are bytes of unknown encoding. Valid UTF-8 stays, except that control characters,
/// invisible and bidirectional marks are written as `\uNNNN`. A byte that is not UTF-8 is written as
/// `\uf7NN`, the private-use scalar U+F700 plus the byte (0x80 to 0xFF); so are the three bytes of
/// U+F780 to U+F7FF themselves. So every parser takes the text, and the bytes come back by replacing
/// each scalar of that range with one byte.
package struct JSONWriter: Sendable {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    /// The longest string; longer ones are cut with the marker of `Cut`.
    package var stringLimitBytes = Int.max
    /// Whether the next value or key is the first in its container.
    private var isFirst = true

    /// Begins with nothing.
    package init() {}

    /// Writes an object; `fill` writes its members.
    package mutating func object(_ fill: (inout JSONWriter) -> Void) {
        container("{", "}", fill)
    }

    /// Writes an array; `fill` writes its elements.
    package mutating func array(_ fill: (inout JSONWriter) -> Void) {
        container("[", "]", fill)
    }

    /// Writes an array of strings.
    package mutating func array(_ strings: some Sequence<[UInt8]>) {
        array { for string in strings { $0.string(string) } }
    }

    /// Writes the key of the next value.
    package mutating func key(_ name: String) {
        separate()
        quoted(Array(name.utf8))
        bytes.append(UInt8(ascii: ":"))
        isFirst = true
    }

    /// Writes a string.
    package mutating func string(_ value: [UInt8]) {
        separate()
        quoted(Cut.bytes(value, limit: stringLimitBytes))
    }

    /// Writes an integer.
    package mutating func integer(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    private mutating func container(
        _ opening: Unicode.Scalar,
        _ closing: Unicode.Scalar,
        _ fill: (inout JSONWriter) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: opening))
        isFirst = true
        fill(&self)
        bytes.append(UInt8(ascii: closing))
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func quoted(_ value: [UInt8]) {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        bytes.append(quote)
        var scanner = TextScanner(value)
        while let unit = scanner.next() {
            switch unit {
            case .printable(let range):
                for byte in value[range] {
                    if byte == quote || byte == backslash { bytes.append(backslash) }
                    bytes.append(byte)
                }
            case .unsafeScalar(0x09): bytes.append(contentsOf: #"\t"#.utf8)
            case .unsafeScalar(0x0A): bytes.append(contentsOf: #"\n"#.utf8)
            case .unsafeScalar(0x0D): bytes.append(contentsOf: #"\r"#.utf8)
            case .unsafeScalar(let scalar):
                guard let scalar = Unicode.Scalar(scalar) else { continue }
                for unit in Unicode.UTF16.encode(scalar) ?? .init() { escape(unit) }
            case .invalidByte(let byte): escape(0xF700 + UInt16(byte))
            }
        }
        bytes.append(quote)
    }

    private mutating func escape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: (#"\u"# + String(repeating: "0", count: 4 - digits.count)).utf8)
        bytes.append(contentsOf: digits.utf8)
    }
}

/// Members that are left out when there is nothing to say.
extension JSONWriter {
    mutating func member(_ name: String, _ value: [UInt8]?) {
        guard let value, !value.isEmpty else { return }
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: String?) {
        member(name, value.map { Array($0.utf8) })
    }

    mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    mutating func member(_ name: String, _ value: Timestamp?) {
        member(name, value?.rfc3339)
    }

    /// Writes only `true`: an absent flag is false.
    mutating func flag(_ name: String, _ value: Bool) {
        guard value else { return }
        key(name)
        boolean(true)
    }
}
