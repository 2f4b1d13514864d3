// Hostile and accidental input: a diagnostic or a value, never a crash, never for long.

import Diagnostics
import RuleLanguage
import Testing

@Suite struct RobustnessTests {
    private static let seeds = [
        "exec.file.name in [\"a\", ~\"b*\", r\"c.d\"] && process.ancestors[A].comm != \"sh\" || !exec.is_exec",
        "exec.args =~ \"*stratum+tcp*\" and not (exec.uid in [0, -1]) # comment",
        "exec.created_at < 5s && exec.file.mode & (S_ISUID|S_ISGID) > 0 // more",
        "10.0.0.0/8 allin [fe80::1, 1.2.3.4] || \"%{exec.pid}/${process.pid}\" == \"1/2\"",
        "exec.argv[0].length >= 3 && exec.file.path in [~\"/tmp/**\", \"/a\"] && ^exec.uid - 1 == 2",
    ]

    @Test func `mutated expressions are compiled or refused`() throws {
        var random = Random(seed: 3)
        let pieces = Self.seeds.flatMap { $0.split(separator: " ").map { Array($0.utf8) } }
        let event = try event(["exec.file.path": "/tmp/a", "exec.argv": ["-o", "x"]])
        var compiledCount = 0
        for _ in 0..<2000 {
            var bytes = Array(random.pick(Self.seeds).utf8)
            for _ in 0...random.number(below: 4) {
                let place = random.number(below: bytes.count + 1)
                switch random.number(below: 4) {
                case 0: bytes.insert(UInt8(random.number(below: 256)), at: place)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                case 2: bytes.insert(contentsOf: random.pick(pieces), at: place)
                default: bytes.insert(random.pick(Array("\"[]()&|!=~*$%{}.-,r".utf8)), at: place)
                }
            }
            let (compiled, diagnostics) = Compiler().compile(bytes, purpose: .filter)
            #expect((compiled == nil) == diagnostics.contains { $0.severity == .error })
            for diagnostic in diagnostics {
                let span = try #require(diagnostic.span)
                #expect(span.start >= 0 && span.start <= span.end && span.end <= bytes.count)
            }
            if let compiled {
                compiledCount += 1
                let parts = compiled.decidingParts(event)
                #expect(parts.result == compiled.evaluate(event))
            }
        }
        #expect(compiledCount > 50)
    }

    @Test func `random bytes are compiled or refused`() {
        var random = Random(seed: 11)
        for _ in 0..<1500 {
            let bytes = (0..<random.number(below: 60)).map { _ in UInt8(random.number(below: 256)) }
            let (compiled, diagnostics) = Compiler().compile(bytes)
            #expect(compiled == nil && !diagnostics.isEmpty)
        }
    }

    @Test func `every beginning of an expression is compiled or refused`() {
        for seed in Self.seeds {
            let bytes = Array(seed.utf8)
            for length in 0..<bytes.count {
                let (compiled, diagnostics) = Compiler().compile(Array(bytes[..<length]))
                #expect(compiled != nil || !diagnostics.isEmpty)
            }
        }
    }

    @Test(arguments: ["&&", "||"])
    func `ten thousand terms work`(symbol: String) throws {
        let terms = (0..<10_000).map { "exec.args != \"a\($0)\"" }
        let expression = try compiled(terms.joined(separator: " \(symbol) "))
        #expect(expression.evaluate(try event(["exec.comm": "x"])))
    }

    @Test func `long sums, bits and lists work`() throws {
        let event = try event(["exec.uid": 1])
        let ones = [String](repeating: "exec.uid", count: 10_000)
        #expect(try value("\(ones.joined(separator: " + ")) == 10000", event))
        #expect(try value("\(ones.joined(separator: " & ")) == 1", event))
        let members = (0..<10_000).map(String.init).joined(separator: ", ")
        #expect(try value("exec.uid in [\(members)]", event))
    }

    @Test(arguments: ["(", "!", "not ", "- ", "^", "exec.uid == ", "[", "exec.comm contains "])
    func `deep nesting is refused`(opening: String) {
        let text = String(repeating: opening, count: 50_000) + "true"
        let (compiled, diagnostics) = Compiler().compile(text)
        #expect(compiled == nil && !diagnostics.isEmpty && diagnostics.count < 200)
    }

    @Test func `nesting up to the limit works`() throws {
        let text = String(repeating: "!(", count: 45) + "true" + String(repeating: ")", count: 45)
        #expect(try !value(text, event([:])))
    }

    @Test func `a text that is too long is refused at once`() {
        let text = [UInt8](repeating: UInt8(ascii: "1"), count: 8 << 20)
        #expect(Compiler().compile(text).1.map(\.code.name) == ["R005"])
    }

    @Test(arguments: [
        "1.", "a[", "\"", "\u{201C}", ":", "%{", "in ", "\0", "'", "a.b ",
        "exec.nam == 1 && ", "exec.uid == \"a\" || ", "a AND ", "exec.comm contains \"a\" && ",
    ])
    func `a megabyte of one mistake takes bounded time`(piece: String) {
        let count = 200_000 / piece.utf8.count
        let text = Array(String(repeating: piece, count: count).utf8)
        let time = ContinuousClock().measure {
            let (compiled, diagnostics) = Compiler().compile(text)
            #expect(compiled == nil)
            #expect(diagnostics.count <= 400)
            #expect(diagnostics.allSatisfy { $0.message.utf8.count < 300 })
        }
        #expect(time < .seconds(20))
    }

    @Test func `an expression that explodes is refused by its size`() {
        #expect(codes("exec.args == r\"((a{100}){100}){100}\"") == ["R017"])
    }

    @Test func `a hostile value cannot make an expression slow`() throws {
        let hostile = [UInt8](repeating: UInt8(ascii: "a"), count: 200_000)
        let event = try event(["exec.args": .string(hostile)])
        let first = try compiled("exec.args == r\"(a*)*b\"")
        let second = try compiled("exec.args == r\"(a|aa)+$b\"")
        let time = ContinuousClock().measure {
            #expect(!first.evaluate(event))
            #expect(!second.evaluate(event))
        }
        #expect(time < .seconds(5))
    }
}
