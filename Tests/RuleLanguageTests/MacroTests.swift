// Macros and variables: what their names stand for and what can be wrong with them.

import Diagnostics
import RuleLanguage
import Testing

@Suite struct MacroTests {
    private func compiler(_ macros: [String: String]) -> Compiler {
        Compiler(macros: macros.mapValues { Macro(expression: $0) })
    }

    @Test func `a macro is a condition, a list or a value`() throws {
        let compiler = compiler([
            "SHELLS": "[ \"sh\", ~\"*ash\" ]", "IS_ROOT": "exec.uid == 0 || exec.gid == 0",
            "BITS": "S_ISUID|S_ISGID", "UIDS": "[ 0, 33 ]", "RECENT": "5m",
            "BOTH": "IS_ROOT && exec.comm in SHELLS",
        ])
        let event = try event([
            "exec.comm": "dash", "exec.gid": 0, "exec.uid": 33, "exec.file.mode": 0o2755,
        ])
        for expression in [
            "exec.comm in SHELLS", "IS_ROOT", "BOTH", "exec.file.mode & BITS > 0",
            "exec.uid in UIDS", "!(exec.comm not in SHELLS)", "exec.created_at <= RECENT",
        ] {
            #expect(try value(expression, event, with: compiler), "\(expression)")
        }
        #expect(compiler.compile("BOTH").0?.eventTypes == [.exec])
    }

    @Test func `a macro of plain values has no patterns`() throws {
        let values = [Array("~\"a*\"".utf8), Array("b*".utf8)]
        let compiler = Compiler(macros: ["NAMES": Macro(.values(values))])
        #expect(try value("exec.comm in NAMES", event(["exec.comm": "b*"]), with: compiler))
        #expect(try !value("exec.comm in NAMES", event(["exec.comm": "bc"]), with: compiler))
        #expect(try value("exec.comm in NAMES", event(["exec.comm": "~\"a*\""]), with: compiler))
    }

    @Test func `the field at each use decides what a macro's pattern means`() throws {
        let compiler = compiler(["TMP": "[ ~\"/tmp/*\" ]"])
        let event = try event(["exec.file.path": "/tmp/a/b", "exec.args": "/tmp/a/b"])
        #expect(try value("exec.args in TMP", event, with: compiler))
        #expect(try !value("exec.file.path in TMP", event, with: compiler))
    }

    @Test func `a macro that contains itself is refused where it is used`() {
        let compiler = compiler(["A": "B && exec.is_exec", "B": "A || exec.is_thread", "C": "C"])
        for name in ["A", "B", "C"] {
            #expect(compiler.compile(name).1.map(\.code.name) == ["R021"])
            #expect(compiler.diagnostics(ofMacro: name).map(\.code.name) == ["R021"])
        }
    }

    @Test func `macros that multiply are stopped`() {
        var macros = ["M0": "exec.is_exec"]
        for level in 1...40 { macros["M\(level)"] = "M\(level - 1) || M\(level - 1)" }
        #expect(compiler(macros).compile("M40").1.map(\.code.name) == ["R005"])
    }

    @Test func `a long tower of macros is stopped`() {
        var macros = ["M0": "exec.is_exec"]
        for level in 1...2000 { macros["M\(level)"] = "!M\(level - 1)" }
        #expect(compiler(macros).compile("M2000").1.map(\.code.name) == ["R005"])
    }

    @Test func `what is wrong inside a macro is placed at its use and names it`() throws {
        let compiler = compiler(["BAD": "exec.nothing == 1", "BROKEN": "exec.uid =="])
        let found = compiler.compile("exec.uid == 1 && BAD").1
        #expect(found.map(\.code.name) == ["R012"])
        #expect(found.first?.span == SourceSpan(start: 17, end: 20))
        #expect(found.first?.notes.map(\.message) == ["in macro 'BAD'"])
        #expect(compiler.diagnostics(ofMacro: "BAD").first?.span == SourceSpan(start: 0, end: 12))
        #expect(compiler.diagnostics(ofMacro: "BROKEN").map(\.code.name) == ["R010"])
        #expect(compiler.compile("BROKEN").1.map(\.message) == ["macro 'BROKEN' has errors"])
    }

    @Test func `variables have their types and are empty until set`() throws {
        let compiler = Compiler(
            variables: [
                "n": .integer, "s": .string, "b": .boolean, "names": .strings, "ids": .integers,
                "process.x": .string,
            ],
            names: ["os": .string]
        )
        let event = try event(["exec.comm": "sh", "exec.uid": 7])
        for expression in [
            "${n} == 0", "${s} == \"\"", "!${b}", "exec.comm not in ${names}",
            "exec.uid not in ${ids}", "${names.length} == 0", "exec.comm != \"${s}\"",
        ] {
            #expect(try value(expression, event, with: compiler), "\(expression)")
        }
        event.variables = [
            "n": .integer(7), "s": .string(ArraySlice("sh".utf8)), "b": .boolean(true),
            "names": .strings([ArraySlice("sh".utf8), ArraySlice("b".utf8)]),
            "ids": .integers([1, 7]),
            "process.x": .string(ArraySlice("y".utf8)), "os": .string(ArraySlice("linux".utf8)),
        ]
        for expression in [
            "${n} == exec.uid", "${s} == exec.comm", "${b}", "exec.comm in ${names}",
            "exec.uid in ${ids}", "${names.length} == 2", "exec.comm == \"${s}\"",
            "\"${names}/${ids}/${n}\" == \"sh,b/1,7/7\"", "${process.x} == \"y\"",
            "\"${process.x}\" == \"y\"", "os == \"linux\"", "${s} =~ \"s*\"",
        ] {
            #expect(try value(expression, event, with: compiler), "\(expression)")
        }
    }

    @Test(arguments: [
        ("exec.comm", VariableValue.string(ArraySlice("sh".utf8)), VariableType.string),
        ("exec.uid + 1", .integer(8), .integer), ("exec.uid == 7", .boolean(true), .boolean),
        ("exec.argv", .strings([ArraySlice("-c".utf8), ArraySlice("x".utf8)]), .strings),
        ("process.ancestors.uid", .integers([1, 2]), .integers),
        ("\"%{exec.comm}:${n}\"", .string(ArraySlice("sh:5".utf8)), .string),
        ("\"a*\"", .string(ArraySlice("a*".utf8)), .string), ("${n} + 1", .integer(6), .integer),
        ("[ 1, 2 ]", .integers([1, 2]), .integers),
        ("exec.argv[1]", .string(ArraySlice("x".utf8)), .string),
    ])
    func `an expression can be asked for its value`(
        expression: String,
        expected: VariableValue,
        type: VariableType
    ) throws {
        let compiler = Compiler(variables: ["n": .integer])
        let event = try event([
            "exec.comm": "sh", "exec.uid": 7, "exec.argv": ["-c", "x"],
            "process.ancestors": .records([["uid": 1], ["uid": 2]]),
        ])
        event.variables = ["n": .integer(5)]
        let compiled = try #require(compiler.compileValue(Array(expression.utf8)).0)
        #expect(compiled.type == type)
        #expect(compiled.evaluate(event) == expected)
    }

    @Test(arguments: [
        ("~\"a*\"", "R014"), ("1.2.3.4", "R014"), ("exec.nothing", "R012"), ("1 +", "R010"),
    ])
    func `what is no value is refused`(expression: String, code: String) {
        let (compiled, diagnostics) = Compiler().compileValue(Array(expression.utf8))
        #expect(compiled == nil && diagnostics.map(\.code.name) == [code])
    }
}
