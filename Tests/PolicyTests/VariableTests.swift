// Variables between events: what `set` sets, who sees it, how long. The cases are those of upstream's
// tests of set actions, told with execs, the only events there are here.

import Diagnostics
import Policy
import RuleLanguage
import Testing

@Suite struct VariableTests {
    @Test func `later events read what was set, of every type and scope`() {
        let host = VariableHost(
            """
            rules:
              - id: setting
                expression: exec.file.name == "test"
                actions:
                  - set: {name: var1, value: true}
                  - set: {name: var2, value: value}
                  - set: {name: var3, value: 123}
                  - set: {name: var4, value: 123, scope: process, inherited: true}
                  - set: {name: var5, value: [val1]}
                  - set: {name: var6, value: [123]}
                  - set: {name: var7, append: true, value: [aaa]}
                  - set: {name: var8, append: true, value: [123]}
                  - set: {name: var9, field: exec.file.path}
                  - set: {name: var10, field: exec.file.path, append: true}
              - id: reading
                expression: >-
                  exec.file.name == "test2" && ${var1} == true && "${var2}" == "value" &&
                  ${var2} == "value" && ${var3} == 123 && ${process.var4} == 123 &&
                  "val1" in ${var5} && 123 in ${var6} && "aaa" in ${var7} && 123 in ${var8} &&
                  ${var9} == "/tmp/test" && "/tmp/test" in ${var10}
            """
        )
        #expect(host.result.diagnostics.isEmpty, "\(host.result.diagnostics)")
        #expect(host.run("test2") == [])
        #expect(host.run("test") == ["setting"])
        #expect(host.run("test2") == ["reading"])
        #expect(host.store.statistics.processes == 1)
        host.store.exit(100, at: host.clock.now)
        #expect(host.store.statistics.processes == 0)
        #expect(host.run("test2") == [])
    }

