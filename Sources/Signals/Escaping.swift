// How bytes of the host are put into text for people. The one place that does it.

/// Puts bytes of unknown encoding into text.
package enum Escaping {
    /// One line that shows the bytes: what cannot be shown becomes `\n`, `\xNN` (a byte) or
    /// `\uNNNN` (a scalar), and a backslash is doubled, so that no two byte strings look alike.
    package static func display(_ bytes: [UInt8]) -> String {
        escaped(bytes, special: [UInt8(ascii: "\\")])
    }

    /// One word of a shell command line: as it is if harmless, else quoted.
    ///
    /// A shell that knows `$'…'` (bash, zsh, ksh) reads the same bytes back.
    package static func shellWord(_ bytes: [UInt8]) -> String {
        if !bytes.isEmpty, bytes.allSatisfy(isHarmless) {
            return String(decoding: bytes, as: UTF8.self)
        }
        let quote = UInt8(ascii: "'")
        var scanner = TextScanner(bytes)
        let first = scanner.next()
        if first == nil || first == .printable(0..<bytes.count) {
            let parts = bytes.split(separator: quote, omittingEmptySubsequences: false)
            return "'"
                + parts.map { String(decoding: $0, as: UTF8.self) }
                .joined(separator: #"'\''"#) + "'"
        }
        return "$'" + escaped(bytes, special: [UInt8(ascii: "\\"), quote]) + "'"
    }

    /// A command line that a shell would read back as these arguments.
    package static func commandLine(_ arguments: some Sequence<[UInt8]>) -> String {
        arguments.map(shellWord).joined(separator: " ")
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "_@%+=:,./-".utf8.contains(byte)
    }

    private static func escaped(_ bytes: [UInt8], special: [UInt8]) -> String {
        var scanner = TextScanner(bytes)
        var text = ""
        while let unit = scanner.next() {
            switch unit {
            case .printable(let range):
                var run: [UInt8] = []
                for byte in bytes[range] {
                    if special.contains(byte) { run.append(UInt8(ascii: "\\")) }
                    run.append(byte)
                }
                text += String(decoding: run, as: UTF8.self)
            case .unsafeScalar(0x09): text += #"\t"#
            case .unsafeScalar(0x0A): text += #"\n"#
            case .unsafeScalar(0x0D): text += #"\r"#
            case .unsafeScalar(let scalar) where scalar < 0x80:
                text += hexadecimal(#"\x"#, scalar, 2)
            case .unsafeScalar(let scalar) where scalar > 0xFFFF:
                text += hexadecimal(#"\U"#, scalar, 8)
            case .unsafeScalar(let scalar): text += hexadecimal(#"\u"#, scalar, 4)
            case .invalidByte(let byte): text += hexadecimal(#"\x"#, UInt32(byte), 2)
            }
        }
        return text
    }

    private static func hexadecimal(_ prefix: String, _ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return prefix + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Cuts strings that are too long, and says so in what is left.
package enum Cut {
    /// The bytes, or their beginning followed by `...[N bytes cut]`.
    ///
    /// The beginning is at most `limit` bytes and does not end inside a UTF-8 scalar; the marker
    /// comes on top.
    package static func bytes(_ bytes: [UInt8], limit: Int) -> [UInt8] {
        guard bytes.count > limit else { return bytes }
        var end = max(0, limit)
        // Only as far as a scalar can reach: bytes that are not UTF-8 are cut where they are.
        var steps = 0
        while end > 0, steps < 3, bytes[end] & 0xC0 == 0x80 {
            end -= 1
            steps += 1
        }
        if end > 0, bytes[end] & 0xC0 == 0x80 { end = max(0, limit) }
        return bytes[..<end] + Array("...[\(bytes.count - end) bytes cut]".utf8)
    }
}
