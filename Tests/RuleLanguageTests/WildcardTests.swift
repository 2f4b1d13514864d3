// What `*` means: in patterns, in globs, and where it differs from the upstream matcher.

import Diagnostics
import RuleLanguage
import Testing

/// Upstream's matcher: takes the first occurrence of each part and never reconsiders.
private func greedyMatches(_ pattern: String, _ value: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1 else { return pattern == value }
    guard value.hasPrefix(parts[0]) else { return false }
    var rest = value.dropFirst(parts[0].count)
    for part in parts.dropFirst() where !part.isEmpty {
        var start = rest.startIndex
        while !rest[start...].hasPrefix(part) {
            guard start < rest.endIndex else { return false }
            start = rest.index(after: start)
        }
        rest = rest[start...].dropFirst(part.count)
    }
    return rest.isEmpty || pattern.hasSuffix("*")
}

/// The definition, with no care for time.
private func slowMatches(_ pattern: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return value.isEmpty }
    guard first == UInt8(ascii: "*") else {
        return value.first == first && slowMatches(pattern.dropFirst(), value.dropFirst())
    }
    return slowMatches(pattern.dropFirst(), value)
        || !value.isEmpty && slowMatches(pattern, value.dropFirst())
}

@Suite struct WildcardTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "a/b", true),
        ("abc", "abc", true), ("abc", "abcd", false), ("abc*", "abcdef", true),
        ("*abc", "abcdef", false), ("*abc", "xxabc", true), ("*b*", "abc", true),
        ("a*c", "ac", true), ("a*c", "abbc", true), ("a*c", "acb", false),
        ("a*b*c", "aXbYc", true), ("a*b*c", "aXcYb", false), ("*a*a*", "a", false),
        ("ab*ba", "aba", false), ("ab*ba", "abba", true), ("*/tmp/*", "/var/tmp/x", true),
        ("?", "a", false), ("[a]", "a", false), ("*.SH", "a.sh", false),
    ])
    func `a pattern crosses slashes and covers the whole value`(
        pattern: String,
        value: String,
        expected: Bool
    ) {
        let matched = WildcardPattern(Array(pattern.utf8)).matches(ByteString(value.utf8))
        #expect(matched == expected)
    }

    @Test(arguments: [
        ("*.sh", "a.sh.sh"), ("*ab", "abab"), ("*aa", "aaa"), ("a*bc*bc", "abcbcbc"),
    ])
    func `a pattern finds what the upstream matcher misses`(pattern: String, value: String) {
        #expect(!greedyMatches(pattern, value))
        #expect(WildcardPattern(Array(pattern.utf8)).matches(ByteString(value.utf8)))
    }

    @Test func `a pattern matches whatever the upstream matcher matches and is exact`() {
        var random = Random(seed: 7)
        for _ in 0..<4000 {
            let pattern = random.bytes(upTo: 8, from: "ab*")
            let value = random.bytes(upTo: 10, from: "ab")
            let matched = WildcardPattern(pattern).matches(value[...])
            #expect(matched == slowMatches(pattern[...], value[...]))
            let text = String(decoding: pattern, as: UTF8.self)
            if greedyMatches(text, String(decoding: value, as: UTF8.self)) { #expect(matched) }
        }
    }

    @Test func `a pattern that almost matches a megabyte takes linear time`() {
        let needle = [UInt8](repeating: UInt8(ascii: "a"), count: 2000) + Array("b".utf8)
        let pattern = WildcardPattern(Array("*".utf8) + needle + Array("*".utf8))
        let value = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        let time = ContinuousClock().measure { #expect(!pattern.matches(value[...])) }
        // Quadratic work would be two thousand million steps: minutes in a debug build.
        #expect(time < .seconds(5))
    }

    @Test(arguments: [
        ("/tmp/**", "/tmp/a", true), ("/tmp/**", "/tmp/a/b", true), ("/tmp/**", "/tmp", false),
        ("/tmp/**", "/tmp/", false), ("**", "/a/b", true), ("/**", "/a", true),
        ("/tmp/*", "/tmp/", true), ("/tmp/*", "/tmp/a", true), ("/tmp/*", "/tmp/a/b", false),
        ("*/xmrig", "/opt/xmrig", true), ("*/xmrig", "/xmrig", false),
        ("*/xmrig", "/opt/bin/xmrig", false), ("*xmrig", "/xmrig", false),
        ("/etc/conf.d/ab*", "/etc/conf.d/abc", true), ("/etc/conf.d/*b", "/etc/conf.d/ab", true),
        ("/etc/*/x", "/etc/a/x", true), ("/etc/*/x", "/etc/a/b/x", false),
        ("/etc/*/x", "/etc/a/x/y", false), ("/etc/*.conf", "/etc/a.conf.conf", true),
        ("/a", "/a", true), ("/a", "/b", false), ("/*/*/c", "/a/b/c", true), ("", "", true),
    ])
    func `a glob stops at slashes`(pattern: String, value: String, expected: Bool) {
        let matched = GlobPattern(Array(pattern.utf8)).matches(ByteString(value.utf8))
        #expect(matched == expected)
    }

    @Test func `the field decides which of the two a pattern is`() throws {
        let event = try event(["exec.file.path": "/opt/a/xmrig", "exec.args": "/opt/a/xmrig"])
        #expect(try value("exec.args == ~\"/opt/*\"", event))
        #expect(try !value("exec.file.path == ~\"/opt/*\"", event))
        #expect(try value("exec.file.path in [~\"/opt/*/xmrig\"]", event))
        #expect(try !value("exec.file.path in [\"/opt/*/xmrig\"]", event))
        #expect(try value("exec.file.path =~ \"/opt/**\"", event))
    }

    @Test func `values that are not text are matched as bytes`() throws {
        let event = try event([
            "exec.args": .string([0x80, 0xFF] + Array("xmrig".utf8) + [0xC3])
        ])
        #expect(try value("exec.args == ~\"*xmrig*\"", event))
        #expect(try value("exec.args == r\"^..xmrig.$\"", event))
        #expect(try !value("exec.args == ~\"xmrig*\"", event))
    }

    @Test func `a path or name is also tried by its other names`() throws {
        let event = try event(["exec.file.path": "/usr/bin/dash"])
        let path = Field(.process, .filePath)
        event.alternatives[path] = ByteStringList(["/bin/sh"])
        #expect(try value("exec.file.path == \"/bin/sh\"", event))
        #expect(try value("exec.file.path == \"/usr/bin/dash\"", event))
        #expect(try !value("exec.file.path != \"/bin/sh\"", event))
        #expect(try value("exec.file.path in [~\"/bin/*\"]", event))
        #expect(try !value("exec.file.name == \"sh\"", event))
    }
}
