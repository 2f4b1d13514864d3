// Names: fields, constants, addresses; and what is known about an expression before any event.

import Diagnostics
import RuleLanguage
import Testing

@Suite struct VocabularyTests {
    @Test func `every field has one name, one type and a line for the manual`() {
        #expect(Set(FieldSchema.fields.map(\.name)).count == FieldSchema.fields.count)
        for description in FieldSchema.fields {
            #expect(FieldSchema.field(named: description.name) == description)
            #expect(!description.summary.isEmpty && description.summary.last != ".")
            #expect(description.type == description.field.attribute.valueType)
            #expect((description.eventType == .exec) == description.name.hasPrefix("exec."))
        }
        let used = Set(FieldSchema.fields.map(\.field.attribute))
        #expect(used == Set(Attribute.allCases))
    }

    @Test func `exec and process name the same values`() {
        for description in FieldSchema.fields where description.name.hasPrefix("exec.") {
            let other = "process." + description.name.dropFirst("exec.".count)
            guard other != "process.syscall.path" else { continue }
            #expect(FieldSchema.field(named: other)?.field == description.field)
        }
        #expect(
            FieldSchema.field(named: "container.id")?.field
                == FieldSchema.field(named: "process.container.id")?.field
        )
    }

    @Test(arguments: [
        ("192.168.0.1 == 192.168.0.1", true), ("192.168.0.1 != 192.168.0.2", true),
        ("192.168.0.1 in 192.168.0.0/16", true), ("192.168.0.1 not in 192.168.0.0/16", false),
        ("192.169.0.1 in 192.168.0.0/16", false),
        ("192.168.0.1 in [10.0.0.0/8, 192.168.0.0/24]", true),
        ("192.168.0.0/24 in 192.168.0.0/16", true), ("192.168.0.0/16 in 192.168.0.0/24", true),
        ("192.168.0.1 allin [192.168.0.0/16]", true), ("127.0.0.1 in ::1", false),
        ("LAN in [10.0.0.0/8]", true), ("LAN allin [10.0.0.0/8]", false),
        ("LAN allin [10.0.0.0/8, 192.168.0.0/16]", true), ("LAN not in [172.16.0.0/12]", true),
        ("LAN in 10.1.2.3", true), ("10.1.2.3 in LAN", true),
        ("::1 == 0:0:0:0:0:0:0:1", true), ("fe80::1 in fe80::/10", true),
        ("fec0::1 in fe80::/10", false),
        ("2001:db8::1 in [2001:db8::/32]", true), ("::ffff:1.2.3.4 == ::ffff:102:304", true),
        ("1.2.3.4 in 1.2.3.0/23", true), ("1.2.2.4 in 1.2.3.0/23", true),
        ("1.2.4.4 in 1.2.3.0/23", false),
        ("0.0.0.0/0 == 8.8.8.8", true),
    ])
    func `addresses match if one contains the other`(expression: String, expected: Bool) throws {
        let compiler = Compiler(macros: ["LAN": Macro(expression: "[ 10.0.0.0/8, 192.168.0.0/16 ]")]
        )
        #expect(try value(expression, event([:]), with: compiler) == expected)
    }

    @Test(arguments: [
        "1.2.3", "256.1.1.1", "1.2.3.4/33", "1.2.3.04", "::1::", "1:2:3:4:5:6:7:8:9", "::/129",
        "12345::", "g::1", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "1.2.3.4/", "", "1:2:3:4:5:6:7::8",
    ])
    func `what is no address is refused`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(arguments: [
        ("true", Truth.always), ("false", .never), ("!true", .never), ("exec.uid == 0", .depends),
        ("exec.file.name == ~\"*\"", .always), ("exec.file.name =~ \"*\"", .always),
        ("exec.file.name !~ \"*\"", .never), ("exec.file.path == ~\"/**\"", .always),
        ("exec.file.path == ~\"**\"", .always), ("exec.file.name in [\"a\", ~\"*\"]", .always),
        ("exec.file.name not in [\"a\", ~\"*\"]", .never), ("exec.file.name != \"\"", .always),
        ("exec.file.path == \"\"", .depends), ("exec.file.path !~ \"/**\"", .depends),
        ("process.parent.file.path =~ \"/**\"", .depends),
        ("exec.interpreter.file.path == ~\"/**\"", .depends),
        ("!(exec.file.path != \"\")", .depends),
        ("exec.file.path != \"\" || exec.uid == 0", .always), ("exec.args == r\".*\"", .always),
        ("exec.args == r\"\"", .always), ("exec.args == r\".\"", .depends),
        ("exec.args == r\"a*\"", .always),
        ("exec.argv in [~\"*\"]", .depends), ("exec.file.name != \"\" && exec.uid == 0", .depends),
        ("exec.uid == 0 || true", .always), ("exec.uid == 0 && false", .never),
        ("exec.uid == 0 || exec.uid != 0", .always), ("exec.uid == 0 && exec.uid == 1", .never),
        ("exec.uid >= 0", .always), ("exec.uid < 0", .never), ("exec.pid > 0", .always),
        ("exec.uid > 5 && exec.uid < 5", .never), ("exec.uid > 5 || exec.uid <= 5", .always),
        ("exec.uid > 4 && exec.uid < 6", .depends), ("exec.auid == -1", .depends),
        ("exec.comm == \"a\" && exec.comm == \"b\"", .never),
        ("exec.comm == \"a\" || exec.comm == \"b\"", .depends),
        ("exec.comm != \"a\" || exec.comm != \"b\"", .always),
        ("exec.comm != \"a\" && exec.comm != \"b\"", .depends),
        ("exec.comm == \"a\" && exec.comm not in [\"a\", \"b\"]", .never),
        ("exec.file.name == \"a\" && exec.file.name == \"b\"", .depends),
        ("exec.argv == \"a\" && exec.argv == \"b\"", .depends),
        ("exec.argv == \"a\" && exec.argv != \"a\"", .never),
        ("exec.args =~ \"*a*\" && exec.args !~ \"*a*\"", .never),
        ("exec.args =~ \"*a*\" || exec.args !~ \"*a*\"", .always),
        ("exec.is_exec && !exec.is_exec", .never), ("exec.is_exec || !exec.is_exec", .always),
        ("exec.comm == \"sixteen-bytes-xx\"", .never),
        ("exec.comm == \"fifteen-bytes-x\"", .depends),
        ("exec.file.name == \"a/b\"", .never), ("exec.file.path == ~\"*xmrig\"", .never),
        ("exec.file.path == ~\"*/xmrig\"", .depends),
        ("1.2.3.4 in 1.2.0.0/16", .always),
        ("exec.uid == 1 && (false || exec.gid == 2 && false)", .never),
        ("process.ancestors.comm == \"a\" && process.ancestors.comm == \"b\"", .depends),
        ("process.ancestors[A].comm == \"a\" && process.ancestors[A].comm == \"b\"", .never),
        ("process.ancestors.comm =~ \"*\"", .depends),
    ])
    func `expressions that do not depend on the event are found`(
        expression: String,
        expected: Truth
    ) throws {
        let compiled = try compiled(expression)
        #expect(compiled.truth == expected)
        let problem = compiled.truthProblem(at: SourceSpan(start: 0, end: 1))
        #expect((problem == nil) == (expected == .depends))
    }

    @Test(arguments: [
        ("exec.uid == 1 && exec.comm == \"a\"", true, ["exec.uid == 1", "exec.comm == \"a\""]),
        ("exec.uid == 2 && exec.comm == \"a\"", false, ["exec.uid == 2"]),
        ("exec.uid == 2 || exec.comm == \"a\"", true, ["exec.comm == \"a\""]),
        (
            "exec.uid == 1 && (exec.gid == 1 || exec.comm in [\"a\"])", true,
            ["exec.uid == 1", "exec.comm in [\"a\"]"]
        ),
        ("exec.uid == 2 || exec.comm == \"b\"", false, ["exec.uid == 2", "exec.comm == \"b\""]),
        (
            "process.ancestors[A].comm == \"y\" && exec.uid == 1", true,
            ["process.ancestors[A].comm == \"y\"", "exec.uid == 1"]
        ),
    ])
    func `the deciding parts are those the result follows from`(
        expression: String,
        result: Bool,
        parts: [String]
    ) throws {
        let event = try event([
            "exec.uid": 1, "exec.comm": "a",
            "process.ancestors": .records([["comm": "x"], ["comm": "y"]]),
        ])
        let found = try compiled(expression).decidingParts(event)
        let bytes = Array(expression.utf8)
        #expect(found.result == result)
        let texts = found.parts.map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
        #expect(texts == parts)
    }
}
