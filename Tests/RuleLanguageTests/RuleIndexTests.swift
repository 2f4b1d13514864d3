// The index must never miss a rule that matches, and should visit few others.

import Diagnostics
import RuleLanguage
import Testing

@Suite struct RuleIndexTests {
    private static let words = ["ab", "abc", "xmrig", "cab", "b", "A", "", "abab"]

    private func randomTest(_ random: inout Random) -> String {
        let field = random.pick([
            "exec.file.name", "exec.comm", "exec.args", "exec.argv", "exec.envs", "exec.argv[1]",
            "process.parent.comm", "process.ancestors.comm", "process.ancestors[A].comm",
            "exec.file.path", "process.ancestors.argv[0]",
        ])
        let word = random.pick(Self.words)
        if field == "exec.file.path" {
            return random.pick([
                "\(field) == \"/tmp/\(word)x\"", "\(field) =~ \"/tmp/*\(word)x\"",
                "\(field) =~ \"/\(word)x/**\"", "\(field) in [~\"/*/\(word)x\", \"/tmp/ab\"]",
            ])
        }
        return random.pick([
            "\(field) == \"\(word)\"", "\(field) != \"\(word)\"", "\(field) =~ \"*\(word)b*\"",
            "\(field) !~ \"\(word)*b\"", "\(field) in [\"\(word)\", ~\"a*\(word)\", \"b\"]",
            "\(field) not in [\"\(word)\", \"xmrig\"]", "\(field) == r\"\(word)(abc|xmr)\"",
            "\(field) =~ r\"(?i)(\(word))?AB\"", "\(field) == exec.comm", "exec.uid == 1",
            "\(field) == r\"^\(word)\"",
        ])
    }

    private func randomExpression(_ random: inout Random, depth: Int) -> String {
        guard depth > 0, random.number(below: 4) > 0 else { return randomTest(&random) }
        let terms = (0...random.number(below: 3)).map { _ in
            randomExpression(&random, depth: depth - 1)
        }
        let joined = terms.dropFirst().reduce(terms[0]) { text, term in
            "\(text) \(random.pick(["&&", "||"])) \(term)"
        }
        return random.pick(["(\(joined))", "!(\(joined))"])
    }

    private func randomEvent(_ random: inout Random) throws -> EventDescription {
        func word() -> String {
            random.pick(Self.words) + random.pick(["", "", "ab", "xmrig", "AB"])
        }
        // Every program has a name, and the language relies on it.
        func name() -> String { word() + random.pick(["x", "b"]) }
        let count = random.number(below: 4)
        let result = try event([
            "exec.file.path": .text("/\(random.pick(["tmp", "abx", "opt"]))/\(word())x"),
            "exec.comm": .text(name()),
            "exec.argv": .texts((0..<count).map { _ in word() }),
            "exec.envp": .texts((0..<count).map { _ in word() + "=1" }),
            "exec.uid": .integer(Int64(random.number(below: 2))),
            "process.ancestors": .records(
                (0..<random.number(below: 3)).map { _ in
                    ["comm": .text(word()), "argv": .texts([word()])]
                }
            ),
        ])
        if random.number(below: 2) == 0 {
            result.alternatives[Field(.process, .fileName)] = ByteStringList([name()])
            result.alternatives[Field(.process, .filePath)] = ByteStringList(["/tmp/" + word()])
        }
        return result
    }

