// Rule files that are meant to hurt: each has a finding with a place, in bounded time and memory.

import Glibc
import Testing

@Suite(.serialized) struct HostileFileTests {
    /// A file, and what `check` must say about it.
    struct Hostile: CustomTestStringConvertible {
        let name: String
        let content: @Sendable () -> String
        /// A code, or words of the message; nil if the file is fine.
        let finding: String?
        var status: Int32 = 1

        var testDescription: String { name }
    }

    private static let head = "rules:\n  - id: a\n    expression: "

    private static func rule(_ expression: String) -> String { "\(head)'\(expression)'\n" }

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined()
    }

    static let structures: [Hostile] = [
        Hostile(
            name: "aliases of aliases",
            content: {
                "a0: &a0 [x]\n"
                    + lines(40) { "a\($0 + 1): &a\($0 + 1) [*a\($0), *a\($0)]\n" } + "rules: *a40\n"
            },
            finding: "Y007"
        ),
        Hostile(name: "brackets", content: { "rules: " + repeated("[", 200_000) }, finding: "Y006"),
        Hostile(name: "braces", content: { "rules: " + repeated("{a: ", 90_000) }, finding: "Y006"),
        Hostile(name: "NUL", content: { rule("exec.comm == \"a\0b\"") }, finding: ":3:33: error"),
        Hostile(name: "tab", content: { "rules:\n\t- id: a\n" }, finding: ":2:1: error"),
        Hostile(
            name: "carriage returns",
            content: { "rules:\r\n  - id: a\r\n    expression: exec.comm ==\r\n      \"a\"\r\n" },
            finding: nil,
            status: 0
        ),
        Hostile(
            name: "keys twice",
            content: { rule("exec.uid == 1") + repeated("rules: []\n", 50_000) },
            finding: ":4:1: error: duplicate key"
        ),
        Hostile(
            name: "unknown keys",
            content: { rule("exec.uid == 1") + lines(20_000) { "    k\($0): 1\n" } },
            finding: "P001"
        ),
        Hostile(
            name: "many bad rules",
            content: {
                "rules:\n"
                    + lines(20_000) { "  - {id: r\($0), expression: exec.fil.n\($0) == \"a\"}\n" }
            },
            finding: "P099"
        ),
        Hostile(
            name: "overrides",
            content: {
                rule("exec.uid == 1")
                    + repeated(
                        "  - {id: a, combine: override, override_options: {fields: [every]}, every: 1s}\n",
                        20_000
                    )
            },
            finding: nil,
            status: 0
        ),
        Hostile(
            name: "overrides without effect",
            content: {
                rule("exec.uid == 1")
                    + repeated("  - {id: a, combine: override, every: 1s}\n", 20_000)
            },
            finding: "P027"
        ),
        Hostile(
            name: "actions",
            content: {
                rule("exec.uid == 1")
                    + lines(20_000) {
                        "  - {id: a, combine: override, override_options: {fields: [actions]}, "
                            + "actions: [{log: {level: info, message: m\($0)}}]}\n"
                    }
            },
            finding: "at most 256 actions"
        ),
    ]

    static let expressions: [Hostile] = [
        Hostile(
            name: "a cycle of macros",
            content: {
                "macros:\n"
                    + lines(1_000) {
                        "  - {id: M\($0), expression: M\(($0 + 1) % 1_000) && M\(($0 + 2) % 1_000)}\n"
                    } + "rules:\n  - {id: r, expression: M0}\n"
            },
            finding: "R005"
        ),
        Hostile(
            name: "macros that double",
            content: {
                "macros:\n  - {id: M0, expression: exec.uid == 1}\n"
                    + lines(60) { "  - {id: M\($0 + 1), expression: M\($0) && M\($0)}\n" }
                    + "rules:\n" + lines(1_000) { "  - {id: r\($0), expression: M60}\n" }
            },
            finding: "R005"
        ),
        Hostile(
            name: "a long list in many rules",
            content: {
                "macros:\n  - {id: M, values: [" + lines(50_000) { "x\($0)," } + "]}\nrules:\n"
                    + lines(1_000) { "  - {id: r\($0), expression: exec.comm in M}\n" }
            },
            finding: "the rules together are too large"
        ),
        Hostile(
            name: "ten thousand alternatives",
            content: {
                rule((0..<10_000).map { "exec.comm == \"a\($0)\"" }.joined(separator: " || "))
            },
            finding: nil,
            status: 0
        ),
        Hostile(
            name: "ten thousand conditions",
            content: {
                rule((0..<10_000).map { "exec.args =~ \"*a\($0)*\"" }.joined(separator: " && "))
            },
            finding: nil,
            status: 0
        ),
        Hostile(
            name: "fifty thousand members",
            content: {
                rule(
                    "exec.comm in [" + (0..<50_000).map { "\"a\($0)\"" }.joined(separator: ",")
                        + "]"
                )
            },
            finding: nil,
            status: 0
        ),
        Hostile(
            name: "parentheses",
            content: { rule(repeated("(", 10_000) + "exec.uid == 1" + repeated(")", 10_000)) },
            finding: "R005"
        ),
        Hostile(
            name: "negations",
            content: { rule(repeated("!", 100_000) + "exec.is_thread") },
            finding: "R005"
        ),
        Hostile(
            name: "comparisons",
            content: { rule("exec.uid" + repeated(" == 1", 50_000)) },
            finding: "R005"
        ),
        Hostile(
            name: "sums",
            content: { rule("exec.uid" + repeated(" + 1", 50_000)) },
            finding: "R014"
        ),
        Hostile(name: "no words", content: { rule(repeated("@", 500_000)) }, finding: "R001"),
        Hostile(
            name: "too long",
            content: { rule("exec.comm == \"" + repeated("a", 1 << 20) + "\"") },
            finding: "R005"
        ),
        Hostile(
            name: "regular expressions in many rules",
            content: {
                "rules:\n"
                    + lines(30_000) {
                        "  - {id: r\($0), expression: 'exec.args == r\"[a-z]{200}x\($0)\"'}\n"
                    }
            },
            finding: "R005"
        ),
        Hostile(
            name: "many regular expressions",
            content: {
                rule(
                    "exec.args in ["
                        + (0..<10_000).map { "r\"a\($0)[bc]{900}\"" }.joined(separator: ",") + "]"
                )
            },
            finding: "R005"
        ),
        Hostile(
            name: "a list of regular expressions in many rules",
            content: {
                "macros:\n  - id: M\n    expression: '["
                    + (0..<1_000).map { "r\"a\($0)[bc]{500}\"" }.joined(separator: ",") + "]'\n"
                    + "rules:\n" + lines(500) { "  - {id: r\($0), expression: exec.args in M}\n" }
            },
            finding: "the rules together are too large"
        ),
        Hostile(
            name: "counted repetitions",
            content: { rule("exec.args == r\"((a{1,1000}){1,1000}){1,1000}\"") },
            finding: "R017"
        ),
    ]

    @Test(arguments: structures + expressions)
    func `is told, in bounded time and memory`(file: Hostile) throws {
        try check(Array(file.content().utf8), file)
    }

    @Test func `bytes that are no UTF-8 have a place`() throws {
        let file = Hostile(name: "bytes", content: { "" }, finding: ":3:32: error")
        let bytes =
            Array(Self.head.utf8) + Array("exec.comm == \"a".utf8) + [0xFF, 0xFE, 0x22, 0x0A]
        try check(bytes, file)
    }

    @Test func `a file of a hundred megabytes is not read`() throws {
        let file = Hostile(name: "size", content: { "" }, finding: "too large", status: 2)
        try check([], file, size: 100 << 20)
    }

    private func check(_ bytes: [UInt8], _ file: Hostile, size: Int? = nil) throws {
        var name = Array("/tmp/minewarden-test-XXXXXX.yaml".utf8CString)
        let descriptor = mkstemps(&name, 5)
        try #require(descriptor >= 0)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            unlink(path)
        }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        if let size { try #require(ftruncate(descriptor, size) == 0) }
        let start = ContinuousClock.now
        let finished = try Program.minewarden.run(["check", path])
        let elapsed = ContinuousClock.now - start
        let text = finished.text + finished.errorText
        #expect(finished.status == file.status, "\(text.prefix(500))")
        if let finding = file.finding {
            #expect(text.lowercased().contains(finding.lowercased()), "\(text.prefix(500))")
        }
        #expect((1..<300).contains(finished.peakMegabytes), "\(finished.peakMegabytes)")
        // A tenth of it when released; this build is not optimised and shares the machine.
        #expect(elapsed < .seconds(60), "\(elapsed)")
    }
}
