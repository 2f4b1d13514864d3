// Hostile sizes: each ends in one diagnostic with a place, soon.

import Diagnostics
import Testing
import YAML

@Suite struct YAMLLimitsTests {
    private static func bomb(levels: Int) -> String {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...levels {
            let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        return text
    }

    static let hostile: [(name: String, text: String, code: Diagnostic.Code)] = [
        ("a billion laughs", bomb(levels: 12), Diagnostic.Code.yamlNodes),
        ("flow nesting", String(repeating: "[", count: 1 << 20), Diagnostic.Code.yamlDepth),
        ("flow mappings", String(repeating: "{a: ", count: 1 << 20), Diagnostic.Code.yamlDepth),
        ("block nesting", String(repeating: "- ", count: 1 << 20), Diagnostic.Code.yamlDepth),
        ("explicit keys", String(repeating: "? ", count: 1 << 20), Diagnostic.Code.yamlDepth),
        (
            "aliases", "a: &x 1\nb: [" + String(repeating: "*x,", count: 100_000) + "]",
            Diagnostic.Code.yamlAliases
        ),
        (
            "a long text by aliases",
            "a: &x \(String(repeating: "x", count: 1 << 20))\nb: ["
                + String(repeating: "*x,", count: 1_000) + "]", .yamlNodes
        ),
        ("values", "[" + String(repeating: "a,", count: 1 << 20) + "]", Diagnostic.Code.yamlNodes),
        ("lines", String(repeating: "- a\n", count: 1 << 20), Diagnostic.Code.yamlNodes),
        (
            "directives", String(repeating: "%TAG !a! x\n", count: 200_000) + "---\na: 1\n",
            Diagnostic.Code.yamlDirectives
        ),
        ("size", String(repeating: "#", count: 5 << 20), Diagnostic.Code.yamlSize),
    ]

    @Test(arguments: hostile.indices)
    func `refuses a hostile text in little time`(index: Int) {
        let (name, text, code) = Self.hostile[index]
        let clock = ContinuousClock()
        let bytes = Array(text.utf8)
        var document: YAMLDocument?
        let time = clock.measure { document = YAMLDocument(name: name, bytes: bytes) }
        #expect(document?.diagnostics.map(\.code) == [code])
        #expect(document?.diagnostics.first?.span != nil)
        #expect(document?.root == nil)
        #expect(time < .seconds(30), "\(name): \(time)")
    }

    /// A text in parts: a test prints its arguments.
    struct Text {
        var start = ""
        let unit: String
        let count: Int
        var end = ""
    }

    @Test(arguments: [
        Text(start: "a: ", unit: "x", count: 3_000_000),
        Text(start: "a: '", unit: "x\n ", count: 1_000_000, end: "'"),
        Text(start: "a: >\n", unit: "  x\n", count: 500_000),
        Text(unit: "# comment\n", count: 300_000),
        Text(unit: "k", count: 1_000_000, end: ": 1"),
        Text(unit: "\n", count: 3_000_000),
        Text(unit: "\"", count: 1_000_000),
        Text(unit: "&a ", count: 1_000_000),
        Text(unit: "!a ", count: 1_000_000),
        Text(start: "a: \"", unit: "\\x41", count: 500_000, end: "\""),
    ])
    func `answers in little time for long texts`(text: Text) {
        let whole = text.start + String(repeating: text.unit, count: text.count) + text.end
        let bytes = Array(whole.utf8)
        let time = ContinuousClock().measure {
            let document = YAMLDocument(name: "f", bytes: bytes)
            if let scalar = document.root?["a"]?.scalar {
                #expect(ScalarSourceMap(of: scalar, in: document.file).isExact)
            }
        }
        #expect(time < .seconds(30))
    }

    @Test func `lets merged mappings cost no more than their size`() {
        var text =
            "a: &x {" + (0..<200).map { "k\($0): 1" }.joined(separator: ", ") + "}\nb:\n  <<: ["
        text += (0..<900).map { _ in "*x" }.joined(separator: ", ") + "]\n"
        let document = YAMLDocument(name: "f", bytes: Array(text.utf8))
        #expect(document.root?["b"]?.mapping?.count == 200)
    }
}
