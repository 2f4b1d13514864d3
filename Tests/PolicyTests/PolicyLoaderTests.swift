// Load order, merging, filters: which definition of a rule counts on this host.

import Diagnostics
import Policy
import RuleLanguage
import Testing

@Suite struct PolicyLoaderTests {
    private func load(_ files: [(String, PolicyOrigin, String)], version: ReleaseVersion? = nil)
        -> LoadResult
    {
        var options = LoadOptions()
        options.host.kernelVersion = ReleaseVersion(6, 1, 0)
        options.host.distribution = "debian"
        if let version { options.agentVersion = version }
        return PolicyLoader.load(
            sources: files.map { PolicySource(name: $0.0, bytes: Array($0.2.utf8), origin: $0.1) },
            options: options
        )
    }

    private func rule(_ id: String, _ name: String, _ more: String = "") -> String {
        "rules:\n  - id: \(id)\n    expression: exec.file.name == \"\(name)\"\n\(more)"
    }

    @Test func `reads every key of the format`() throws {
        let result = LoadResult(Self.everyKey)
        #expect(result.codes.isEmpty, "\(result.diagnostics.map(\.message))")
        let rule = try #require(result.ruleSet.rules.first)
        #expect(rule.id == "every_key" && rule.version == "1.2.3" && rule.policyVersion == "3")
        #expect(rule.description == "All of it" && rule.severity == "high")
        #expect(rule.tags == [RuleTag("severity", "high"), RuleTag("technique", "T1496")])
        #expect(rule.productTags == ["tactic:TA0040-impact"])
        #expect(rule.every == .seconds(10) && rule.isSilent && rule.priority == 7)
        #expect(rule.groupID == "miners" && rule.limiterToken == [Field(.process, .pid)])
        #expect(rule.actions.count == 6 && rule.isBlockable)
        let kills = rule.actions.compactMap { action in
            if case .kill(let kill) = action.kind { kill } else { nil }
        }
        #expect(kills.map(\.signalNumber) == [9, 15])
        #expect(kills.map(\.scope) == [.container, .process])
        #expect(!kills[0].containerDisarmer.isEnabled && kills[0].executableDisarmer.isEnabled)
        #expect(kills[1].executableDisarmer.maxAllowed == 3)
        #expect(kills[1].containerDisarmer.period == .seconds(60))
        #expect(result.ruleSet.ids(matching: exec("miner-a")) == ["every_key"])
    }

    static let everyKey = """
        version: 3
        type: content_pack
        replace_policy_id: abc
        macros:
          - id: NAMES
            values: [miner-a]
            description: names
            agent_version: ">= 7.1"
            filters: ['os == "linux"']
          - {id: NAMES, values: ["miner-b"], combine: merge}
          - {id: IS_NAMED, expression: exec.file.name in NAMES}
        rules:
          - id: every_key
            version: 1.2.3
            expression: IS_NAMED
            description: All of it
            tags: {severity: high, technique: T1496}
            product_tags: ["tactic:TA0040-impact"]
            agent_version: ">=7.65, <8"
            filters: [os == "windows", 'os == "linux"']
            disabled: false
            every: 10s
            limiter_token: [process.pid]
            silent: true
            group_id: miners
            priority: 7
            actions:
              - filter: process.container.id != ""
                kill: {signal: SIGKILL, scope: container, disable_container_disarmer: true}
              - kill:
                  signal: SIGTERM
                  disarmer:
                    container: {max_allowed: 5, period: 1m}
                    executable: {max_allowed: 3, period: 30s}
              - hash: {field: exec.file, max_file_size: 1048576}
              - log: {level: info, message: seen}
              - set: {name: seen, value: true, scope: process, ttl: 5m, inherited: true}
              - set: {name: all, field: process.file.path, append: true, size: 10, private: true,
                      default_value: [x]}
          - id: every_key
            combine: override
            override_options: {fields: [every]}
            every: 10s
        """

    @Test func `loads shipped before custom, default policy first, then by name`() {
        let result = load([
            ("b.yaml", .custom, rule("r4", "x")), ("a.policy", .custom, rule("r3", "x")),
            ("z.yaml", .shipped, rule("r1", "x")), ("default.policy", .custom, rule("r2", "x")),
        ])
        #expect(result.ruleSet.policies.flatMap(\.rules).map(\.id) == ["r1", "r2", "r3", "r4"])
    }

