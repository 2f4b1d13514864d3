// What is wrong, where, and what to do about it, as a value.
// Producers make these and go on; nothing here prints, and nothing knows a file format.

/// One finding about a text a person wrote.
package struct Diagnostic: Sendable, Equatable {
    /// How bad it is.
    package enum Severity: Sendable {
        /// What is marked does not take effect.
        case error
        /// It takes effect, but probably not as meant.
        case warning

        /// The word that is printed.
        package var word: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            }
        }
    }

    /// The stable name of a kind of finding, like "R012": never reused, never renumbered.
    package struct Code: Sendable, Hashable {
        /// A letter and three digits.
        package let name: String

        /// Names a kind of finding.
        package init(_ name: String) { self.name = name }
    }

    /// A further place or fact that belongs to a finding, like "first defined here".
    package struct Note: Sendable, Equatable {
        /// One line, lower case, no full stop.
        package var message: String
        package var span: SourceSpan?
        /// The text `span` lies in; nil means that of the diagnostic.
        package var file: SourceFile?

        /// Makes a note.
        package init(_ message: String, span: SourceSpan? = nil, file: SourceFile? = nil) {
            self.message = message
            self.span = span
            self.file = file
        }
    }

    /// How bad it is.
    package var severity: Severity
    package var code: Code
    /// One line, lower case, no full stop; may hold hostile text: escaped when rendered.
    package var message: String
    /// Where, relative to `file`; nil if it concerns the whole file.
    package var span: SourceSpan?
    package var file: SourceFile?
    package var notes: [Note]
    /// What to write instead, as a sentence without full stop: "did you mean 'path'?".
    package var suggestion: String?

    /// Makes a finding.
    package init(
        _ severity: Severity,
        code: Code,
        message: String,
        span: SourceSpan? = nil,
        file: SourceFile? = nil,
        notes: [Note] = [],
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.file = file
        self.notes = notes
        self.suggestion = suggestion
    }

    /// The same finding placed in a file.
    ///
    /// `map` turns each span of the text the producer saw into a span of `file`. Notes that name a
    /// file of their own stay as they are.
    package func placed(in file: SourceFile, _ map: (SourceSpan) -> SourceSpan) -> Diagnostic {
        var result = self
        result.file = file
        result.span = span.map(map)
        for index in result.notes.indices where result.notes[index].file == nil {
            result.notes[index].span = result.notes[index].span.map(map)
            result.notes[index].file = file
        }
        return result
    }
}
