// Diagnostics as text for people and editors, in the manner of gcc: place, message, source line,
// caret. Owns the layout only. Everything it prints is escaped.

/// Turns diagnostics into text.
package struct DiagnosticRenderer: Sendable {
    /// How many terminal cells of a source line are shown; longer lines show a window.
    package var sourceWidth: Int

    /// Makes a renderer; less than 20 cells are 20.
    package init(sourceWidth: Int = 100) { self.sourceWidth = max(20, sourceWidth) }

    /// The text of one diagnostic: one or more lines, each ended by "\n".
    ///
    /// The first is `file:line:column: error: message [code]`, what editors parse; a source line
    /// with a caret follows, then the help, then each note in the same shape.
    package func text(of diagnostic: Diagnostic) -> String {
        var result = heading(
            diagnostic.severity.word,
            diagnostic.message,
            diagnostic.span,
            diagnostic.file
        )
        result += " [\(Escaping.terminal(diagnostic.code.name))]\n"
        result += excerpt(diagnostic.span, diagnostic.file)
        if let suggestion = diagnostic.suggestion {
            result += "  help: \(Escaping.terminal(suggestion))\n"
        }
        for note in diagnostic.notes {
            guard note.span != nil else {
                result += "  note: \(Escaping.terminal(note.message))\n"
                continue
            }
            let file = note.file ?? diagnostic.file
            result += heading("note", note.message, note.span, file) + "\n"
            result += excerpt(note.span, file)
        }
        return result
    }

    private func heading(
        _ kind: String,
        _ message: String,
        _ span: SourceSpan?,
        _ file: SourceFile?
    ) -> String {
        var place = ""
        if let file {
            place = Escaping.terminal(file.name) + ":"
            if let span {
                let position = file.position(of: span.start)
                place += "\(position.line):\(position.column):"
            }
            place += " "
        }
        return "\(place)\(kind): \(Escaping.terminal(message))"
    }

    private func excerpt(_ span: SourceSpan?, _ file: SourceFile?) -> String {
        guard let span, let file else { return "" }
        return excerpt(of: file, at: span)
    }

    /// The source line of a span with a caret under the span: two lines, each ended by "\n"; "" of an
    /// empty file.
    package func excerpt(of file: SourceFile, at span: SourceSpan) -> String {
        guard !file.bytes.isEmpty else { return "" }
        let line = file.position(of: span.start).line
        let excerpt = SourceExcerpt(of: file, line: line, span: span, width: sourceWidth)
        let number = String(line)
        let margin = String(repeating: " ", count: max(0, 5 - number.count))
        let blank = String(repeating: " ", count: max(5, number.count))
        return "\(margin)\(number) | \(excerpt.source)\n\(blank) | \(excerpt.marker)\n"
    }
}
