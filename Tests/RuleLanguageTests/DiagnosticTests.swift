// What is said about expressions that are wrong: code, place and advice.

import Diagnostics
import RuleLanguage
import Testing

@Suite struct DiagnosticTests {
    /// Code, the text it is about, and a piece of the suggestion.
    private func findings(_ expression: String, _ compiler: Compiler = Compiler()) -> [[String]] {
        let bytes = Array(expression.utf8)
        return compiler.compile(expression).1.map { diagnostic in
            let span = diagnostic.span ?? SourceSpan(start: 0, end: 0)
            let text = String(decoding: bytes[span.start..<span.end], as: UTF8.self)
            return [diagnostic.code.name, text, diagnostic.suggestion ?? ""]
        }
    }

    @Test(arguments: [
        // Operators of other languages.
        ("exec.args contains \"x\"", "R011", "contains", "exec.args =~ \"*x*\""),
        ("exec.args startswith \"x\"", "R011", "startswith", "exec.args =~ \"x*\""),
        ("exec.args endsWith \"x\"", "R011", "endsWith", "exec.args =~ \"*x\""),
        ("exec.args matches \"x\"", "R011", "matches", "=~"),
        ("exec.args ~= \"x\"", "R011", "~=", "'=~'"), ("exec.uid => 1", "R011", "=>", "'>='"),
        ("exec.uid =< 1", "R011", "=<", "'<='"), ("exec.uid = 1", "R011", "=", "'=='"),
        ("exec.uid === 1", "R011", "===", "'=='"), ("exec.uid <> 1", "R011", "<>", "'!='"),
        ("exec.uid notin [1]", "R011", "notin", "'not in'"),
        ("exec.uid IN [1]", "R011", "IN", "'in'"), ("exec.uid * 2 == 4", "R011", "*", "+ -"),
        ("exec.is_exec AND exec.is_thread", "R011", "AND", "'and'"),
        ("NOT exec.is_exec", "R011", "NOT", "'not'"),
        ("exec.comm == \"a\" & exec.args == \"b\"", "R014", "\"a\"", "'&&'"),
        // Quotes.
        ("exec.comm == “a”", "R004", "“a”", "\"…\""), ("exec.comm == 'a'", "R004", "'a'", "\"…\""),
        ("exec.comm == \"a", "R002", "\"a", ""), ("exec.comm == ~\"a", "R002", "~\"a", ""),
        ("exec.comm == r\"a", "R002", "r\"a", ""), ("exec.uid == ${", "R002", "${", ""),
        ("exec.comm == \"a\" §", "R001", "§", ""),
        // Syntax.
        ("exec.uid ==", "R010", "", ""), ("exec.uid == 1 &&", "R010", "", ""),
        ("(exec.uid == 1", "R010", "", ""), ("exec.uid == 1)", "R010", ")", "nothing is open"),
        ("", "R010", "", ""), ("exec.uid in [", "R010", "", ""),
        ("exec.uid in []", "R010", "]", ""),
        ("exec.uid in [1 2]", "R010", "2", ""),
        ("exec.comm in \"a\"", "R010", "\"a\"", "[ \"a\" ]"),
        ("exec.comm in (\"a\")", "R010", "(", "[ ]"), ("exec.comm == [\"a\"]", "R010", "[", "'in'"),
        ("exec.uid 5", "R010", "5", ""), ("exec.uid -1 == 2", "R010", "-1", "space"),
        ("&& exec.is_exec", "R010", "&&", ""), ("exec.uid in", "R010", "", ""),
        // Numbers and addresses.
        ("exec.uid == 99999999999999999999", "R003", "99999999999999999999", ""),
        ("exec.uid == 0x10", "R003", "0x10", "decimal"),
        ("exec.created_at < 5d", "R003", "5d", "90s"),
        ("exec.created_at < 99999999999h", "R003", "99999999999h", ""),
        ("1.2.3.400 == 1.2.3.4", "R030", "1.2.3.400", ""), ("1:2 == 3", "R001", ":", ""),
        // Names.
        ("exec.file.nam == \"a\"", "R012", "exec.file.nam", "'exec.file.name'"),
        ("exec.file.pathh == \"/a\"", "R012", "exec.file.pathh", "'exec.file.path'"),
        ("comm == \"a\"", "R012", "comm", "exec.comm"), ("exec.comm == xmrig", "R012", "xmrig", ""),
        ("process.ancestors == \"a\"", "R012", "process.ancestors", "process.ancestors.comm"),
        ("exec.uid.length == 1", "R012", "exec.uid.length", ""),
        ("${nothing} == 1", "R013", "${nothing}", ""),
        ("${exec.comm} == \"a\"", "R013", "${exec.comm}", "%{exec.comm}"),
        // Types.
        ("exec.uid == \"a\"", "R014", "exec.uid == \"a\"", ""),
        ("exec.uid", "R014", "exec.uid", "!= 0"),
        ("exec.comm", "R014", "exec.comm", "compare"), ("exec.comm < \"a\"", "R014", "<", ""),
        ("exec.uid =~ \"a\"", "R014", "exec.uid =~ \"a\"", ""),
        ("exec.uid in [\"a\"]", "R014", "exec.uid in [\"a\"]", ""),
        ("exec.comm in [1]", "R014", "exec.comm in [1]", ""),
        ("not exec.comm in [\"a\"]", "R014", "not exec.comm", "not in"),
        ("!exec.comm == \"a\"", "R014", "!exec.comm", "!("),
        ("exec.is_exec > true", "R014", ">", ""),
        ("exec.uid == 1 == true", "R014", "1 == true", ""),
        ("exec.comm + 1 == 2", "R014", "exec.comm", ""),
        ("process.ancestors.uid & 1 > 0 && exec.is_exec", "R014", "process.ancestors.uid", "[A]"),
        ("exec.comm in exec.args", "R014", "exec.args", "=="),
        ("exec.comm =~ exec.args", "R014", "exec.args", "=="),
        ("exec.created_at != 5s", "R014", "!=", ""), ("5s > exec.created_at", "R014", "5s", ""),
        ("exec.uid in [\"a\", 1]", "R015", "[\"a\", 1]", ""),
        ("exec.uid in [ EPERM, exec.gid ]", "R015", "exec.gid", ""),
        (
            "process.user_session.k8s_username == \"x\"", "R012",
            "process.user_session.k8s_username", "BPF"
        ),
        ("exec.is_exec in [ exec.is_thread ]", "R015", "exec.is_thread", ""),
        ("exec.is_exec in [ true, 1 ]", "R015", "[ true, 1 ]", ""),
        // Patterns, expressions and paths.
        ("exec.args =~ \"a**\"", "R016", "\"a**\"", "'*'"),
        ("exec.file.path =~ \"/a/**/b\"", "R016", "\"/a/**/b\"", "/**"),
        ("exec.file.path =~ \"/a**\"", "R016", "\"/a**\"", "/**"),
        ("exec.args == r\"(\"", "R017", "r\"(\"", ""),
        ("exec.args == r\"(?=a)\"", "R017", "r\"(?=a)\"", ""),
        ("exec.file.path == r\"a\"", "R018", "r\"a\"", "~\"…\""),
        ("exec.file.path == \"sh\"", "R019", "\"sh\"", "exec.file.name"),
        ("exec.file.path in [\"/a/\"]", "R019", "\"/a/\"", "\"/a\""),
        ("exec.file.path == \"/a//b\"", "R019", "\"/a//b\"", "\"/a/b\""),
        ("exec.file.path == \"/a/../b\"", "R019", "\"/a/../b\"", ""),
        ("exec.file.path =~ \"*\"", "R019", "\"*\"", "/**"),
        ("exec.file.path == \"~/a\"", "R019", "\"~/a\"", ""),
        // Registers and indexes.
        ("process.ancestors[_].comm == \"a\"", "R020", "process.ancestors[_].comm", "[A]"),
        ("process.ancestors[].comm == \"a\"", "R020", "process.ancestors[].comm", "[A]"),
        ("exec.comm[0] == \"a\"", "R020", "exec.comm[0]", ""),
        ("exec[A].comm == \"a\"", "R020", "exec[A].comm", ""),
        ("exec.argv[A] == \"a\"", "R020", "exec.argv[A]", ""),
        // Events.
        ("process.comm == \"a\"", "R023", "process.comm == \"a\"", "exec."),
        (
            "open.file.path == \"/a\" && open.flags & O_CREAT > 0", "R025", "open.file.path",
            "exec.*"
        ),
        ("dns.question.name in [ ~\"*.x\" ] && nonsense == 1", "R025", "dns.question.name", ""),
        // References in patterns.
        ("exec.comm =~ \"${process.pid}*\"", "R031", "\"${process.pid}*\"", "=="),
        ("exec.comm in [\"${process.pid}\"]", "R031", "\"${process.pid}\"", ""),
        ("exec.comm == \"%{exec.is_exec}\"", "R031", "\"%{exec.is_exec}\"", ""),
    ])
    func `a mistake has a code, a place and advice`(
        expression: String,
        code: String,
        text: String,
        advice: String
    ) {
        let found = findings(expression)
        #expect(
            found.contains { $0[0] == code && $0[1] == text && $0[2].contains(advice) },
            "\(found)"
        )
        #expect(Compiler().compile(expression).0 == nil)
    }

    @Test func `all mistakes are reported at once, in the order of the text`() {
        let expression =
            "exec.comm contains \"a\" && exec.fil.name == \"b\" || (exec.uid = 1 && exec.uid in [\"x\"])"
            + " || exec.args == “q”"
        #expect(codes(expression) == ["R011", "R012", "R026", "R011", "R014", "R004"])
    }

    @Test(arguments: [
        ("exec.is_exec && exec.is_thread || exec.uid == 1", ["R026"]),
        ("exec.is_exec && (exec.is_thread || exec.uid == 1)", []),
        ("exec.is_exec or exec.is_thread or exec.uid == 1", []),
        ("(exec.is_exec and exec.is_thread or exec.uid == 1)", ["R026"]),
        ("exec.comm == \"a*\"", ["R027"]), ("exec.comm in [\"a\", \"b*\"]", ["R027"]),
        ("exec.comm == ~\"a*\"", []), ("exec.comm =~ \"a*\"", []),
        ("exec.comm in [\"sh\", \"longer-than-comm-can-be\"]", []),
        ("exec.comm == \"longer-than-comm-can-be\" || exec.uid == 1", ["R029"]),
        ("exec.file.name == \"/bin/sh\" || exec.uid == 1", ["R029"]),
        ("exec.file.name != \"/bin/sh\" && exec.uid == 1", ["R029"]),
        ("exec.file.name != \"\" && process.uid == 1", []),
    ])
    func `a warning leaves the expression usable`(expression: String, expected: [String]) {
        let (compiled, diagnostics) = Compiler().compile(expression)
        #expect(compiled != nil)
        #expect(diagnostics.map(\.code.name) == expected)
        #expect(diagnostics.allSatisfy { $0.severity == .warning })
    }

    @Test func `two registers are one too many`() {
        let same = "process.ancestors[A].comm == \"a\" && process.ancestors[A].uid == 0"
        #expect(codes(same) == [])
        #expect(codes("process.ancestors[A].uid == 1 && process.ancestors[B].uid == 2") == ["R020"])
    }

    @Test func `fields of two events are refused as such`() {
        #expect(findings("exec.comm == \"a\" && open.flags > 0").map { $0[0] } == ["R024"])
    }

    @Test(arguments: [
        "exec.comm in [ \"a\", \"b\", ]", "exec.comm in[\"a\"]", "exec.uid in [EPERM, EACCES]",
        "exec.uid in [EPERM,EACCES]", "exec.uid == 1 # comment\n && exec.gid == 2 // more",
        "exec.uid == 1\r\n&& exec.gid == 2", "exec.comm == \"a\\\"b\"", "exec.uid in [ 1, EPERM ]",
        "exec.args==~\"a*\"", "exec.args=~\"a*\"", "exec.args =~ ~\"a*\"", "exec.uid==-1",
        "exec.file.path == \"\"", "exec.file.path =~ \"**\"", "exec.file.path != \"/\"",
        "exec.comm == \"\"", "((((exec.uid == 1))))", "! ! exec.is_exec",
    ])
    func `a correct expression has no diagnostics`(expression: String) {
        #expect(findings(expression).isEmpty)
    }

    @Test func `a backslash keeps a quote from closing and stays`() throws {
        let event = try event(["exec.args": "a\\\"b"])
        #expect(try value("exec.args == \"a\\\"b\"", event))
    }
}
