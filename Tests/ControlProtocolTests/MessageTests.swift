// Messages as they cross the socket: what is written is read back, what is no message is refused.

import JSON
import Testing

@testable import ControlProtocol

struct `Messages` {
    static let status = StatusReport(
        version: "0.1.0",
        startedAt: "2026-01-02T03:04:05Z",
        isActiveProtectionEnabled: true,
        generation: 7,
        deployedAt: "2026-01-02T03:04:06Z",
        rules: {
            var counts = RuleCounts()
            (counts.total, counts.blocking, counts.disabled) = (9, 2, 1)
            (counts.monitoring, counts.detecting, counts.disarmed) = (5, 1, 1)
            return counts
        }(),
        execs: {
            var counts = ExecCounts()
            (counts.judged, counts.denied) = (.init(Int64.max), 3)
            return counts
        }(),
        health: {
            var health = HealthReport()
            (health.overflows, health.waitingSignals, health.latency99) = (1, 2, 3)
            health.lastError = "cannot write"
            return health
        }()
    )

    static let coverage = CoverageReport(
        filesystems: [
            FilesystemReport(
                mountPoint: "/",
                type: "ext4",
                device: "254:0",
                namespace: nil,
                reason: nil
            ),
            FilesystemReport(
                mountPoint: "/mnt \u{1F}",
                type: "nfs4",
                device: "0:7",
                namespace: 4_026_532_000,
                reason: "network"
            ),
        ],
        hiddenCount: 3
    )

    static let change: ChangeReport = {
        var report = ChangeReport()
        (report.added, report.changed, report.removed) = (["a"], ["b", "c"], [])
        report.protection = [
            SettingReport(rule: nil, before: "disabled", after: "enabled"),
            SettingReport(rule: "r", before: "monitoring", after: "blocking everywhere"),
        ]
        return report
    }()

    static let rule: RuleReport = {
        var rule = RuleReport(
            id: "r",
            description: "Über",
            protection: "Monitoring",
            scope: "process.envp in [\"DD_SERVICE=a*\"]"
        )
        rule.isUnconfirmed = true
        (rule.hits.monitored, rule.hits.denied, rule.hits.killed) = (3, 2, 1)
        rule.hits.last = "2026-01-02T03:04:05Z"
        return rule
    }()

    static let replies: [Reply] = [
        .status(status),
        .coverage(coverage),
        .status(
            {
                var report = status
                (report.undeployed, report.errorCount) = (change, 2)
                return report
            }()
        ),
        .rules(RuleList(isActiveProtectionEnabled: true, rules: [rule])),
        .rule(
            RuleDetail(
                rule: rule,
                expression: "exec.file.name == \"x\"\n",
                tags: ["a:b"],
                file: "/etc/x.yaml",
                line: 3,
                version: nil,
                actions: ["kill SIGKILL"],
                isActiveProtectionEnabled: false,
                reason: "because",
                generation: 9
            )
        ),
        .generations(
            GenerationList([
                GenerationReport(
                    generation: 2,
                    isActive: true,
                    time: "t",
                    by: "",
                    cause: "start",
                    ruleFileCount: 4
                )
            ])
        ),
        .deployed(
            {
                var report = DeployReport(generation: 3)
                (report.changes, report.unconfirmed) = (change, ["r"])
                (report.isDryRun, report.diagnostics) = (true, ["x\ny"])
                return report
            }()
        ),
        .edited(EditReport(changes: change.protection, file: "/f", needsDeploy: true, note: "n")),
        .edited(EditReport(changes: [], needsDeploy: false)),
        .refused(
            Refusal(
                .forbidden,
                "a \"quoted\"\nmessage \u{1F}",
                remedy: "ask",
                permission: "rules_actions",
                diagnostics: ["one", "two"]
            )
        ),
    ]

    static let requests: [Request] = [
        .status, .coverage, .rules, .rule("a \"b\""), .generations, .deploy(DeployOptions()),
        .deploy(
            {
                var options = DeployOptions()
                (options.part, options.isDryRun, options.skipsBroken) = (.rules, true, true)
                return options
            }()
        ),
        .rollback(nil, isDryRun: false), .rollback(4, isDryRun: true),
        .protection(.activate(true)), .protection(.activate(false)),
        .protection(.confirm(rule: "r")), .protection(.rearm(rule: "r")),
        .protection(.set(rule: "r", protection: "blocking", scope: .unchanged)),
        .protection(.set(rule: "r", protection: "disabled", scope: .everywhere)),
        .protection(
            .set(
                rule: "r",
                protection: "blocking",
                scope: .custom(services: ["a*"], tags: ["k:v", ""])
            )
        ),
    ]

    @Test(arguments: requests) func `reads back a request`(request: Request) throws {
        #expect(request.line.last == UInt8(ascii: "\n"))
        #expect(request.line.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try Request(line: Array(request.line.dropLast())) == request)
    }

    @Test(arguments: replies) func `reads back a reply`(reply: Reply) throws {
        #expect(reply.line.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try Reply(line: Array(reply.line.dropLast())) == reply)
    }

    @Test(arguments: replies) func `refuses a reply cut anywhere`(reply: Reply) {
        let line = Array(reply.line.dropLast())
        for end in line.indices {
            #expect(throws: MessageFailure.self) { try Reply(line: Array(line[..<end])) }
        }
    }

    @Test(arguments: [
        "", "[]", "null", "{}", #"{"minewarden":1}"#, #"{"minewarden":1,"request":7}"#,
        #"{"minewarden":1,"request":"reboot"}"#, #"{"minewarden":2,"request":"status"}"#,
        #"{"minewarden":"1","request":"status"}"#, #"{"request":"status"}"#,
    ])
    func `refuses what is no request`(text: String) {
        #expect(throws: MessageFailure.self) { try Request(line: Array(text.utf8)) }
    }

    @Test func `says that versions differ`() {
        let failure = #expect(throws: MessageFailure.self) {
            try Request(line: Array(#"{"minewarden":2,"request":"status"}"#.utf8))
        }
        #expect(failure?.message.contains("different versions") == true)
    }

    @Test func `ignores members that a later version adds`() throws {
        let line = #"{"minewarden":1,"request":"status","later":{"a":[1]}}"#
        #expect(try Request(line: Array(line.utf8)) == .status)
    }

    @Test func `refuses a request larger than the limit`() {
        let padding = String(repeating: " ", count: Wire.requestLimitBytes)
        let line = #"{"minewarden":1,"request":"status"}"# + padding
        #expect(throws: MessageFailure.self) { try Request(line: Array(line.utf8)) }
    }
}
