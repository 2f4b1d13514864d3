// Process scope: which program and which descendants see a variable, and who may change it.

import Policy
import RuleLanguage
import Testing

@Suite struct ProcessVariableTests {
    private static let guessing = """
        rules:
          - id: guess
            expression: exec.file.name == "guess"
            actions: [{set: {name: var1, value: 456, scope: process, inherited: true}}]
          - id: victory
            expression: exec.file.name == "guess2" && ${process.var1} == 456
            actions: [{set: {name: var1, value: 1000, scope: process, inherited: true}}]
          - id: game_over
            expression: exec.file.name == "guess2" && ${process.var1} == 0
            actions: [{set: {name: var1, value: 0, scope: process, inherited: true}}]
        """

    @Test func `a child sees what its ancestors set, and changes only its own`() {
        let host = VariableHost(Self.guessing)
        #expect(host.run("guess", 1) == ["guess"])
        host.fork(1, 2)
        host.fork(2, 3)
        #expect(host.run("guess2", 3) == ["victory"])
        #expect(host.value(of: "process.var1", 3) == .integer(1000))
        #expect(host.value(of: "process.var1", 2) == .integer(456))
        #expect(host.value(of: "process.var1", 1) == .integer(456))
        #expect(host.run("guess2", 4) == ["game_over"])
    }

    @Test func `a child keeps what it has inherited when its ancestors end`() {
        let host = VariableHost(Self.guessing)
        host.run("guess", 1)
        host.fork(1, 2)
        host.fork(2, 3)
        host.store.exit(1, at: host.clock.now)
        host.store.exit(2, at: host.clock.now)
        #expect(host.run("guess2", 3) == ["victory"])
    }

    @Test func `a process that was forked before does not see what its parent's next program sets`()
    {
        let host = VariableHost(Self.guessing)
        host.run("guess", 1)
        host.fork(1, 2)
        host.clock.advance(.milliseconds(1))
        host.run("guess2", 1)
        #expect(host.value(of: "process.var1", 1) == .integer(1000))
        #expect(host.value(of: "process.var1", 2) == .integer(456))
    }

    @Test func `a fork that is told late passes on what was there at its time`() {
        let host = VariableHost(Self.guessing)
        host.run("guess", 1)
        host.clock.advance(.milliseconds(1))
        let time = host.clock.now
        host.clock.advance(.milliseconds(1))
        host.run("guess2", 1)
        host.run("guess", 3)
        host.store.fork(parent: 1, child: 2, at: time)
        #expect(host.value(of: "process.var1", 2) == .integer(456))
        host.store.fork(parent: 3, child: 4, at: time)
        #expect(host.value(of: "process.var1", 4) == .integer(0))
    }

