// Which `set` actions cannot work, and that this is said: the rule stays, the action goes. The rows
// are those of upstream's validation tests, as far as they are about events there are here.

import Diagnostics
import Policy
import Testing

@Suite struct SetValidationTests {
    /// Loads a rule with some actions and one that would read `${name}`.
    private func load(_ actions: String) -> LoadResult {
        LoadResult(
            "rules:\n  - id: a\n    expression: exec.file.name == \"x\"\n    actions: [\(actions)]\n"
        )
    }

    @Test(arguments: [
        ("{set: {name: v, value: [abc], field: exec.file.path}}", "exactly one of"),
        ("{set: {name: v, value: [true]}}", "all numbers or all texts"),
        ("{set: {name: v, value: [string, true]}}", "all numbers or all texts"),
        ("{set: {name: v, value: [1, text]}}", "all numbers or all texts"),
        ("{set: {name: v, value: }}", "exactly one of"),
        ("{set: {value: 1}}", "needs a name"),
        ("{set: {name: a.b, value: 1}}", "only have letters"),
        (
            "{set: {name: v, value: true, append: true}}",
            "append is not supported for true or false"
        ),
        ("{set: {name: v, field: exec.nothing}}", "'exec.nothing' not found"),
        ("{set: {name: v, field: open.file.path}}", "event type not supported"),
        ("{set: {name: v, expression: exec.file.name ==}}", "skipping invalid action"),
        ("{set: {name: v, expression: '${nothing} + 1'}}", "unknown variable"),
        ("{set: {name: v, expression: '${v} + 1'}}", "unknown variable"),
        ("{set: {name: v, default_value: '', field: exec.argv}}", "'default_value' is a string"),
        ("{set: {name: v, default_value: '', field: process.pid}}", "'default_value' is a string"),
        ("{set: {name: v, default_value: 99, expression: exec.file.name}}", "is a number"),
        ("{set: {name: v, default_value: 0, expression: '\"cmd_${process.pid}\"'}}", "is a number"),
        (
            "{set: {name: v, default_value: [0], expression: exec.file.name, append: true}}",
            "'default_value' is a list of numbers"
        ),
        ("{set: {name: v, default_value: [0], expression: exec.argv}}", "a list of numbers"),
        ("{set: {name: v, default_value: [a], field: exec.file.name}}", "a list of strings"),
        ("{set: {name: pid, value: 1, scope: process}}", "conflicts with field"),
        ("{set: {name: EPERM, value: 1}}", "conflicts with constant"),
        ("{set: {name: v, value: 1, inherited: true}}", "for process scope only"),
        ("{set: {name: v, value: 1, scope: container, inherited: true}}", "for process scope only"),
        ("{set: {name: v, value: 1, scope: host}}", "'scope' must be"),
        ("{set: {name: v, value: 1, scope_field: process.pid}}", "for process scope only"),
        (
            "{set: {name: v, value: 1, scope: process, scope_field: process.uid}}",
            "name one process"
        ),
        ("{set: {name: v, value: 1, scope: process, scope_field: exec.comm}}", "name one process"),
        (
            "{set: {name: v, value: 1, scope: process, scope_field: process.ancestors.pid}}",
            "name one process"
        ),
        ("{set: {name: v, value: 1, scope: process, scope_field: nothing}}", "not found"),
        ("{set: {name: v, value: 1, ttl: soon}}", "must be a duration"),
        ("{log: {level: loud, message: x}}", "not a log level"),
    ])
    func `an action that cannot work is refused, not its rule`(actions: String, reason: String) {
        let result = load(actions)
        let errors = result.diagnostics.filter { $0.severity == .error }
        #expect(errors.contains { $0.message.contains(reason) }, "\(errors.map(\.message))")
        #expect(errors.allSatisfy { $0.span != nil && $0.file != nil })
        #expect(result.states == ["a loaded"])
        #expect(result.ruleSet.rules.first?.actions.count == 0)
    }

    @Test(arguments: [
        "{set: {name: v, value: [abc], append: true}}, {set: {name: v, value: true, append: true}}",
        "{set: {name: v, field: exec.file.path}}, {set: {name: v, value: [true], append: true}}",
        "{set: {name: v, value: true}}, {set: {name: v, value: text}}",
        "{set: {name: v, field: exec.file.path}}, {set: {name: v, field: exec.argv}}",
        "{set: {name: v, value: 1}}, {set: {name: v, value: 1, append: true}}",
        "{set: {name: v, field: exec.file.path, append: true}}, {set: {name: v, field: process.is_kworker, append: true}}",
        "{set: {name: v, default_value: 1, expression: '${v} + 1'}}, {set: {name: v, value: [1]}}",
    ])
    func `the first action decides the type, another one is refused`(actions: String) {
        let result = load(actions)
        #expect(result.hasErrors)
        #expect(result.ruleSet.rules.first?.actions.count == 1)
    }

