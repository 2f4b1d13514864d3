// Lines and columns over text with every kind of line end and encoding damage.

import Diagnostics
import Testing

@Suite struct SourceFileTests {
    @Test(arguments: [
        ("", 0, 1, 1), ("abc", 0, 1, 1), ("abc", 3, 1, 4), ("abc", 99, 1, 4), ("abc", -1, 1, 1),
        ("a\nb", 2, 2, 1), ("a\r\nb", 3, 2, 1), ("a\n", 2, 2, 1), ("é=x", 3, 1, 3),
        ("日本x", 6, 1, 3), ("é", 1, 1, 1), ("\u{FEFF}a", 3, 1, 1),
    ])
    func `counts lines and characters from one`(
        text: String,
        offset: Int,
        line: Int,
        column: Int
    ) {
        let file = SourceFile(name: "f", bytes: Array(text.utf8))
        #expect(file.position(of: offset) == SourcePosition(line: line, column: column))
    }

    @Test func `counts a byte that is not UTF-8 as one character`() {
        let file = SourceFile(name: "f", bytes: [0xFF, 0xC3, 0x61, 0xED, 0xA0, 0x80, 0x62])
        #expect(file.position(of: 2).column == 3)
        #expect(file.position(of: 6).column == 7)
    }

    @Test(arguments: [
        ("a\nb\n", 1, "a"), ("a\nb\n", 2, "b"), ("a\nb\n", 3, ""), ("a\r\nb", 1, "a"),
        ("a\r", 1, "a\r"), ("\r\n", 1, ""), ("a\nb", 9, "b"),
    ])
    func `gives the text of a line without its end`(text: String, line: Int, expected: String) {
        #expect(SourceFile(name: "f", bytes: Array(text.utf8)).text(ofLine: line) == expected)
    }

    @Test(arguments: [
        ("pathh", "path"), ("expresion", "expression"), ("exrpession", "expression"),
        ("Path", "path"), ("tagz", "tags"),
    ])
    func `finds the name somebody meant`(word: String, expected: String) {
        let names = ["id", "expression", "path", "tags", "filters"]
        #expect(Spelling.nearest(to: word, among: names) == expected)
    }

    @Test(arguments: ["", "zzzzz", "xyz", String(repeating: "a", count: 100)])
    func `finds nothing where nothing is near`(word: String) {
        #expect(Spelling.nearest(to: word, among: ["path", "expression"]) == nil)
    }
}
