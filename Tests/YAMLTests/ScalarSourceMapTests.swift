// From a byte of a value back to the byte of the file, for each style of scalar.

import Diagnostics
import Testing
import YAML

@Suite struct ScalarSourceMapTests {
    private func scalar(_ text: String) throws -> (YAMLScalar, YAMLDocument) {
        let document = YAMLDocument(name: "f", bytes: Array(text.utf8))
        #expect(document.diagnostics.isEmpty)
        return (try #require(document.root?["k"]?.scalar), document)
    }

    /// Each case: the file, the value, and pairs of a needle in the value and in the file.
    @Test(arguments: [
        ("k: a == bc", "a == bc", "bc", "bc"),
        ("k: a\n  == bc", "a == bc", "bc", "bc"),
        ("k: a\r\n  == bc\r\n", "a == bc", "bc", "bc"),
        ("k: a\n\n\n  bc", "a\n\nbc", "bc", "bc"),
        ("k: aé  bc  # c", "aé  bc", "bc", "bc"),
        ("k: 'it''s  bc '", "it's  bc ", "bc", "bc"),
        ("k: 'a\n  b \n\n  c'", "a b\nc", "c", "c'"),
        (#"k: "\x41\u00e9\t\"bc\"""#, "A\u{e9}\t\"bc\"", "bc", "bc"),
        (#"k: "\N\_\L\P\e\/bc""#, "\u{85}\u{a0}\u{2028}\u{2029}\u{1b}/bc", "bc", "bc"),
        ("k: \"a \\\n   bc\"", "a bc", "bc", "bc"),
        ("k: \"a\\\n\n   bc\"", "a\nbc", "bc", "bc"),
        ("k: \"a\n\n  bc \"", "a\nbc ", "bc", "bc"),
        ("k: |\n  a\n  bc\n", "a\nbc\n", "bc", "bc"),
        ("k: |-\n\n   a\n     bc\n\n", "\na\n  bc", "bc", "bc"),
        ("k: |+ # note\n  a\n  bc\n\n\n", "a\nbc\n\n\n", "bc", "bc"),
        ("k: |2\n    a\n  bc\n", "  a\nbc\n", "bc", "bc"),
        ("k: |\n  a\r\n  bc\r\nj: 1", "a\nbc\n", "bc", "bc"),
        ("k: >-\n  a ||\n  bc\n", "a || bc", "bc", "bc"),
        ("k: >\n  a\n  b\n\n  bc\n", "a b\nbc\n", "bc", "bc"),
        ("k: >\n  a\n    more\n    x\n  bc\n", "a\n  more\n  x\nbc\n", "bc", "bc"),
        ("j:\n  - 1\nk: >-\n      a\n      bc", "a bc", "bc", "bc"),
        ("k: >-\n  é\n  日 bc", "é 日 bc", "bc", "bc"),
    ])
    func `leads from a word of the value to the same word in the file`(
        text: String,
        value: String,
        inValue: String,
        inFile: String
    ) throws {
        let (scalar, document) = try scalar(text)
        #expect(scalar.value == value)
        let map = ScalarSourceMap(of: scalar, in: document.file)
        #expect(map.isExact)
        let offset = try #require(Self.last(inValue, in: Array(scalar.value.utf8)))
        #expect(map.fileOffset(of: offset) == Self.last(inFile, in: document.file.bytes))
        let span = map.fileSpan(of: SourceSpan(start: offset, end: offset + 1))
        #expect(span.end == span.start + 1)
    }

    private static func last(_ needle: String, in bytes: [UInt8]) -> Int? {
        let needle = Array(needle.utf8)
        guard bytes.count >= needle.count else { return nil }
        return (0...bytes.count - needle.count).last {
            bytes[$0..<$0 + needle.count].elementsEqual(needle)
        }
    }

    @Test(arguments: ["k: ''", "k: \"\"", "k: |\n", "k: >-\n\n\n", "k: |+\n\n\n", "k: |1\n   \n"])
    func `answers for values without text`(text: String) throws {
        let (scalar, document) = try scalar(text)
        let map = ScalarSourceMap(of: scalar, in: document.file)
        for offset in -1...scalar.value.utf8.count + 1 {
            #expect((0...document.file.bytes.count).contains(map.fileOffset(of: offset)))
        }
    }

    /// Lines made of everything that matters to folding, in every style and two nestings: the
    /// second reading must arrive at libyaml's value each time.
    @Test func `reads every style as libyaml does`() throws {
        let pieces = ["b c", "  ind", "", "t\té", "x  ", "#no", "   "]
        var read = 0
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    for text in Self.documents([first, second, third]) {
                        let document = YAMLDocument(name: "f", bytes: Array(text.utf8))
                        guard document.diagnostics.isEmpty,
                            let scalar = document.root?["m"]?["k"]?.scalar
                        else { continue }
                        read += 1
                        let map = ScalarSourceMap(of: scalar, in: document.file)
                        // Only blanks under an explicit indentation: places are approximate.
                        let isBlank = scalar.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A }
                        if !map.isExact, !isBlank { Issue.record("\(text.debugDescription)") }
                    }
                }
            }
        }
        #expect(read > 7_000)
    }

    private static func documents(_ lines: [String]) -> [String] {
        let flow = lines.joined(separator: "\n   ")
        var result = ["m:\n  k: '\(flow)'\n", "m:\n  k: \"\(flow)\"\n", "m:\n  k: x\(flow)\n"]
        result.append("m: {k: \"\(lines.joined(separator: "\\\n   "))\", j: 1}")
        for style in ["|", ">", "|-", ">-", "|+", ">+", "|2", ">1-"] {
            for lineEnd in ["\n", "\r\n"] {
                let block = lines.map { "     " + $0 }.joined(separator: lineEnd)
                result.append("m:\n  k: \(style)\(lineEnd)\(block)\(lineEnd)  j: 1\n")
                result.append("m:\n  k: \(style)\(lineEnd)\(block)")
            }
        }
        return result
    }
}
