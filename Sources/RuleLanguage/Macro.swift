// A named piece of expression that rules can use. Immutable; parsed once.

internal import Diagnostics

/// A macro as a policy defines it.
package struct Macro: Sendable {
    /// What the name stands for.
    package enum Body: Sendable, Equatable {
        /// An expression, a list or a value in the language.
        case expression([UInt8])
        /// Plain strings; nothing in them is a pattern.
        case values([[UInt8]])
    }

    package let body: Body

    package init(_ body: Body) { self.body = body }

    /// A macro from text.
    package init(expression: String) { self.init(.expression(Array(expression.utf8))) }
}

/// A macro after parsing.
struct ParsedMacro: Sendable {
    let tree: SyntaxNode
    let diagnostics: [Diagnostic]
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    init(_ macro: Macro) {
        switch macro.body {
        case .expression(let bytes):
            var parser = Parser(bytes)
            tree = parser.parseMacro()
            diagnostics = parser.diagnostics
        case .values(let values):
            let span = SourceSpan(start: 0, end: 0)
            let members = values.map { value in
                SyntaxNode(kind: .literal(Literal(kind: .string, bytes: value)), span: span)
            }
            tree = SyntaxNode(kind: .list(members), span: span)
            diagnostics = []
        }
    }
}
