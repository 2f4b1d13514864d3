// The exact text of diagnostics: editors parse the first line, people read the caret.

import Diagnostics
import Testing

@Suite struct DiagnosticRendererTests {
    private func render(_ text: [UInt8], _ start: Int, _ end: Int, width: Int = 100) -> String {
        let file = SourceFile(name: "r.yaml", bytes: text)
        let diagnostic = Diagnostic(
            .error,
            code: .init("R012"),
            message: "wrong",
            span: SourceSpan(start: start, end: end),
            file: file
        )
        return DiagnosticRenderer(sourceWidth: width).text(of: diagnostic)
    }

    private func lines(_ text: String, _ start: Int, _ end: Int, width: Int = 100) -> [String] {
        render(Array(text.utf8), start, end, width: width).split(separator: "\n").map(String.init)
    }

    @Test func `prints place, message, code, source, caret, help and notes`() {
        let file = SourceFile(name: "r.yaml", bytes: Array("id: a\nid: b\n".utf8))
        let diagnostic = Diagnostic(
            .warning,
            code: .init("R001"),
            message: "duplicate id",
            span: SourceSpan(start: 6, end: 8),
            file: file,
            notes: [.init("first defined here", span: SourceSpan(start: 0, end: 2))],
            suggestion: "did you mean 'di'?"
        )
        #expect(
            DiagnosticRenderer().text(of: diagnostic) == """
                r.yaml:2:1: warning: duplicate id [R001]
                    2 | id: b
                      | ^~
                  help: did you mean 'di'?
                r.yaml:1:1: note: first defined here
                    1 | id: a
                      | ^~

                """
        )
    }

    @Test(arguments: [
        ("a\tbc", 2, 4, "a   bc", "    ^~"), ("日本x", 6, 7, "日本x", "    ^"),
        ("日本x", 0, 6, "日本x", "^~~~"), ("abc", 3, 3, "abc", "   ^"),
        ("a\u{1B}[2Jb", 5, 6, "a\\x1b[2Jb", "        ^"), ("abc\ndef", 1, 6, "abc", " ^~"),
        ("e\u{301}x", 3, 4, "e\u{301}x", " ^"), ("ab\r\n", 1, 4, "ab", " ^"),
    ])
    func `puts the caret under the span`(
        text: String,
        start: Int,
        end: Int,
        source: String,
        marker: String
    ) {
        let printed = lines(text, start, end)
        #expect(printed[1] == "    1 | " + source)
        #expect(printed[2] == "      | " + marker)
    }

    @Test func `shows a byte that is not UTF-8 as hexadecimal`() {
        let printed = render([0x61, 0xFF, 0x62], 2, 3).split(separator: "\n")
        #expect(printed[1] == "    1 | a\\xffb")
        #expect(printed[2] == "      |      ^")
    }

    @Test func `shows a window of a long line`() {
        let text =
            String(repeating: "x", count: 5000) + "HERE" + String(repeating: "y", count: 5000)
        let printed = lines(text, 5000, 5004, width: 40)
        let source = printed[1].dropFirst(8)
        let caret = printed[2].dropFirst(8)
        #expect(source.hasPrefix("…x") && source.hasSuffix("y…"))
        #expect(source.count <= 42)
        let column = caret.prefix { $0 == " " }.count
        #expect(source.dropFirst(column).hasPrefix("HERE"))
        #expect(caret.hasSuffix("^~~~"))
    }

    @Test func `prints a file name and a message without control characters`() {
        let file = SourceFile(name: "a\u{1B}[31m", bytes: Array("x".utf8))
        let diagnostic = Diagnostic(
            .error,
            code: .init("R0"),
            message: "un\nknown \u{202E}",
            file: file
        )
        #expect(
            DiagnosticRenderer().text(of: diagnostic)
                == "a\\x1b[31m: error: un\\nknown \\u{202e} [R0]\n"
        )
    }

    @Test func `renders as one JSON object`() {
        let file = SourceFile(name: "r\"y", bytes: Array("ab\ncd".utf8))
        let diagnostic = Diagnostic(
            .error,
            code: .init("R2"),
            message: "tab\tquote\" \u{1B}",
            span: SourceSpan(start: 3, end: 5),
            file: file,
            notes: [.init("n")],
            suggestion: "s"
        )
        #expect(
            diagnostic.json == #"{"severity":"error","code":"R2","message":"tab\tquote\" \u001b","#
                + #""file":"r\"y","line":2,"column":1,"end_line":2,"end_column":3,"#
                + #""suggestion":"s","notes":[{"message":"n","file":"r\"y"}]}"#
        )
    }

    @Test func `places a finding of an expression in its file`() {
        let file = SourceFile(name: "f", bytes: Array("expr: abc".utf8))
        let inner = Diagnostic(
            .error,
            code: .init("R3"),
            message: "m",
            span: SourceSpan(start: 1, end: 2),
            notes: [.init("n", span: SourceSpan(start: 0, end: 1))]
        )
        let outer = inner.placed(in: file) { $0.shifted(by: 6) }
        #expect(outer.span == SourceSpan(start: 7, end: 8))
        #expect(outer.notes[0].span == SourceSpan(start: 6, end: 7))
        #expect(outer.file == file)
    }

    @Test func `renders any span of any bytes without a trap`() {
        let bytes: [UInt8] = [0x09, 0xE6, 0x97, 0x0A, 0xFF, 0x0D, 0x0A, 0xF0, 0x9F, 0x98, 0x80, 0]
        for start in -1...bytes.count + 1 {
            for end in start...bytes.count + 2 {
                #expect(!render(bytes, start, end, width: 20).isEmpty)
            }
        }
    }
}
