// What counts as the same rule: definitions with everything written out, and differences for people.

import Policy
import Synchronization
import Testing

struct `Definitions and differences` {
    private func load(_ files: [String], protection: String? = nil) -> LoadResult {
        var options = LoadOptions()
        options.definitionDigest = { String(decoding: $0, as: UTF8.self) }
        return PolicyLoader.load(
            sources: files.enumerated().map {
                PolicySource(name: "\($0.offset).yaml", bytes: Array($0.element.utf8))
            },
            protection: protection.map {
                PolicySource(name: "protection.yaml", bytes: Array($0.utf8))
            },
            options: options
        )
    }

    private static let rule = """
        rules:
          - id: r
            description: One
            expression: exec.file.name in MINERS && exec.args =~ "*pool*"
            actions: [{kill: {signal: SIGKILL}}]

        """

    private static func macro(_ values: String) -> String {
        "macros:\n  - id: MINERS\n    values: [\(values)]\n"
    }

    private func definition(_ files: String...) -> String? { load(files).definitions["r"] }

    @Test func `a macro is a part of the rule`() throws {
        let first = definition(Self.macro("xmrig"), Self.rule)
        #expect(try #require(first).contains("xmrig"))
        #expect(first == definition(Self.macro("xmrig"), Self.rule))
        #expect(first != definition(Self.macro("xmrig, true"), Self.rule))
    }

