// Texts to trees: places of keys and values, and an answer with a place for every bad text.

import Diagnostics
import Testing
import YAML

@Suite struct YAMLDocumentTests {
    private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLDocument {
        YAMLDocument(name: "f", bytes: Array(text.utf8), limits: limits)
    }

    private func source(_ span: SourceSpan, _ document: YAMLDocument) -> String {
        String(decoding: document.file.bytes[span.start..<span.end], as: UTF8.self)
    }

    @Test func `knows where every key and value stands`() throws {
        let document = read("é: x\nrules:\n  - id: \"a b\"\n    tags: [t1, {q: 'v'}]\nend: 1\n")
        #expect(document.diagnostics.isEmpty)
        let root = try #require(document.root)
        let pairs = try #require(root.mapping)
        #expect(pairs.map { source($0.key.span, document) } == ["é", "rules", "end"])
        let rule = try #require(root["rules"]?.sequence?.first)
        #expect(source(rule.span, document) == "id: \"a b\"\n    tags: [t1, {q: 'v'}]")
        let id = try #require(rule["id"]?.scalar)
        #expect(id.value == "a b" && id.style == .doubleQuoted)
        #expect(source(id.span, document) == "\"a b\"")
        let tags = try #require(rule["tags"])
        #expect(source(tags.span, document) == "[t1, {q: 'v'}]")
        #expect(source(try #require(tags.sequence).last?["q"]?.span ?? id.span, document) == "'v'")
    }

    @Test(arguments: [
        ("true", true), ("yes", true), ("On", true), ("false", false), ("NO", false),
        ("off", false), ("'true'", nil), ("tRue", nil), ("y", nil), ("1", nil), ("", nil),
    ])
    func `reads truth values only when asked`(text: String, expected: Bool?) {
        let node = read("k: \(text)").root?["k"]
        #expect(node?.scalar?.boolean == expected)
    }

    @Test(arguments: [
        ("0", 0), ("-7", -7), ("+7", 7), ("0x1F", 31), ("0o17", 15), ("0b101", 5),
        ("9223372036854775807", Int64.max), ("9223372036854775808", nil), ("010", nil),
        ("1_000", nil), ("1.5", nil), ("'5'", nil), ("0x-1", nil), ("-", nil), ("", nil),
    ])
    func `reads integers only when asked`(text: String, expected: Int64?) {
        #expect(read("k: \(text)").root?["k"]?.scalar?.integer == expected)
    }

    @Test(arguments: [
        ("~", nil), ("null", nil), ("", nil), ("'~'", "~"), ("no", "no"), ("5", "5"),
        ("!!str ~", "~"),
    ])
    func `gives the text of what is there`(text: String, expected: String?) {
        #expect(read("k: \(text)").root?["k"]?.string == expected)
    }

    @Test func `copies what an alias names, with the original places`() throws {
        let document = read("a: &x {p: 1}\nb: *x\nc: {<<: *x, p: 2, q: 3}\nd: {<<: [*x, {p: 9}]}\n")
        #expect(document.diagnostics.isEmpty)
        let root = try #require(document.root)
        #expect(root["b"] == root["a"])
        #expect(root["c"]?["p"]?.string == "2")
        #expect(root["d"]?["p"]?.string == "1")
    }

    @Test(arguments: ["", "# only a comment\n", "---\n", "\u{FEFF}", "---\n...\n"])
    func `takes an empty text for nothing`(text: String) {
        let document = read(text)
        #expect(document.diagnostics.isEmpty)
        #expect(document.root?.isNull ?? true)
    }

    /// Each case: the text, the code and where the first finding is.
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", "Y010", 3, 1), ("a: 1\n---\nb: 2\n", "Y012", 2, 1),
        ("a: [1, 2\nb: 3\n", "Y001", 2, 2), ("a: \"x\ny\n", "Y001", 3, 1),
        ("a:\n\tb: 1\n", "Y001", 2, 1), ("a: b: c\n", "Y001", 1, 5),
        ("é: \"x\" in y\n", "Y001", 1, 8), ("? [a]\n: 1\n", "Y011", 1, 3),
        ("a: *x\n", "Y009", 1, 4), ("a: &x [*x]\n", "Y009", 1, 8), ("a: {<<: 1}\n", "Y014", 1, 5),
        ("a: \u{0}\n", "Y004", 1, 4), ("a: \u{1B}[m\n", "Y004", 1, 4), ("a: \u{7F}", "Y004", 1, 4),
        ("a: {b: [1}\n", "Y001", 1, 10), ("@x\n", "Y001", 1, 1), ("a: 'b\n", "Y001", 2, 1),
    ])
    func `names the place of what is wrong`(text: String, code: String, line: Int, column: Int) {
        let document = read(text)
        let first = document.diagnostics.first
        #expect(first?.code.name == code)
        #expect(
            document.file.position(of: first?.span?.start ?? -1)
                == SourcePosition(line: line, column: column)
        )
    }

    @Test func `keeps the first of two equal keys and points at it`() {
        let document = read("a: 1\n'a': 2\nb: 3\n")
        #expect(document.root?["a"]?.string == "1")
        #expect(document.root?["b"]?.string == "3")
        #expect(document.diagnostics.first?.notes.first?.span == SourceSpan(start: 0, end: 1))
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61]] as [[UInt8]])
    func `refuses UTF-16`(bytes: [UInt8]) {
        let document = YAMLDocument(name: "f", bytes: bytes)
        #expect(document.diagnostics.map(\.code) == [Diagnostic.Code.yamlWideEncoding])
    }

    @Test func `refuses bytes that are not UTF-8, with the place`() {
        let document = YAMLDocument(name: "f", bytes: Array("a: b\nc: ".utf8) + [0xC3, 0x28])
        #expect(document.diagnostics.map(\.code) == [Diagnostic.Code.yamlEncoding])
        #expect(document.diagnostics[0].span?.start == 8)
    }

    @Test func `treats CRLF and a byte order mark like plain text`() {
        let unix = read("a: 'x\n  y'\nb:\n  - 1\n").root
        let other = read("\u{FEFF}a: 'x\r\n  y'\r\nb:\r\n  - 1\r\n").root
        #expect(other?["a"]?.string == "x y")
        #expect(unix?["a"]?.string == other?["a"]?.string)
        #expect(other?["b"]?.sequence?.count == 1)
    }

    @Test func `has an answer for a text cut at every byte`() {
        let text =
            "a: &x \"q\\u00e9\"\nb: [1, {c: 'd'}]\ne: >-\n  f\n   g\n\nh: *x\n? i\n: {<<: {j: |+\n"
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            let document = YAMLDocument(name: "f", bytes: Array(bytes.prefix(count)))
            for finding in document.diagnostics {
                #expect(!DiagnosticRenderer().text(of: finding).isEmpty)
                #expect(finding.span.map { $0.end <= count && $0.start >= 0 } ?? false)
            }
            #expect(document.root != nil || !document.diagnostics.isEmpty || count == 0)
        }
    }
}
