// What the sentences claim, and what they must not claim.

import Signals
import Testing

@Suite struct MessageTests {
    @Test func `says that a denied program never ran`() {
        #expect(
            Sample.detection(.denied).message
                == "SECURITY RESPONSE: The malicious process xmrig has automatically been killed."
                + " It was denied before it ran."
        )
    }

    @Test func `says that a killed program did run`() {
        #expect(
            Sample.detection(.killed).message
                == "SECURITY RESPONSE: The malicious process xmrig has automatically been killed."
                + " It had started and was killed; it lived for 12.5ms."
        )
    }

    @Test(arguments: Outcome.allCases)
    func `claims a response only for denied and killed`(outcome: Outcome) {
        let message = Sample.detection(outcome).message
        let isResponse = outcome == .denied || outcome == .killed
        #expect(message.hasPrefix("SECURITY RESPONSE: ") == isResponse)
        #expect(message.contains("SECURITY RESPONSE") == isResponse)
        #expect(message.contains("killed") == isResponse)
    }

    @Test(arguments: Outcome.allCases)
    func `claims nothing at all for a mere check`(outcome: Outcome) {
        var detection = Sample.detection(outcome)
        detection.isCheckOnly = true
        #expect(!detection.message.contains("SECURITY RESPONSE"))
        #expect(!detection.message.contains("killed"))
        #expect(detection.message.hasSuffix("Nothing was started."))
        #expect(detection.message.contains(outcome == .denied ? ": refused." : "ed."))
    }

    @Test(arguments: MonitoringReason.allCases)
    func `says why it did not block`(reason: MonitoringReason) {
        let message = Sample.detection(.monitored, why: reason).message
        #expect(
            message.hasPrefix("Threat detected: the process xmrig matches rule cryptominer_args.")
        )
        #expect(message.hasSuffix(": \(reason.clause)."))
        #expect(message.contains("allowed to run") == (reason != .alreadyRunning))
    }

    @Test(arguments: [
        (KillReport.Status.performed, true, Outcome.killed, "SECURITY RESPONSE"),
        (.performed, false, .killFailed, "may still be running"),
        (.partiallyPerformed, true, .killed, "the rest of its control group was not killed"),
        (.partiallyPerformed, false, .killFailed, "may still be running"),
        (.error, false, .killFailed, "is still running: operation not permitted."),
        (.error, true, .killFailed, "is still running"),
        (.aborted, true, .gone, "exited by itself"),
    ])
    func `takes the outcome of a kill from what was seen`(
        status: KillReport.Status,
        isExitSeen: Bool,
        outcome: Outcome,
        says: String
    ) {
        var report = KillReport(scope: .cgroup, status: status, detectedAt: Sample.time)
        report.exitedAt = isExitSeen ? Sample.time : nil
        report.failure = "operation not permitted"
        var detection = Sample.detection(.monitored, why: .monitoring)
        detection.conclude(with: report)
        #expect(detection.outcome == outcome)
        #expect(detection.whyMonitored == nil)
        #expect(detection.message.contains(says))
        #expect(outcome == .killed || !detection.message.contains("SECURITY RESPONSE"))
    }

    @Test(arguments: [
        (KillReport.Status.performed, 3, nil, "; its whole container was killed (3 processes)."),
        (.performed, 1, nil, "; its whole container was killed (1 process)."),
        (.performed, 0, nil, "; nothing else was left in its container."),
        (
            .partiallyPerformed, 2, nil,
            "was sent SIGKILL (2 processes), and some of it may still run."
        ),
        (.partiallyPerformed, 1, "a\nb", "; the rest of its container was not killed: a\\nb."),
    ])
    func `says what became of the container of a denied program`(
        status: KillReport.Status,
        count: Int,
        failure: String?,
        says: String
    ) {
        var report = KillReport(scope: .container, status: status, detectedAt: Sample.time)
        report.targetCount = count
        report.failure = failure
        var detection = Sample.detection(.denied)
        detection.attach(report)
        #expect(detection.outcome == .denied)
        let start = "SECURITY RESPONSE: The malicious process xmrig has automatically been killed."
        #expect(detection.message.hasPrefix(start + " It was denied before it ran; "))
        #expect(detection.message.hasSuffix(says), "\(detection.message)")
    }

    @Test func `gives a monitored detection a reason in any case`() {
        #expect(Sample.detection(.monitored).whyMonitored == .monitoring)
        #expect(Sample.detection(.denied, why: .monitoring).whyMonitored == nil)
    }

    @Test func `keeps every message in one printable line`() {
        var process = Sample.process("/tmp/a\u{1B}[31m\nb\u{202E}")
        process.comm = [0xFF, 0x0A]
        let hostile = Sample.signal(
            Sample.detection(.killFailed, rule: RuleReference(id: "x\ny"), process: process)
        )
        let event = Sample.signal(
            ServiceEvent.rulesRefused(
                refusedCount: 1,
                loadedCount: 0,
                diagnostics: ["a\u{7}b\nsecond line"]
            )
        )
        for signal in Sample.leastOfEachKind + [hostile, event] {
            let isPrintable = signal.message.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x202E
            }
            #expect(isPrintable && !signal.message.isEmpty)
        }
    }

    @Test func `names the filesystems that came and went`() {
        #expect(
            ServiceEvent.coverageChanged(
                added: [[UInt8]("/a b"), [UInt8]("/c")],
                removed: [[UInt8]("/d")],
                coveredCount: 2
            ).message == "execs are held on 2 filesystems: now on '/a b' /c, no longer on /d"
        )
        let many = (0..<9).map { [UInt8]("/m\($0)") }
        #expect(
            ServiceEvent.coverageChanged(added: many, removed: [], coveredCount: 1).message
                == "execs are held on 1 filesystem: now on /m0 /m1 /m2 /m3 /m4 /m5 /m6 /m7 …"
        )
    }

    @Test func `names who changed what`() {
        let actor = Actor(uid: 1000, user: [UInt8]("alice"), pid: 7)
        #expect(
            ServiceEvent.protectionChanged(
                rule: "r",
                before: "monitoring",
                after: "blocking",
                actor: actor
            ).message == "protection of rule r changed from monitoring to blocking, by alice (1000)"
        )
        #expect(
            ServiceEvent.changeRefused(
                request: "protection enable",
                missingPermission: "rules_actions",
                actor: Actor(uid: 5)
            ).message == "refused protection enable, by user 5: needs rules_actions"
        )
    }
}