    @Test func `every rule that matches is a candidate`() throws {
        var random = Random(seed: 42)
        let rules = try (0..<400).map { _ in
            try compiled(randomExpression(&random, depth: 3))
        }
        let index = RuleIndex(rules.map(\.requirement))
        var candidates = CandidateSet()
        var matches = 0
        var visits = 0
        for _ in 0..<250 {
            let event = try randomEvent(&random)
            index.candidates(event, into: &candidates)
            let visited = Set(candidates.rules)
            visits += visited.count
            #expect(candidates.rules == candidates.rules.sorted())
            #expect(visited.count == candidates.rules.count)
            for (number, rule) in rules.enumerated() where rule.evaluate(event) {
                matches += 1
                #expect(visited.contains(number), "\(number)")
                #expect(rule.truth != .never)
            }
            for rule in rules where !rule.evaluate(event) { #expect(rule.truth != .always) }
        }
        // Neither side of the comparison may be empty for the test to say anything.
        #expect(matches > 1000)
        #expect(visits < 250 * 400)
    }

    @Test func `a benign event visits none of a thousand rules`() throws {
        let rules = try (0..<1000).map { number in
            try compiled(
                [
                    "exec.file.name == \"miner\(number)\"",
                    "exec.args =~ \"*pool\(number).example*\"",
                    "exec.file.name != \"\" && exec.argv in [~\"*wallet\(number)*\", \"--coin\(number)\"]",
                    "exec.args == r\"(?i)stratum\(number)\\+tcp\" && exec.uid == 0",
                ][number % 4]
            )
        }
        let index = RuleIndex(rules.map(\.requirement))
        var candidates = CandidateSet()
        let benign = try EventDescription(
            executable: Array("/usr/bin/git".utf8),
            argv: ["git", "commit", "-m", "pool wallet"].map { Array($0.utf8) }
        )
        index.candidates(benign, into: &candidates)
        #expect(candidates.rules == [])
        #expect(index.alwaysVisited == [])
        let miner = try EventDescription(
            executable: Array("/tmp/miner8".utf8),
            argv: ["m", "-o", "STRATUM7+tcp://pool5.example"].map { Array($0.utf8) }
        )
        index.candidates(miner, into: &candidates)
        // A literal inside another ("pool5.example") brings exactly its rule.
        #expect(candidates.rules == [5, 7, 8])
        #expect(rules[7].evaluate(miner) && rules[5].evaluate(miner) && rules[8].evaluate(miner))
    }

    @Test(arguments: ["exec.args", "exec.argv"])
    func `what a long argument repeats is counted once`(field: String) throws {
        // 2,000 rules with one literal, and 64 literals that all end at each place.
        let rules = try (0..<2_000).map { number in
            let literal = number < 64 ? String(repeating: "a", count: number + 3) : "aaa"
            return try compiled("\(field) =~ \"*\(literal)*\" && exec.uid == \(number)")
        }
        let index = RuleIndex(rules.map(\.requirement))
        let event = try EventDescription(
            executable: Array("/tmp/x".utf8),
            argv: [Array("x".utf8), [UInt8](repeating: UInt8(ascii: "a"), count: 2 << 20)]
        )
        var candidates = CandidateSet()
        let start = ContinuousClock.now
        index.candidates(event, into: &candidates)
        // Places times rules would be four thousand million steps.
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(candidates.rules.count == 2_000)
    }

    @Test func `an argument that is there many times is counted once`() throws {
        let rules = try (0..<2_000).map { try compiled("exec.argv == \"a\" && exec.uid == \($0)") }
        let index = RuleIndex(rules.map(\.requirement))
        let event = try EventDescription(
            executable: Array("/tmp/x".utf8),
            argv: [[UInt8]](repeating: [UInt8(ascii: "a")], count: 200_000)
        )
        var candidates = CandidateSet()
        let start = ContinuousClock.now
        index.candidates(event, into: &candidates)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(candidates.rules.count == 2_000)
    }

    @Test(arguments: [
        ("exec.comm == \"a\" || exec.uid == 1", ""), ("exec.comm != \"a\"", ""),
        ("exec.comm == \"a\" && exec.uid == 1", "a"), ("!(exec.comm != \"a\")", "a"),
        ("exec.comm == \"a\" || exec.comm == \"b\"", "a b"),
        ("exec.args =~ \"*ab*abcd*\"", "abcd"), ("exec.args =~ \"*\"", ""),
        ("exec.file.path =~ \"/opt/*/xmrig*\"", "/xmrig"),
        ("exec.args == r\"XMR(ig|-stak)\"", "xmrig xmr-stak"),
        ("exec.args == r\"[0-9]+\"", ""), ("exec.argv[3] == \"\"", ""),
        ("exec.args == \"\"", "\"\""),
        ("exec.comm == \"a\" && false", "never"),
    ])
    func `an expression requires its rarest literals`(expression: String, literals: String) throws {
        switch try compiled(expression).requirement {
        case .nothing: #expect(literals == "")
        case .impossible: #expect(literals == "never")
        case .oneOf(let clauses):
            let found = Set(
                clauses.map {
                    $0.literal.isEmpty ? "\"\"" : String(decoding: $0.literal, as: UTF8.self)
                }
            )
            #expect(found == Set(literals.split(separator: " ").map(String.init)))
        }
    }
}