    @Test func `a list that another file adds to is a part of the rule`() {
        let more = "macros:\n  - id: MINERS\n    values: [sh]\n    combine: merge\n"
        #expect(
            definition(Self.macro("xmrig"), Self.rule)
                != definition(Self.macro("xmrig"), Self.rule, more)
        )
    }

    @Test func `a macro that is not used is no part of the rule`() {
        let other = "macros:\n  - id: OTHERS\n    values: [sh]\n"
        #expect(
            definition(Self.macro("xmrig"), Self.rule)
                == definition(Self.macro("xmrig"), Self.rule, other)
        )
    }

    @Test func `an override is a part of the rule`() {
        let override = """
            rules:
              - id: r
                expression: exec.file.name == "sh"
                combine: override

            """
        #expect(
            definition(Self.macro("xmrig"), Self.rule)
                != definition(Self.macro("xmrig"), Self.rule, override)
        )
    }

    @Test(arguments: ["scope: container", "signal: SIGTERM"])
    func `what the kill does is a part of the rule`(key: String) {
        let other = Self.rule.replacing("signal: SIGKILL", with: "signal: SIGKILL, \(key)")
            .replacing("signal: SIGKILL, signal", with: "signal")
        #expect(
            definition(Self.macro("xmrig"), Self.rule) != definition(Self.macro("xmrig"), other)
        )
    }

    @Test func `its description is no part of what it blocks`() {
        let other = Self.rule.replacing("One", with: "Two")
        #expect(
            definition(Self.macro("xmrig"), Self.rule) == definition(Self.macro("xmrig"), other)
        )
        #expect(
            PolicyDifference(
                from: load([Self.macro("xmrig"), Self.rule]),
                to: load([Self.macro("xmrig"), other])
            ).changed == ["r"]
        )
    }

    @Test func `a rule that sets a variable which it reads is a part of the rule`() {
        func files(_ name: String) -> [String] {
            [
                """
                rules:
                  - id: setter
                    expression: exec.file.name == "\(name)"
                    actions: [{set: {name: seen, value: true, scope: process}}]
                  - id: r
                    expression: exec.file.name == "sh" && ${process.seen} == true
                    actions: [{kill: {signal: SIGKILL}}]

                """
            ]
        }
        #expect(load(files("a")).definitions["r"] == load(files("a")).definitions["r"])
        #expect(load(files("a")).definitions["r"] != load(files("b")).definitions["r"])
    }

    @Test func `says what is added, changed and removed`() {
        func rule(_ id: String, _ name: String) -> String {
            "  - id: \(id)\n    expression: exec.file.name == \"\(name)\"\n"
        }
        let before = load(["rules:\n" + rule("a", "1") + rule("b", "1") + rule("c", "1")])
        let after = load(["rules:\n" + rule("d", "1") + rule("b", "2") + rule("c", "1")])
        let difference = PolicyDifference(from: before, to: after)
        #expect(difference.added == ["d"] && difference.changed == ["b"])
        #expect(difference.removed == ["a"] && difference.settings.isEmpty)
        #expect(PolicyDifference(from: after, to: after).isEmpty)
        #expect(PolicyDifference(from: nil, to: after).added == ["b", "c", "d"])
    }

    @Test func `says which settings are different, in words`() {
        let files = [Self.macro("xmrig"), Self.rule]
        let before = load(files, protection: "rules:\n  r: disabled\n")
        let after = load(
            files,
            protection: """
                active_protection: true
                rules:
                  r: {protection: blocking, where: {services: ["a*"]}}
                """
        )
        let settings = PolicyDifference(from: before, to: after).settings
        #expect(
            settings == [
                .init(rule: nil, before: "disabled", after: "enabled"),
                .init(
                    rule: "r",
                    before: "disabled",
                    after: "blocking where process.envp in [\"DD_SERVICE=a*\"]"
                ),
            ]
        )
    }

    @Test func `an unconfirmed rule is monitored`() throws {
        let loaded = load(
            [Self.macro("xmrig"), Self.rule],
            protection: "active_protection: true\nrules:\n  r: blocking\n"
        )
        let rules = loaded.ruleSet.numbered(9, unconfirmed: ["r"])
        #expect(rules.generation == 9)
        #expect(rules.rules.map(\.isConfirmed) == [false])
        #expect(loaded.ruleSet.rules.map(\.isConfirmed) == [true])
    }

    // MARK: - Limits

    /// Digests of a file, and how many bytes were digested in all.
    private func digests(_ text: String) -> (LoadResult, bytes: Int) {
        final class Counter: Sendable { let bytes = Atomic(0) }
        let counter = Counter()
        var options = LoadOptions()
        options.definitionDigest = { bytes in
            counter.bytes.wrappingAdd(bytes.count, ordering: .relaxed)
            return "\(bytes.count) \(bytes.hashValue)"
        }
        let source = PolicySource(name: "a.yaml", bytes: Array(text.utf8))
        let result = PolicyLoader.load(sources: [source], options: options)
        return (result, counter.bytes.load(ordering: .relaxed))
    }

    /// Rules that each set a variable from the one the next rule sets.
    private static func chain(_ count: Int, end: Int) -> String {
        let links = (0..<count).map { number in
            "  - {id: r\(number), expression: exec.uid == 1, actions: [{set: {name: v\(number), "
                + "default_value: 0, expression: '${v\(number + 1)} + 1'}}]}\n"
        }
        return "rules:\n" + links.joined()
            + "  - {id: end, expression: exec.uid == 1, actions: "
            + "[{set: {name: v\(count), value: \(end)}}]}\n"
    }

    @Test(arguments: [10, 3_000])
    func `a chain of variables counts to its end`(count: Int) {
        let (one, bytes) = digests(Self.chain(count, end: 1))
        let (two, _) = digests(Self.chain(count, end: 2))
        #expect(one.definitions.count == count + 1)
        for number in stride(from: 0, to: count, by: count / 10) {
            #expect(one.definitions["r\(number)"] != two.definitions["r\(number)"])
        }
        #expect(bytes < 140 << 20)
    }

    @Test func `a long list in many rules is not written out for each`() {
        func file(_ value: String) -> String {
            "macros:\n  - {id: M, values: ['\(value)']}\nrules:\n"
                + (0..<300).map { "  - {id: r\($0), expression: exec.args in M}\n" }.joined()
        }
        let long = String(repeating: "a", count: 1 << 20)
        let (one, bytes) = digests(file(long))
        let (two, _) = digests(file(long + "b"))
        #expect(one.definitions.count == 300)
        for id in ["r0", "r150", "r299"] { #expect(one.definitions[id] != two.definitions[id]) }
        #expect(bytes < 140 << 20)
    }

    @Test func `the length of a list leads to who fills it`() {
        func file(_ value: String) -> String {
            """
            rules:
              - {id: r, expression: "exec.uid == 1 && ${seen.length} > 3"}
              - id: filler
                expression: exec.uid == 2
                actions: [{set: {name: seen, append: true, value: \(value)}}]
            """
        }
        #expect(definition(file("a")) != nil)
        #expect(definition(file("a")) != definition(file("b")))
    }
}
