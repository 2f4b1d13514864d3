// What follows from a match: every condition of blocking, each alone missing.

import Diagnostics
import Policy
import RuleLanguage
import Testing

@Suite struct DecisionTests {
    private static let policy = """
        rules:
          - id: killing
            expression: exec.file.name == "m"
            actions: [{kill: {signal: SIGKILL}}]
          - id: plain
            expression: exec.file.name == "m"
          - id: filtering
            expression: exec.file.name == "m"
            actions: [{filter: exec.argv == "go", kill: {signal: SIGKILL}}]
        """

    private func decide(_ protection: String, rule: String, _ event: any EventSource)
        -> RuleDecision?
    {
        let result = LoadResult(Self.policy, protection: protection)
        var scratch = MatchScratch()
        result.ruleSet.matches(event, into: &scratch)
        return scratch.matched.first { result.ruleSet.rules[$0].id == rule }
            .map { result.ruleSet.decision(forRule: $0, event: event) }
    }

    @Test(
        arguments: [
            (
                "active_protection: true\nrules: {killing: {protection: blocking}}", "killing",
                .block
            ),
            ("active_protection: true\nrules: {killing: blocking}", "killing", .block),
            ("rules: {killing: blocking}", "killing", .monitor(.activeProtectionOff)),
            ("active_protection: true", "killing", .monitor(.monitoring)),
            (
                "active_protection: true\nrules: {killing: monitoring}", "killing",
                .monitor(.monitoring)
            ),
            ("active_protection: true\nrules: {killing: disabled}", "killing", nil),
            ("active_protection: true\nrules: {plain: blocking}", "plain", .monitor(.monitoring)),
            (
                "active_protection: true\nrules: {filtering: blocking}", "filtering",
                .monitor(.filtered)
            ),
            (
                "active_protection: maybe\nrules: {killing: blocking}", "killing",
                .monitor(.activeProtectionOff)
            ),
            (
                "active_protection: true\nrules: {killing: {protection: blocking, where: {}}}",
                "killing",
                .monitor(.monitoring)
            ),
            (
                "active_protection: true\nrules: {killing: {protection: blocking, wher: {tags: [a]}}}",
                "killing", .monitor(.monitoring)
            ),
            ("", "killing", .monitor(.activeProtectionOff)),
        ] as [(String, String, RuleDecision?)]
    )
    func `blocks only if every condition holds`(
        protection: String,
        rule: String,
        expected: RuleDecision?
    ) {
        #expect(decide(protection, rule: rule, exec("m")) == expected)
    }

    @Test func `blocks where the filter of the kill holds`() {
        let protection = "active_protection: true\nrules: {filtering: blocking}"
        let event = exec("m", ["go"])
        #expect(decide(protection, rule: "filtering", event) == .block)
    }

    @Test(
        arguments: [
            ("services: [\"a*\"]", ["DD_SERVICE=api"], [], "", .block),
            ("services: [\"a*\"]", ["DD_SERVICE=web"], [], "", .monitor(.outOfScope)),
            ("services: [\"a*\"]", ["XDD_SERVICE=api"], [], "", .monitor(.outOfScope)),
            ("services: [\"a*\"]", [], [], "", .monitor(.outOfScope)),
            ("services: [web, \"*pi\"]", ["X=1", "DD_SERVICE=api"], [], "", .block),
            ("services: [ap]", ["DD_SERVICE=api"], [], "", .monitor(.outOfScope)),
            ("services: \"a*b*c\"", ["DD_SERVICE=aXbYc"], [], "", .block),
            ("tags: [\"short_image:worker\"]", [], ["short_image:worker"], "c1", .block),
            (
                "tags: [\"short_image:worker\", \"image_tag:2.5\"]", [],
                ["image_tag:2.5", "short_image:worker"], "c1", .block
            ),
            (
                "tags: [\"short_image:worker\", \"image_tag:2.5\"]", [],
                ["image_tag:2.50", "short_image:worker"], "c1", .monitor(.outOfScope)
            ),
            ("tags: [\"short_image:worker\"]", [], [], "c1", .monitor(.unknownImage)),
            ("tags: [\"short_image:worker\"]", [], [], "", .monitor(.outOfScope)),
            (
                "services: [api], tags: [\"image_tag:1\"]", ["DD_SERVICE=api"], ["image_tag:1"],
                "c", .block
            ),
            (
                "services: [api], tags: [\"image_tag:1\"]", ["DD_SERVICE=api"], ["image_tag:2"],
                "c",
                .monitor(.outOfScope)
            ),
            (
                "services: [api], tags: [\"image_tag:1\"]", ["DD_SERVICE=web"], ["image_tag:1"],
                "c",
                .monitor(.outOfScope)
            ),
        ] as [(String, [String], [String], String, RuleDecision)]
    )
    func `blocks only in scope`(
        scope: String,
        environment: [String],
        tags: [String],
        container: String,
        expected: RuleDecision
    ) {
        let protection =
            "active_protection: true\nrules: {killing: {protection: blocking, where: {\(scope)}}}"
        let event = exec(
            "m",
            environment: environment,
            tags: tags,
            container: container
        )
        #expect(decide(protection, rule: "killing", event) == expected)
    }