@Suite struct NextStepsTests {
    @Test func `tells how to enable protection and how to block the rule`() {
        let steps = Sample.detection(
            .monitored,
            why: .activeProtectionOff,
            activeProtection: false
        ).nextSteps
        #expect(
            steps[0]
                == "Active Protection disabled; to enable it: minewarden protection enable && minewarden deploy"
        )
        #expect(
            steps[1]
                == "to block it: minewarden protection set cryptominer_args blocking"
                + " && minewarden deploy"
        )
    }

    @Test(arguments: [
        (MonitoringReason.monitoring, "protection set cryptominer_args blocking"),
        (.outOfScope, "blocking --everywhere"), (.unknownImage, "blocking --everywhere"),
        (.unconfirmed, "protection confirm cryptominer_args"),
        (.notAvailable, "not available"), (.alreadyRunning, "kill -KILL 4711"),
        (.disarmed, "signals --rule cryptominer_args"),
    ])
    func `fits the steps to the reason`(reason: MonitoringReason, step: String) {
        let steps = Sample.detection(.monitored, why: reason).nextSteps
        #expect(steps[0] == "Active Protection enabled")
        #expect(steps[1].contains(step))
    }

    @Test func `points at where a stopped program came from`() {
        var detection = Sample.detection(.denied)
        #expect(detection.nextSteps[1] == "find out how it got here: pid 4000")
        var parent = ProcessRecord(pid: 4000)
        parent.comm = [UInt8]("cron")
        detection.ancestors = [parent]
        #expect(detection.nextSteps[1] == "find out how it got here: started by cron (pid 4000)")
        detection.container = ContainerRecord(id: [UInt8]("c0ffee"))
        detection.container?.image = [UInt8]("r:5000/worker:2.5")
        #expect(detection.nextSteps[1] == "find out how it got here: image r:5000/worker:2.5")
    }
}
