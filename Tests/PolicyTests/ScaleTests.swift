// Policies of the size and shape of real ones, and policies that are cut off or hostile.

import Diagnostics
import Policy
import RuleLanguage
import Testing

@Suite struct ScaleTests {
    /// 300 rules and 50 macros in the proportions of a real default policy: most about events this
    /// agent does not see, some for other systems or other agent versions.
    static let realistic: String = {
        var text = "version: 1.69.3\ntype: policy\nmacros:\n"
        for number in 0..<50 {
            text += "  - id: MACRO_\(number)\n"
            text += "    expression: '[ \"tool\(number)\", ~\"*/bin\(number)*\", \"x\" ]'\n"
            if number < 3 { text += "    filters: ['os == \"linux\"']\n" }
        }
        text += "rules:\n"
        for number in 0..<300 {
            text += "  - id: rule_\(number)\n    description: rule number \(number)\n"
            let body = expressions[number % expressions.count].replacing(
                "#",
                with: "\(number % 50)"
            )
            text += "    expression: >-\n      \(body)\n"
            text += "    product_tags: [\"tactic:TA0040-impact\", \"policy:threat-detection\"]\n"
            let system = number % 10 == 9 ? "windows" : "linux"
            text += "    filters:\n      - os == \"\(system)\"\n"
            if number % 3 == 0 { text += "    agent_version: \">= 7.\(60 + number % 40)\"\n" }
            if number % 5 == 0 {
                text += "    actions:\n      - set: {name: seen_\(number), value: true, "
                text += "scope: process, ttl: 10m}\n"
            }
        }
        return text
    }()

    private static let expressions = [
        "exec.file.name in MACRO_# && process.args in [~\"*#*\", ~\"*x\"]",
        "open.file.path in [~\"/etc/#*\", \"/root/.ssh/id\"] && open.flags & (O_CREAT|O_RDWR) > 0",
        "(chmod.file.path == \"/etc/#\") && chmod.file.mode != chmod.file.destination.mode",
        "exec.comm == \"tool#\" && process.parent.file.name not in [\"sh\", \"init\"]",
        "dns.question.name in [~\"*.example#.com\"] && process.file.name != \"\"",
        "exec.args_flags in [\"flag#\"] && exec.tty_name != \"\" && process.container.id != \"\"",
        "connect.addr.port == # && process.file.path not in [~\"/usr/bin/*\"]",
        "exec.file.path == \"/usr/bin/x#\" && process.file.modification_time < 30s",
        "unlink.file.name == \"f#\"", "exec.envs in [\"VAR_#\"] && exec.file.in_upper_layer",
        "ptrace.request == PTRACE_ATTACH && ptrace.tracee.pid != #",
        "exec.file.path in [~\"/tmp/**\", ~\"/dev/shm/x#*\"] && process.ancestors.comm == \"a#\"",
    ]

    /// What becomes of a rule, by what it was made of.
    private static func expectedState(_ number: Int) -> RuleStatus.State {
        let isTooNew = number % 3 == 0 && 60 + number % 40 > 78
        if number % 10 == 9 || isTooNew { return .filtered }
        let unseen = ["open", "chmod", "dns", "connect", "unlink", "ptrace"]
        let text = expressions[number % expressions.count].drop { $0 == "(" }
        return unseen.contains { text.hasPrefix($0 + ".") } ? .eventTypeDisabled : .loaded
    }