    @Test func `a custom file replaces the shipped one of its name`() {
        let result = load([
            ("a.yaml", .shipped, rule("r1", "x")), ("a.yaml", .custom, rule("r2", "x")),
        ])
        #expect(result.states == ["r2 loaded"])
    }

    @Test func `the first definition of an id counts, and the second is told`() {
        let result = load([
            ("a.yaml", .custom, rule("r", "first")), ("b.yaml", .custom, rule("r", "second")),
        ])
        #expect(result.ruleSet.ids(matching: exec("first")) == ["r"])
        #expect(result.ruleSet.ids(matching: exec("second")).isEmpty)
        #expect(result.codes == ["P013"])
        #expect(result.diagnostics[0].notes[0].file?.name == "a.yaml")
    }

    @Test(arguments: [
        (PolicyOrigin.shipped, "", "true", 0), (.shipped, "true", "", 1), (.custom, "", "true", 1),
        (.custom, "true", "", 1), (.custom, "true", "true", 0), (.shipped, "true", "true", 0),
    ])
    func `disables and enables by later definitions`(
        origin: PolicyOrigin,
        first: String,
        second: String,
        loaded: Int
    ) {
        func more(_ value: String) -> String { value.isEmpty ? "" : "    disabled: \(value)\n" }
        let result = load([
            ("a.yaml", origin, rule("r", "x", more(first))),
            ("b.yaml", .custom, rule("r", "x", more(second))),
        ])
        #expect(result.ruleSet.rules.count == loaded)
        #expect(result.states.first == (loaded == 1 ? "r loaded" : "r disabled"))
    }

    @Test func `overrides what is asked for and nothing else`() throws {
        let base = rule("r", "x", "    every: 1s\n    tags: {a: 1, b: 2}\n")
        let change = """
            rules:
              - {id: r, combine: override, override_options: {fields: [tags, actions, expression]},
                 expression: 'exec.file.name == "y"', tags: {b: 3}, every: 9s,
                 actions: [{kill: {signal: SIGKILL}}, {kill: {signal: SIGKILL}}]}
            """
        let result = load([("a.yaml", .shipped, base), ("b.yaml", .custom, change)])
        let rule = try #require(result.ruleSet.rules.first)
        #expect(rule.expression == "exec.file.name == \"y\"")
        #expect(rule.tags == [RuleTag("a", "1"), RuleTag("b", "3")])
        #expect(rule.every == .seconds(1) && rule.isBlockable)
        #expect(rule.actions.count == 1, "identical actions are appended once")
        #expect(result.codes == ["P027"], "that 'every' changes nothing is said")
    }

    @Test func `overriding all of a default rule keeps its expression`() throws {
        let change = """
            rules:
              - {id: r, combine: override, override_options: {fields: [all]},
                 expression: 'exec.file.name == "y"', every: 9s}
            """
        let base = rule("r", "x", "    tags: {a: 1}\n")
        let result = load([("a.yaml", .shipped, base), ("b.yaml", .custom, change)])
        let rule = try #require(result.ruleSet.rules.first)
        #expect(rule.expression == "exec.file.name == \"x\"")
        #expect(rule.tags.isEmpty && rule.every == .seconds(9))
    }

    @Test(arguments: [
        ("'os == \"linux\"'", "loaded"), ("'os == \"windows\"'", "filtered"),
        ("'os == \"windows\"', 'os == \"linux\"'", "loaded"),
        ("kernel.version.major >= 6 && kernel.version.minor < 2", "loaded"),
        ("kernel.version.major < 6", "filtered"), ("os.is_debian", "loaded"),
        ("os.is_rhel", "filtered"), ("'os.id in [\"debian\", \"ubuntu\"]'", "loaded"),
        ("'os ='", "agent_filter_error"), ("'nosuch == 1'", "agent_filter_error"),
        ("'exec.file.name == \"x\"'", "agent_filter_error"),
    ])
    func `filters by facts of the host`(filters: String, state: String) {
        let result = load([("a.yaml", .custom, rule("r", "x", "    filters: [\(filters)]\n"))])
        #expect(result.states == ["r \(state)"])
        #expect(result.hasErrors == (state == "agent_filter_error"))
    }