    @Test func `what is not inherited ends with the program and stays with the process`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "a"
                actions: [{set: {name: x, value: 1, scope: process}}]
              - id: b
                expression: exec.file.name == "b" && ${process.x} == 1
            """
        )
        host.run("a", 1)
        #expect(host.value(of: "process.x", 1) == .integer(1))
        host.fork(1, 2)
        #expect(host.value(of: "process.x", 2) == .integer(0))
        #expect(host.run("b", 1, outcome: .refused) == [], "the next program does not see it")
        #expect(host.value(of: "process.x", 1) == .integer(1), "nothing was started")
        host.run("b", 1)
        #expect(host.value(of: "process.x", 1) == .integer(0))
    }

    @Test func `a further event of the same exec sees what the first one set`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "script"
                actions: [{set: {name: x, value: 1, scope: process}}]
              - id: b
                expression: exec.file.name == "script2" && ${process.x} == 1
            """
        )
        host.run("script", 1)
        #expect(host.run("script2", 1, program: .current) == ["b"])
        #expect(host.value(of: "process.x", 1) == .integer(1))
    }

    @Test func `a refused exec leaves its mark on the process, a check none`() {
        let host = VariableHost(Self.guessing)
        host.run("guess", 1, outcome: .discarded)
        #expect(host.value(of: "process.var1", 1) == .integer(0))
        #expect(host.store.statistics.owners == 0)
        host.run("guess", 1, outcome: .refused)
        #expect(host.value(of: "process.var1", 1) == .integer(456))
    }

    @Test func `a context is entered once, and its descendants tell where they came from`() {
        let host = VariableHost(
            """
            rules:
              - id: first
                expression: exec.file.name == "first" && ${process.key} == ""
                actions:
                  - set: {name: key, default_value: "", expression: '"first_${builtins.uuid4}"', scope: process, inherited: true}
              - id: third
                expression: exec.file.name == "third" && ${process.key} in ["", ~"first_*"]
                actions:
                  - filter: ${process.key} != ""
                    set: {name: parents, default_value: "", expression: "${process.key}", scope: process, append: true, inherited: true}
                  - set: {name: key, default_value: "", expression: '"third_${builtins.uuid4}"', scope: process, inherited: true}
            """
        )
        #expect(host.result.diagnostics.isEmpty, "\(host.result.diagnostics)")
        #expect(host.run("first", 1) == ["first"])
        guard case .string(let key)? = host.value(of: "process.key", 1) else { return }
        #expect(key.starts(with: "first_".utf8))
        host.fork(1, 2)
        #expect(host.run("first", 2) == [])
        host.fork(2, 3)
        #expect(host.run("third", 3) == ["third"])
        #expect(host.value(of: "process.parents", 3) == .strings([key]))
        #expect(host.value(of: "process.parents", 2) == .strings([]))
        host.fork(3, 4)
        #expect(host.run("third", 4) == [])
        #expect(host.value(of: "process.parents", 4) == .strings([key]))
    }

    @Test func `what is appended to an inherited list is a child's own`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name != "z"
                actions: [{set: {name: l, append: true, field: exec.file.name, scope: process, inherited: true}}]
            """
        )
        host.run("a", 1)
        host.fork(1, 2)
        host.fork(1, 3)
        host.run("b", 2)
        host.run("c", 3)
        #expect(host.value(of: "process.l", 1) == .texts("a"))
        #expect(host.value(of: "process.l", 2) == .texts("a", "b"))
        #expect(host.value(of: "process.l", 3) == .texts("a", "c"))
    }

    @Test func `a scope field sets and reads another process's variables`() {
        let host = VariableHost(
            """
            rules:
              - id: one
                expression: exec.file.name == "one" && ${process.key} == ""
                actions:
                  - filter: ${process.key} == ""
                    set: {name: key, default_value: "", expression: '"first"', scope: process, scope_field: process.parent.pid, inherited: true}
                  - filter: ${process.key} in ["", "first"]
                    set: {name: key, default_value: "", expression: '"own"', scope: process, inherited: true}
              - id: two
                expression: exec.file.name == "two" && ${process.key} == "own"
                actions:
                  - filter: ${process.key} == "first"
                    set: {name: keys, default_value: "", expression: "${process.key}", scope: process, scope_field: process.parent.pid, append: true, inherited: true}
                  - filter: ${process.key} == "first"
                    set: {name: key, default_value: "", expression: '"second"', scope: process, scope_field: process.parent.pid, inherited: true}
            """
        )
        #expect(host.result.diagnostics.isEmpty, "\(host.result.diagnostics)")
        host.fork(2, 3)
        #expect(host.run("one", 1, ancestors: [2]) == ["one"])
        #expect(host.value(of: "process.key", 1, ancestors: [2]) == .text("own"))
        #expect(host.value(of: "process.key", 2) == .text("first"))
        // A sibling that was there before sees it too: it was set on a living ancestor.
        #expect(host.value(of: "process.key", 3, ancestors: [2]) == .text("first"))
        #expect(host.run("two", 1, ancestors: [2]) == ["two"])
        #expect(host.value(of: "process.key", 2) == .text("second"))
        #expect(host.value(of: "process.key", 1, ancestors: [2]) == .text("own"))
        #expect(host.value(of: "process.keys", 2) == .texts("first"))
    }

    @Test func `a number that is used again starts with nothing`() {
        let host = VariableHost(Self.guessing)
        host.run("guess", 7)
        host.clock.advance(.seconds(1))
        host.fork(1, 7)
        #expect(host.value(of: "process.var1", 7) == .integer(0))
        host.run("guess", 7)
        host.store.exit(7, at: host.clock.now - 500_000_000)
        #expect(host.value(of: "process.var1", 7) == .integer(456), "the former owner's end")
    }

    @Test func `after lost events only the living are kept`() {
        let host = VariableHost(Self.guessing)
        for process: Int32 in 1...5 { host.run("guess", process) }
        host.store.keep(only: [2, 4])
        #expect(host.store.statistics.processes == 2)
        #expect(host.value(of: "process.var1", 4) == .integer(456))
        #expect(host.value(of: "process.var1", 5) == .integer(0))
    }

    @Test func `a full store forgets who was changed longest ago`() {
        var limits = VariableStore.Limits()
        limits.owners = 64
        let host = VariableHost(Self.guessing, limits: limits)
        for process: Int32 in 1...1000 { host.run("guess", process) }
        let statistics = host.store.statistics
        #expect(statistics.owners <= 64 && statistics.evicted >= 936)
        #expect(host.value(of: "process.var1", 1000) == .integer(456))
        #expect(host.value(of: "process.var1", 1) == .integer(0))
    }

    @Test func `a store of big values stays within its bytes`() {
        var limits = VariableStore.Limits()
        limits.bytes = 1 << 20
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name != "z"
                actions: [{set: {name: l, append: true, field: exec.file.name, scope: process, inherited: true, size: 100000}}]
            """,
            limits: limits
        )
        for number in 0..<2000 {
            let name = String(repeating: "x", count: 6000) + "\(number)"
            host.run(String(number) + name, Int32(number % 300 + 1))
            #expect(host.store.statistics.bytes < (1 << 20) + 300_000)
        }
        for process: Int32 in 1...300 { host.store.exit(process, at: host.clock.now) }
        #expect(host.store.statistics.bytes == 0, "what is dropped is not counted any more")
    }

    @Test func `cells that processes share weigh once`() {
        let host = VariableHost(Self.guessing)
        host.run("guess", 1)
        let bytes = host.store.statistics.bytes
        for child: Int32 in 2...50 { host.fork(1, child) }
        #expect(host.store.statistics.bytes == bytes && host.store.statistics.processes == 50)
    }
}
