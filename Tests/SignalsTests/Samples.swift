// Signals to test with. Values are harmless inventions.

import Signals

enum Sample {
    static let time = Timestamp(nanoseconds: 1_795_455_188_123_456_789)
    static let host = HostRecord(
        name: Array("node-7".utf8),
        agentVersion: "1.2.3",
        kernelRelease: "6.1.0-28-amd64",
        architecture: "x86_64"
    )

    static var rule: RuleReference {
        RuleReference(
            id: "cryptominer_args",
            description: "Command line of a crypto-miner",
            file: Array("/usr/share/minewarden/rules/options.yaml".utf8),
            line: 12,
            tags: ["tactic:impact"]
        )
    }

    static func process(_ path: String = "/tmp/xmrig", _ arguments: [String] = ["-o", "x"])
        -> ProcessRecord
    {
        var process = ProcessRecord(pid: 4711)
        process.parentPID = 4000
        process.uid = 1000
        process.user = Array("alice".utf8)
        process.comm = Array("bash".utf8)
        process.executable = FileRecord(path: Array(path.utf8))
        process.arguments = ArgumentRecord(argv: ([path] + arguments).map { Array($0.utf8) })
        process.workingDirectory = Array("/tmp".utf8)
        return process
    }

    static func detection(
        _ outcome: Outcome,
        why: MonitoringReason? = nil,
        rule: RuleReference? = Sample.rule,
        process: ProcessRecord = process(),
        activeProtection: Bool = true
    ) -> Detection {
        switch outcome {
        case .killed, .killFailed:
            var report = KillReport(status: .performed, detectedAt: time)
            report.createdAt = time
            report.killedAt = Timestamp(nanoseconds: time.nanoseconds + 2_000_000)
            if outcome == .killed {
                report.exitedAt = Timestamp(nanoseconds: time.nanoseconds + 12_500_000)
            }
            return Detection(
                rule: rule ?? Sample.rule,
                kill: report,
                threat: ThreatName(rule: rule, process: process),
                process: process,
                generation: 3
            )
        default:
            return Detection(
                rule: rule,
                outcome: outcome,
                whyMonitored: why,
                protection: outcome == .monitored ? .monitoring : .blocking,
                isActiveProtectionEnabled: activeProtection,
                threat: ThreatName(rule: rule, process: process),
                process: process,
                detectedBy: .held,
                generation: 3
            )
        }
    }

    static func signal(_ detection: Detection) -> Signal {
        Signal(id: SignalID(high: 1, low: 2), time: time, host: host, detection: detection)
    }

    static func signal(_ event: ServiceEvent) -> Signal {
        Signal(id: SignalID(high: 1, low: 3), time: time, host: host, event: event)
    }

    /// One event of every kind of service event, with the least that it can say.
    static let events: [ServiceEvent] = [
        .started(version: "1.2.3", ruleCount: 1, generation: 3, isActiveProtectionEnabled: false),
        .stopped(reason: "terminated"),
        .rulesLoaded(ruleCount: 2, fileCount: 1, generation: 4),
        .rulesRefused(refusedCount: 1, loadedCount: 2, diagnostics: ["a.yaml:1:2: error: x\n  ^"]),
        .rulesRolledBack(from: 4, to: 3),
        .protectionChanged(rule: nil, before: "disabled", after: "enabled", actor: nil),
        .protectionEdited(
            rule: nil,
            before: "disabled",
            after: "enabled",
            actor: Actor(uid: 1000)
        ),
        .changeRefused(
            request: "protection enable",
            missingPermission: "rules_actions",
            actor: Actor(uid: 1000)
        ),
        .coverageChanged(added: [], removed: [], coveredCount: 0),
        .eventsLost(.held, lostCount: nil),
        .verdictsLate(lateCount: 3, overSeconds: 60),
        .gap(from: time, to: time, reason: "restart"),
        .ruleDisarmed(rule: "r", distinct: "executables", limit: 5, periodSeconds: 60),
        .ruleRearmed(rule: "r"),
        .degraded(missing: "CAP_SYS_ADMIN", effect: "nothing is held"),
    ]

    /// The least that a signal of each kind can say.
    static var leastOfEachKind: [Signal] {
        Outcome.allCases.map { outcome in
            let isUnreadable = outcome == .deniedUnreadable || outcome == .allowedUnreadable
            return signal(
                detection(
                    outcome,
                    rule: isUnreadable ? nil : RuleReference(id: "r"),
                    process: ProcessRecord(pid: 1)
                )
            )
        } + events.map(signal)
    }
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }
    var text: String { String(decoding: self, as: UTF8.self) }
}
