// The way in: a text to a tree and its diagnostics. Checks the bytes before libyaml sees them, so
// that each kind of damage has a message and a place of its own.

package import Diagnostics

/// A YAML text that was read: at most one document, with everything that is wrong with it.
package struct YAMLDocument: Sendable {
    /// The text; what all spans refer to.
    package let file: SourceFile
    /// The tree; nil if the text is empty or not usable as YAML.
    package let root: YAMLNode?
    package let diagnostics: [Diagnostic]

    /// Reads a text of any content; bounded by `limits` in time and memory.
    package init(name: String, bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) {
        guard bytes.count <= limits.sizeBytes else {
            file = SourceFile(name: name, bytes: Array(bytes.prefix(256)))
            root = nil
            let message =
                "the file has \(bytes.count) bytes, the limit is \(limits.sizeBytes)"
            diagnostics = [
                Diagnostic(
                    .error,
                    code: .yamlSize,
                    message: message,
                    span: SourceSpan(start: 0, end: 0),
                    file: file
                )
            ]
            return
        }
        let file = SourceFile(name: name, bytes: bytes)
        self.file = file
        if let refusal = Self.refusal(of: file, limits) {
            root = nil
            diagnostics = [refusal]
            return
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var composer = YAMLComposer(file: file, from: start, limits: limits)
        do throws(YAMLFault) {
            try YAMLEvents.read(bytes, from: start) { composer.take($0) }
        } catch {
            composer.fail(error)
        }
        (root, diagnostics) = composer.finish()
    }

    /// What makes the bytes unfit for the parser: encoding, control characters, directives.
    private static func refusal(of file: SourceFile, _ limits: YAMLLimits) -> Diagnostic? {
        let bytes = file.bytes
        func error(_ code: Diagnostic.Code, _ message: String, _ start: Int, _ length: Int)
            -> Diagnostic
        {
            let span = SourceSpan(start: start, end: start + length)
            return Diagnostic(.error, code: code, message: message, span: span, file: file)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return error(.yamlWideEncoding, "the file is UTF-16, it must be UTF-8", 0, 2)
        }
        var offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var directives = 0
        var isLineStart = true
        while offset < bytes.count {
            let byte = bytes[offset]
            if isLineStart, byte == UInt8(ascii: "%") { directives += 1 }
            if directives > limits.directives {
                return error(.yamlDirectives, "too many directives", offset, 1)
            }
            isLineStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if (0x20..<0x7F).contains(byte) || isLineStart || byte == UInt8(ascii: "\t") {
                offset += 1
                continue
            }
            let character = UTF8Character(in: bytes, at: offset)
            guard let scalar = character.scalar else {
                return error(.yamlEncoding, "this byte is not UTF-8", offset, 1)
            }
            if !isPrintable(scalar) {
                let message =
                    scalar == "\0"
                    ? "NUL byte in the file"
                    : "control character \(Escaping.terminal(String(scalar))) in the file"
                return error(.yamlControlCharacter, message, offset, character.length)
            }
            offset += character.length
        }
        return nil
    }

    /// The characters YAML allows (YAML 1.1, section 5.1, `c-printable`).
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE,
            0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }
}
