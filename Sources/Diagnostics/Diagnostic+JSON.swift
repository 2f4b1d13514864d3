// A diagnostic as one JSON object on one line, for tools. Same facts as the text, no layout.

extension Diagnostic {
    /// One JSON object without a line end.
    ///
    /// Keys: `severity`, `code`, `message`, then if known `file`, `line`, `column`, `end_line`,
    /// `end_column` (counted like `SourcePosition`), `suggestion`, and `notes`, a list of objects
    /// with `message` and the same place keys. Keys without a value are left out.
    package var json: String {
        var members = [
            Self.member("severity", severity.word), Self.member("code", code.name),
            Self.member("message", message),
        ]
        members += Self.place(span, file)
        if let suggestion { members.append(Self.member("suggestion", suggestion)) }
        if !notes.isEmpty {
            let items = notes.map { note in
                let place = Self.place(note.span, note.file ?? file)
                return Self.object([Self.member("message", note.message)] + place)
            }
            members.append("\"notes\":[\(items.joined(separator: ","))]")
        }
        return Self.object(members)
    }

    private static func object(_ members: [String]) -> String {
        "{\(members.joined(separator: ","))}"
    }

    private static func member(_ key: String, _ value: String) -> String {
        "\"\(key)\":\(Escaping.json(value))"
    }

    private static func place(_ span: SourceSpan?, _ file: SourceFile?) -> [String] {
        guard let file else { return [] }
        var members = [member("file", file.name)]
        if let span {
            let start = file.position(of: span.start)
            let end = file.position(of: span.end)
            members += [
                "\"line\":\(start.line)", "\"column\":\(start.column)",
                "\"end_line\":\(end.line)", "\"end_column\":\(end.column)",
            ]
        }
        return members
    }
}
