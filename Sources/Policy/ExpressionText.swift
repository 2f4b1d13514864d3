// An expression where it stands: its text, and the way from a place in it to a place in the file.

package import Diagnostics
import RuleLanguage
package import YAML

/// A SECL expression as written in a YAML file.
package struct ExpressionText: Sendable, Equatable {
    /// The YAML value it is.
    package let scalar: YAMLScalar
    /// The file it stands in.
    package let file: SourceFile

    /// The expression itself, after YAML quoting and folding.
    package var text: String { scalar.value }
    /// Where it stands in the file.
    package var span: SourceSpan { scalar.span }

    /// Takes a scalar of a file.
    package init(scalar: YAMLScalar, file: SourceFile) {
        self.scalar = scalar
        self.file = file
    }

    /// Equal if the text is, wherever it stands.
    package static func == (left: ExpressionText, right: ExpressionText) -> Bool {
        left.text == right.text
    }

    /// Findings whose spans are relative to the expression, moved to the file.
    ///
    /// Those without a place get that of the expression.
    package func placed(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        guard !diagnostics.isEmpty else { return [] }
        let map = ScalarSourceMap(of: scalar, in: file)
        return diagnostics.map { diagnostic in
            var result = diagnostic.placed(in: file) { map.fileSpan(of: $0) }
            if result.span == nil { result.span = scalar.span }
            if result.severity == .error, let comment = commentAfter {
                result.notes.append(
                    .init(
                        "YAML takes this for a comment: put the expression in quotes",
                        span: comment,
                        file: file
                    )
                )
            }
            return result
        }
    }

    /// A warning for each comment that takes lines of the file with it.
    ///
    /// A comment ends with its line, but YAML joins the lines of most styles before anybody reads
    /// the expression.
    package var swallowedLines: [Diagnostic] {
        guard scalar.style != .literal else { return [] }
        let comments = Comments.spans(in: text)
        guard !comments.isEmpty else { return [] }
        let map = ScalarSourceMap(of: scalar, in: file)
        return comments.compactMap { comment in
            let span = map.fileSpan(of: comment)
            let lines = file.bytes[span.start..<span.end].split { $0 == 0x0A || $0 == 0x0D }
            guard lines.dropFirst().contains(where: { !Self.isComment($0) }) else { return nil }
            return Diagnostic(
                .warning,
                code: .swallowedLines,
                message: "the comment goes on to the end of the expression: YAML joins these lines",
                span: SourceSpan(start: span.start, end: span.start + (lines.first?.count ?? 0)),
                file: file,
                suggestion: "begin the block with '|' instead, or move the comment out of it"
            )
        }
    }

    /// Whether nothing is lost with a line.
    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        return rest.isEmpty || rest.starts(with: "#".utf8) || rest.starts(with: "//".utf8)
    }

    /// The ` #` that ended an unquoted expression early, where it was probably meant to be in it.
    private var commentAfter: SourceSpan? {
        guard scalar.style == .plain else { return nil }
        var offset = scalar.span.end
        while offset < file.bytes.count, file.bytes[offset] == 0x20 { offset += 1 }
        guard offset < file.bytes.count, file.bytes[offset] == UInt8(ascii: "#") else { return nil }
        // An odd number of quotes says that the text was cut inside a string.
        let quotes = scalar.value.utf8.count { $0 == UInt8(ascii: "\"") }
        return quotes % 2 == 1 ? SourceSpan(start: offset, end: offset + 1) : nil
    }
}

/// A value with the place it was written at; equal if the value is.
package struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    /// What was written.
    package var value: Value
    /// Where.
    package var span: SourceSpan

    /// Places a value.
    package init(_ value: Value, _ span: SourceSpan) {
        self.value = value
        self.span = span
    }

    /// Equal if the values are.
    package static func == (left: Located, right: Located) -> Bool { left.value == right.value }
}
