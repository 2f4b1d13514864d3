// Bytes of the host in text for people.

import Signals
import Testing

@Suite struct EscapingTests {
    @Test(
        arguments: [
            ([UInt8]("plain é"), "plain é"),
            ([UInt8](#"a\b"#), #"a\\b"#),
            ([0x61, 0x0A, 0x1B, 0x5B, 0x33, 0x31, 0x6D], #"a\n\x1b[31m"#),
            ([0xFF, 0x41], #"\xffA"#),
            ([UInt8]("a\u{202E}b\u{9B}"), #"a\u202eb\u009b"#),
        ] as [([UInt8], String)]
    )
    func `shows no control characters`(bytes: [UInt8], expected: String) {
        #expect(Escaping.display(bytes) == expected)
    }

    @Test(arguments: [
        (["./xmrig", "-o", "pool.example:3333"], "./xmrig -o pool.example:3333"),
        (["a b", "", "it's", "$HOME", "*"], #"'a b' '' 'it'\''s' '$HOME' '*'"#),
        (["tab\there'", #"back\slash"#], #"$'tab\there\'' 'back\slash'"#),
        (["~root", "#x", "a=b"], "'~root' '#x' a=b"),
    ])
    func `quotes a command line as a shell reads it`(arguments: [String], expected: String) {
        #expect(Escaping.commandLine(arguments.map { [UInt8]($0) }) == expected)
    }

    @Test func `quotes bytes that are not text`() {
        #expect(Escaping.shellWord([0x78, 0xFE, 0x31]) == #"$'x\xfe1'"#)
    }

    @Test(.enabled(if: hasProgram("/bin/bash"), "needs bash"))
    func `quotes so that bash reads the same bytes back`() throws {
        var generator = SystemRandomNumberGenerator()
        var arguments: [[UInt8]] = [[], [0x27], [0x5C, 0x27], [UInt8]("-n"), [UInt8]("\u{202E}é")]
        arguments += (1...255).map { [$0, 0x31] }
        arguments += (0..<100).map { length in
            (0..<length).map { _ in UInt8.random(in: 1...255, using: &generator) }
        }
        let script = "LC_ALL=C.UTF-8\nprintf '%s\\0' " + Escaping.commandLine(arguments)
        let answer = try #require(run(["/bin/bash", "-c", script]))
        #expect(answer.status == 0)
        let words = answer.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        for (word, argument) in zip(words, arguments) { #expect([UInt8](word) == argument) }
        #expect(words.count == arguments.count)
    }

    @Test(arguments: [
        ("12345", 5, "12345"), ("123456", 5, "12345...[1 bytes cut]"),
        ("ééé", 3, "é...[4 bytes cut]"), ("é", 0, "...[2 bytes cut]"),
    ])
    func `cuts with a marker and not inside a scalar`(text: String, limit: Int, expected: String) {
        #expect(Cut.bytes([UInt8](text), limit: limit).text == expected)
    }

    @Test func `cuts bytes that are not text where the limit is`() {
        let cut = Cut.bytes([UInt8](repeating: 0x80, count: 20), limit: 10)
        #expect(Array(cut.prefix(11)) == [UInt8](repeating: 0x80, count: 10) + [0x2E])
    }
}

@Suite struct ThreatNameTests {
    @Test(arguments: [
        (["tactic:impact", "threat:XMRig miner"], "/tmp/a", "", "", "XMRig miner"),
        (["threat:"], "/tmp/xmrig", "", "", "xmrig"),
        ([], "/usr/bin/python3", "/tmp/mine.py", "", "mine.py"),
        ([], "", "", "/opt/minerd", "minerd"),
        ([], "memfd:kworker (deleted)", "", "", "memfd:kworker"),
        ([], "/tmp/dir/", "", "", "dir"),
        ([], "", "", "", "unknown"),
        ([], "/", "", "///", "unknown"),
        ([], "/tmp/x has automatically been killed.", "", "", "'x has automatically been killed.'"),
        ([], "/tmp/a\nMESSAGE=b", "", "", #"$'a\nMESSAGE=b'"#),
    ])
    func `names a threat`(
        tags: [String],
        executable: String,
        script: String,
        argv0: String,
        expected: String
    ) {
        let name = ThreatName(
            tags: tags,
            executable: [UInt8](executable),
            script: [UInt8](script),
            argv0: [UInt8](argv0)
        )
        #expect(name.text == expected)
    }

    @Test func `bounds a name`() {
        let name = ThreatName(executable: [UInt8](repeating: 0x61, count: 5000))
        #expect(name.text == "'" + String(repeating: "a", count: 64) + "...[4936 bytes cut]'")
    }
}

@Suite struct SignalIDTests {
    @Test func `reads back what it writes`() {
        let id = SignalID(time: Sample.time, instance: 0x8000_0001, counter: 7)
        #expect(id.description == "18eabcfb1a3b15158000000100000007")
        #expect(SignalID(id.description) == id)
        #expect(SignalID(id.description.uppercased()) == id)
    }

    @Test(arguments: [
        "", "1", String(repeating: "g", count: 32), String(repeating: "0", count: 33),
        "+0000000000000010000000000000002", "000000000000000 0000000000000000",
    ])
    func `refuses what is no identity`(text: String) {
        #expect(SignalID(text) == nil)
    }
}