    @Test(
        arguments: [
            (["a*"], [], #"process.envp in ["DD_SERVICE=a*"]"#),
            (["a*", "web"], [], #"process.envp in ["DD_SERVICE=a*", "DD_SERVICE=web"]"#),
            (
                [], ["short_image:worker", "image_tag:2.5"],
                #"container.tags in ["short_image:worker"] && container.tags in ["image_tag:2.5"]"#
            ),
            (["a"], ["x:y"], #"process.envp in ["DD_SERVICE=a"] && container.tags in ["x:y"]"#),
            (
                [#"a"] || process.uid in [0] || process.envp in ["b"#], [],
                #"process.envp in ["DD_SERVICE=a\"] || process.uid in [0] || process.envp in [\"b"]"#
            ),
            ([#"a\"#, "b"], [], #"process.envp in ["DD_SERVICE=a\\", "DD_SERVICE=b"]"#),
            ([], [#"k:v"] || true"#], #"container.tags in ["k:v\"] || true"]"#),
        ] as [([String], [String], String)]
    )
    func `shows a scope as an expression that compiles`(
        services: [String],
        tags: [String],
        expected: String
    ) {
        let expression = BlockingScope(services: services, tags: tags).expression
        #expect(expression == expected)
        let (compiled, found) = Compiler().compile(expression, purpose: .filter)
        #expect(compiled != nil && !found.contains { $0.severity == .error })
    }

    @Test func `asks only for the fields of rules and scopes in force`() {
        let off = LoadResult(Self.policy)
        let environment = Field(.process, .envp)
        #expect(!off.ruleSet.fields.contains(environment))
        #expect(off.ruleSet.fields.contains(Field(.process, .argv)))
        let scoped = LoadResult(
            Self.policy,
            protection: "rules: {killing: {protection: blocking, where: {services: [a]}}}"
        )
        #expect(scoped.ruleSet.fields.contains(environment))
        let disabled = LoadResult(Self.policy, protection: "rules: {filtering: disabled}")
        #expect(!disabled.ruleSet.fields.contains(Field(.process, .argv)))
    }

    @Test(arguments: [
        ("rules: {kiling: blocking}", "P030", false), ("rules: {plain: blocking}", "P031", true),
        ("rules: {killing: {protection: blocking, where: {tags: [worker]}}}", "P032", true),
        ("rules: {killing: {protection: blocking, where: {tags: ['a:*']}}}", "P032", true),
        ("rules: {killing: {protection: blocking, where: {services: []}}}", "P032", true),
        ("rules: {killing: {protection: blocking, where: {service: [a]}}}", "P032", true),
        ("rules: {killing: {protection: blocking, wher: {services: [a]}}}", "P001", true),
        ("rules: {killing: {protection: blocking, services: [a]}}", "P001", true),
        ("rules: {killing: {protection: blok}}", "P002", true), ("rules: []", "P002", true),
        ("active_protection: 'true'", "P002", true), ("activeprotection: true", "P001", false),
        ("[]", "P002", true), ("a: [", "Y001", true),
    ])
    func `says what is wrong with protection settings`(text: String, code: String, isError: Bool) {
        let result = LoadResult(Self.policy, protection: text)
        #expect(result.codes.contains(code), "\(result.codes)")
        #expect(result.hasErrors == isError)
        #expect(result.ruleSet.rules.allSatisfy { $0.protection == .monitoring })
        #expect(result.diagnostics.allSatisfy { $0.file?.name == "protection.yaml" })
    }
}