    @Test(arguments: [
        (">= 7.71", "loaded"), ("< 7.71", "filtered"), (">=7.65 <7.70", "filtered"),
        ("soon", "agent_version_error"),
    ])
    func `filters by agent version`(constraint: String, state: String) {
        let text = rule("r", "x", "    agent_version: \"\(constraint)\"\n")
        #expect(load([("a.yaml", .custom, text)]).states == ["r \(state)"])
        let old = load([("a.yaml", .custom, text)], version: ReleaseVersion(7, 66, 1))
        #expect(
            (old.states == ["r loaded"]) == (constraint.hasPrefix("<") || constraint.contains("65"))
        )
    }

    @Test func `an empty agent version asks for none`() {
        let result = load([("a.yaml", .custom, rule("r", "x", "    agent_version: \"\"\n"))])
        #expect(result.states == ["r loaded"] && result.codes.isEmpty)
    }

    @Test func `one bad rule costs no other and one bad action not its rule`() {
        let result = LoadResult(
            """
            rules:
              - {id: a, expression: 'exec.file.name =='}
              - {id: b, expression: 'open.file.path == "/x"'}
              - {id: c, expression: 'exec.file.name == "x"', actions: [{kill: {signal: SIGNOPE}}]}
              - {expression: 'exec.file.name == "x"'}
              - {id: 'd e', expression: 'exec.file.name == "x"'}
              - {id: f}
              - {id: g, expression: 'exec.file.name == "x" || exec.file.name != "x"'}
              - 7
            """
        )
        #expect(
            result.states == [
                "a syntax_error", "b event_type_disabled", "c loaded", " error", "d e error",
                "f error", "g error", " error",
            ]
        )
        #expect(result.ruleSet.rules.map(\.id) == ["c"])
        #expect(!result.ruleSet.rules[0].isBlockable)
        #expect(result.ruleSet.policies[0].state == .partiallyLoaded)
        #expect(
            result.diagnostics.contains {
                $0.message == "skipping invalid action in rule c: unsupported signal 'SIGNOPE'"
            }
        )
        #expect(result.ruleSet.statuses.contains { $0.message == "no rule ID" })
        #expect(result.ruleSet.statuses.contains { $0.message == "rule ID pattern error" })
        #expect(result.ruleSet.statuses.contains { $0.message == "no rule expression" })
    }

    @Test func `sorts rules: context first, defaults first, then priority`() {
        let custom = """
            rules:
              - {id: low, expression: 'exec.file.name == "x"', priority: 1}
              - {id: high, expression: 'exec.file.name == "x"', priority: 5}
              - {id: context, expression: 'exec.file.name == "x"', tags: {execution_context: true}}
            """
        let result = load([
            ("a.yaml", .custom, custom), ("b.yaml", .shipped, rule("shipped", "x")),
        ])
        #expect(result.ruleSet.rules.map(\.id) == ["context", "shipped", "high", "low"])
        #expect(result.ruleSet.ids(matching: exec("x")).count == 4)
    }
}

@Suite struct UnavailableFieldTests {
    private func load(_ expression: String, unavailable: Set<Field>? = nil) -> LoadResult {
        var options = LoadOptions()
        if let unavailable { options.unavailable.formUnion(unavailable) }
        return LoadResult(
            "rules:\n  - id: a\n    expression: \(expression)\n",
            options: options
        )
    }

    @Test(arguments: [
        #"exec.file.name == "x" && process.parent.interpreter.file.name == "python3""#,
        #"exec.file.name == "x" && process.ancestors.interpreter.file.uid == 5"#,
    ])
    func `a field that never has a value is warned of and the rule stays`(expression: String) {
        let result = load(expression)
        #expect(result.codes == ["P025"])
        #expect(result.diagnostics.allSatisfy { $0.severity == .warning && $0.span != nil })
        #expect(result.states == ["a loaded"])
    }

    @Test(arguments: [
        #"exec.interpreter.file.name == "python3""#, #"exec.file.package.name == "x""#,
        #"exec.file.hashes == "sha256:0""#,
    ])
    func `a field that has values is not`(expression: String) {
        #expect(load(expression).codes == [])
    }

    @Test func `a host without packages is warned of rules about them`() {
        let result = load(
            #"exec.file.package.name == "" && exec.file.name == "x""#,
            unavailable: LoadOptions.packageFields
        )
        #expect(result.codes == ["P025"])
        #expect(result.diagnostics.first?.message.contains("exec.file.package.name") == true)
    }
}