    @Test func `loads a policy like a real default one`() {
        let result = LoadResult(Self.realistic)
        let states = result.ruleSet.statuses.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
        #expect(
            !result.hasErrors,
            "\(result.diagnostics.first { $0.severity == .error }?.message ?? "")"
        )
        #expect(result.ruleSet.statuses.count == 300)
        for (number, status) in result.ruleSet.statuses.enumerated() {
            #expect(status.id == "rule_\(number)")
            #expect(status.state == Self.expectedState(number), "\(number): \(status)")
        }
        #expect(states[.filtered, default: 0] > 30)
        #expect(states[.eventTypeDisabled, default: 0] > 90)
        #expect(states[.loaded] == result.ruleSet.rules.count)
        #expect(states.keys.allSatisfy { [.loaded, .filtered, .eventTypeDisabled].contains($0) })
        #expect(result.ruleSet.policies[0].state == .partiallyLoaded)
        #expect(result.ruleSet.ids(matching: exec("tool0")).isEmpty)
        #expect(!result.ruleSet.ids(matching: exec("tool0", ["a", "x"])).isEmpty)
    }

    @Test func `finds by index exactly what evaluating every rule finds`() {
        let rules = LoadResult(Self.realistic).ruleSet
        var scratch = MatchScratch()
        var matches = 0
        for number in 0..<50 {
            for event in [
                exec("tool\(number)", ["\(number)x", "--flag\(number)", "x"]),
                exec("x", ["-flag\(number)"], environment: ["VAR_\(number)=1"], container: "c"),
                exec("x\(number)", path: "/usr/bin/x\(number)"),
                exec("y", path: "/dev/shm/x\(number)y"), exec("nothing"),
            ] {
                rules.matches(event, into: &scratch)
                let all = rules.rules.indices.filter { rules.rules[$0].compiled.evaluate(event) }
                #expect(scratch.matched == all)
                matches += all.count
            }
        }
        #expect(matches > 50)
    }

    @Test func `visits few rules of many on an ordinary exec`() {
        var text = "rules:\n"
        for number in 0..<3_000 {
            text += "- {id: r\(number), expression: 'exec.file.name == \"n\(number)\" || exec.args"
            text += " =~ \"*needle\(number)*\"', filters: ['os == \"linux\"']}\n"
        }
        let result = LoadResult(text)
        #expect(result.ruleSet.rules.count == 3_000)
        var scratch = MatchScratch()
        result.ruleSet.matches(exec("cp", ["-a", "one", "two"]), into: &scratch)
        #expect(scratch.candidates.rules.isEmpty)
        result.ruleSet.matches(exec("n7", ["x", "needle2999"]), into: &scratch)
        #expect(scratch.matched == [7, 2_999] || scratch.matched == [2, 7, 29, 299, 2_999])
    }

    @Test func `has an answer for a policy cut at every byte`() {
        let bytes = Array(PolicyLoaderTests.everyKey.utf8)
        let renderer = DiagnosticRenderer()
        for count in 0...bytes.count {
            let cut = Array(bytes.prefix(count))
            let result = PolicyLoader.load(
                sources: [PolicySource(name: "p", bytes: cut)],
                protection: PolicySource(name: "q", bytes: cut)
            )
            for finding in result.diagnostics {
                #expect(!renderer.text(of: finding).isEmpty && !finding.json.isEmpty)
            }
            #expect(!result.ruleSet.isActiveProtectionOn)
        }
    }

    @Test func `has an answer for a policy with any byte changed`() {
        let bytes = Array(PolicyLoaderTests.everyKey.utf8)
        var random = SystemRandomNumberGenerator()
        for offset in stride(from: 0, to: bytes.count, by: 3) {
            var changed = bytes
            let byte = UInt8.random(in: .min ... .max, using: &random)
            changed[offset] = byte
            let result = PolicyLoader.load(sources: [PolicySource(name: "p", bytes: changed)])
            for finding in result.diagnostics {
                let span = finding.span
                #expect(
                    span.map { $0.start >= 0 && $0.end <= changed.count } ?? true,
                    "byte \(byte) at \(offset)"
                )
            }
        }
    }

    @Test func `counts findings past the limit`() {
        let text = "rules:\n" + String(repeating: "- {id: a, b: c}\n", count: 3_000)
        let result = LoadResult(text)
        #expect(result.diagnostics.count == 2_001)
        #expect(result.diagnostics.last?.code == .tooManyFindings)
        #expect(result.hasErrors)
    }
}