    @Test(arguments: [
        "{set: {name: v, field: process.file.path, append: true}}",
        "{set: {name: v, expression: '\"ssh_$${builtins.uuid4}_$${process.pid}\"', append: true, default_value: ''}}",
        "{set: {name: v, default_value: '', field: exec.file.path, scope: process}}",
        "{set: {name: v, default_value: [a], field: exec.argv, scope: process}}",
        "{set: {name: v, default_value: [a], field: process.comm, scope: process, append: true}}",
        "{set: {name: v, default_value: a, field: exec.argv, scope: process, append: true}}",
        "{set: {name: v, default_value: '', expression: exec.file.name, scope: cgroup}}",
        "{set: {name: v, default_value: '', expression: '\"cmd_${process.pid}\"', scope: process}}",
        "{set: {name: v, default_value: [''], expression: '\"cmd_${process.pid}\"', append: true}}",
        "{set: {name: v, default_value: [''], expression: exec.file.name, append: true}}",
        "{set: {name: v, default_value: [], field: exec.file.name, append: true}}",
        "{set: {name: v, default_value: [], field: process.pid, append: true}}",
        "{set: {name: v, default_value: 1, field: process.pid, scope: process}}",
        "{set: {name: v, default_value: 1, field: process.pid, append: true}}",
        "{set: {name: v, field: 'exec.argv[0]'}}, {set: {name: v, value: text}}",
        "{set: {name: v, field: 'process.ancestors[0].comm'}}, {set: {name: v, value: text}}",
        "{set: {name: v, field: process.ancestors.comm}}, {set: {name: v, value: [text]}}",
        "{set: {name: v, expression: '\"${w}\"'}}, {set: {name: w, value: 1}}",
        "{set: {name: v, value: 1, scope: process, scope_field: process.parent.pid}}",
        "{set: {name: v, value: 1, scope: process, scope_field: 'process.ancestors[1].pid'}}",
        "{set: {name: v, value: 1, private: true, size: 3, ttl: 10s}}",
        "{log: {level: warn, message: x}}",
    ])
    func `an action that can work has no finding`(actions: String) {
        let result = load(actions)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.message))")
    }

    @Test func `declarations that differ are told, and the first counts`() {
        let host = VariableHost(
            """
            rules:
              - id: a
                expression: exec.file.name == "x"
                actions: [{set: {name: v, append: true, field: exec.file.name, size: 1, ttl: 1m}}]
              - id: b
                expression: exec.file.name == "y"
                actions: [{set: {name: v, append: true, field: exec.file.name, size: 9, ttl: 1m}}]
            """
        )
        #expect(host.result.codes == ["P022"])
        #expect(host.result.diagnostics.first?.notes.count == 1)
        host.run("x")
        host.run("y")
        #expect(host.value(of: "v") == .texts("y"))
    }

    @Test func `a rule that waits for what nobody sets is told so, and loads`() {
        let result = LoadResult(
            """
            rules:
              - id: setting
                expression: open.file.name == "x"
                actions: [{set: {name: opened, field: open.file.path, scope: process}}]
              - id: reading
                expression: exec.file.name == "x" && ${process.opened} == ""
            """
        )
        #expect(result.states == ["setting event_type_disabled", "reading loaded"])
        #expect(result.codes.contains("P023"))
        #expect(!result.hasErrors)
        #expect(result.ruleSet.ids(matching: exec("x")) == ["reading"])
    }

    @Test func `an action from an override is told in its own file`() {
        let first = "rules: [{id: a, expression: exec.file.name == \"x\"}]"
        let second = """
            rules:
              - id: a
                combine: override
                override_options: {fields: [actions]}
                actions: [{set: {name: v, value: true, append: true}}]
            """
        let result = PolicyLoader.load(sources: [
            PolicySource(name: "1.yaml", bytes: Array(first.utf8)),
            PolicySource(name: "2.yaml", bytes: Array(second.utf8)),
        ])
        #expect(result.diagnostics.map { $0.file?.name } == ["2.yaml"])
        #expect(result.codes == ["P016"])
    }
}