    @Test func `what was set counts for its time to live`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "test"
                actions:
                  - set: {name: var1, append: true, value: foo, ttl: 1s}
                  - set: {name: var2, append: true, value: 123, ttl: 1s}
                  - set: {name: var3, append: true, value: [bar], scope: process, ttl: 1s, inherited: true}
                  - set: {name: var4, value: 456, scope: container, ttl: 1s, default_value: 7}
            """
        )
        host.run("test", container: "c1")
        host.clock.advance(.milliseconds(999))
        #expect(host.value(of: "var1") == .texts("foo"))
        #expect(host.value(of: "var2") == .integers([123]))
        #expect(host.value(of: "process.var3") == .texts("bar"))
        #expect(host.value(of: "container.var4", container: "c1") == .integer(456))
        host.clock.advance(.milliseconds(1))
        #expect(host.value(of: "var1") == .texts())
        #expect(host.value(of: "var2") == .integers([]))
        #expect(host.value(of: "process.var3") == .texts())
        #expect(host.value(of: "container.var4", container: "c1") == .integer(7))
    }

    @Test func `each member of a list has its own time to live`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name in ["x", "y"]
                actions: [{set: {name: names, append: true, field: exec.file.name, ttl: 10s}}]
            """
        )
        host.run("x")
        host.clock.advance(.seconds(6))
        host.run("y")
        host.clock.advance(.seconds(6))
        #expect(host.value(of: "names") == .texts("y"))
        host.run("x")
        host.run("y")
        #expect(host.value(of: "names") == .texts("x", "y"))
    }

    @Test func `a list keeps its size, without doubles, the newest last`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name != "z"
                actions:
                  - set: {name: same, append: true, value: 1, size: 2}
                  - set: {name: one, append: true, field: exec.file.name, size: 1}
                  - set: {name: two, append: true, field: exec.file.name, size: 2}
            """
        )
        for name in ["a", "b", "a", "c"] { host.run(name) }
        #expect(host.value(of: "same") == .integers([1]))
        #expect(host.value(of: "one") == .texts("c"))
        #expect(host.value(of: "two") == .texts("a", "c"))
    }

    @Test func `a list has a hundred members at most unless told otherwise`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name != "z"
                actions: [{set: {name: names, append: true, field: exec.file.name}}]
            """
        )
        for number in 0..<150 { host.run("n\(number)") }
        guard case .strings(let members)? = host.value(of: "names") else { return }
        #expect(members.count == 100)
        #expect(members.first == ArraySlice("n50".utf8) && members.last == ArraySlice("n149".utf8))
    }

    @Test func `nothing is set for a container that the process is not in`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "test"
                actions:
                  - set: {name: x, value: 1, scope: container}
                  - set: {name: x, value: 1, scope: cgroup}
            """
        )
        #expect(host.run("test") == ["a"])
        #expect(host.store.groups.isEmpty)
        #expect(host.value(of: "container.x") == .integer(0))
        host.run("test", container: "c1", cgroup: "/a")
        #expect(host.value(of: "container.x", container: "c1") == .integer(1))
        #expect(host.value(of: "container.x", container: "c2") == .integer(0))
        #expect(host.value(of: "cgroup.x", cgroup: "/a") == .integer(1))
        #expect(host.value(of: "cgroup.x", cgroup: "/b") == .integer(0))
        host.store.forget(.container(Array("c1".utf8)))
        #expect(host.store.groups == [.cgroup(Array("/a".utf8))])
        #expect(host.value(of: "container.x", container: "c1") == .integer(0))
    }

    @Test func `an unset variable reads its default value`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "test" && ${var1} == 123
                actions: [{set: {name: var1, default_value: 123, value: 456}}]
              - id: b
                expression: exec.file.name == "test" && ${process.key} == "none"
                actions: [{set: {name: key, default_value: none, value: k, scope: process, inherited: true}}]
            """
        )
        #expect(host.run("test") == ["a", "b"])
        #expect(host.value(of: "var1") == .integer(456))
        #expect(host.run("test") == [])
        #expect(host.run("test", 200) == ["b"])
    }

    @Test func `expressions compute with what is there`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "test"
                actions:
                  - set: {name: var1, default_value: 123, expression: "${var1} + ${var1} + 1"}
                  - set: {name: var2, value: foo, default_value: ""}
                  - set: {name: var3, expression: '"${var2}:${var2}"', default_value: ""}
                  - set: {name: var4, expression: '${var3} == "foo:foo"'}
                  - set: {name: var5, expression: '"cmd_${process.pid}"'}
            """
        )
        #expect(host.result.diagnostics.isEmpty, "\(host.result.diagnostics)")
        host.run("test")
        #expect(host.value(of: "var1") == .integer(247))
        #expect(host.value(of: "var3") == .text("foo:foo"))
        #expect(host.value(of: "var4") == .boolean(true))
        #expect(host.value(of: "var5") == .text("cmd_100"))
        host.run("test")
        #expect(host.value(of: "var1") == .integer(495))
    }

    @Test func `every read of uuid4 gives another`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "test"
                actions: [{set: {name: id, append: true, expression: '"${builtins.uuid4}"'}}]
            """
        )
        for _ in 0..<3 { host.run("test") }
        guard case .strings(let ids)? = host.value(of: "id") else { return }
        #expect(ids.count == 3)
        for id in ids {
            let text = Array(id)
            #expect(
                text.count == 36 && text[14] == UInt8(ascii: "4") && text[8] == UInt8(ascii: "-")
            )
            #expect("89ab".utf8.contains(text[19]))
        }
    }

    @Test func `a later rule sees what an earlier one set for the same event`() {
        let host = VariableHost(
            """
            rules:
              - id: late
                expression: exec.file.name == "test" && ${seen}
                priority: -1
              - id: early
                expression: exec.file.name == "test"
                actions:
                  - filter: ${seen} == false
                    set: {name: first, value: true}
                  - set: {name: seen, value: true}
                  - filter: ${seen} == false
                    set: {name: never, value: true}
            """
        )
        #expect(host.run("test") == ["early", "late"])
        #expect(host.value(of: "first") == .boolean(true))
        #expect(host.value(of: "never") == .boolean(false))
    }

    @Test func `a value of a type that is not declared any more counts as unset`() {
        let before = VariableHost(
            "rules: [{id: a, expression: exec.file.name == \"t\", actions: [{set: {name: x, value: 5}}]}]"
        )
        before.run("t")
        let after = LoadResult(
            "rules: [{id: a, expression: exec.file.name == \"t\", actions: [{set: {name: x, value: s}}]}]"
        )
        let session = VariableSession(store: before.store)
        session.begin(after.ruleSet.variables, program: .next)
        #expect(session.value(of: "x", for: exec("t")) == .text(""))
    }

    @Test func `a rule set that uses no variable has none`() {
        let text = """
            rules:
              - id: a
                expression: exec.file.name == "t"
                actions: [{set: {name: x, value: 5}}]
            """
        #expect(!LoadResult(text).ruleSet.variables.isEmpty)
        #expect(LoadResult(text, protection: "rules: {a: disabled}").ruleSet.variables.isEmpty)
    }
}
