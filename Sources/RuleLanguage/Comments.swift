// Where the comments of an expression stand, for those who know what was joined to their lines.

package import Diagnostics

/// Comments in expressions: from `#` or `//` to the end of the line.
package enum Comments {
    /// The places of comments in a text; none in one too long to be an expression.
    package static func spans(in text: String) -> [SourceSpan] {
        let bytes = Array(text.utf8)
        // Most expressions have none, and looking twice at each would cost more than it is worth.
        let mayHave = bytes.indices.contains { index in
            bytes[index] == UInt8(ascii: "#")
                || bytes[index] == UInt8(ascii: "/") && index + 1 < bytes.count
                    && bytes[index + 1] == UInt8(ascii: "/")
        }
        guard mayHave, bytes.count <= Parser.maximumLength else { return [] }
        return Lexer(bytes).comments
    }
}
