// A detection claims no more than happened: every combination of answer, delivery and decision.

import Glibc
import LinuxSystem
import Policy
import Signals
import Testing

@testable import Agent

private let rules = """
    rules:
      - id: a
        expression: exec.file.name == "a"
        actions: [{kill: {signal: SIGKILL}}]
    """

private let decisions: [RuleDecision] = [.block, .monitor(.outOfScope), .monitor(.monitoring)]

private func ownScene() throws -> Agent.Scene {
    let attempt = try makeAttempt()
    attempt.run(process: getpid())
    return Agent.Scene(of: attempt)
}

struct `Held report` {
    private static let deliveries: [Delivery] = [
        .delivered, .gone, .closed, .late(.allow), .late(.deny),
    ]
    private static let active = deployment(
        rules,
        protection: "active_protection: true\nrules: {a: blocking}",
        generation: 7
    )

    /// Whether the kernel let the program run.
    private func ran(_ answer: Answer, _ delivery: Delivery) -> Bool {
        switch delivery {
        case .delivered: answer == .allow
        case .late(let other): other == .allow
        case .closed: true
        case .gone: false
        }
    }

    private func detections(
        _ answer: Answer,
        _ delivery: Delivery,
        _ matches: [RuleDecision],
        isUnreadable: Bool = false
    ) throws -> [Detection] {
        let report = HeldReport(
            answer: answer,
            delivery: delivery,
            isUnreadable: isUnreadable,
            isCheckOnly: false,
            latencyNanoseconds: 42
        )
        return report.detections(
            of: Judgement(matches: matches.map { Match(rule: 0, decision: $0) }),
            scene: try ownScene(),
            by: Self.active
        )
    }

    @Test(arguments: deliveries, decisions)
    func `says what became of the program`(delivery: Delivery, decision: RuleDecision) throws {
        for answer in [Answer.allow, .deny] {
            // A judgement that blocks is never answered with allow.
            if answer == .allow, decision == .block { continue }
            for isUnreadable in [false, true] {
                let found = try detections(
                    answer,
                    delivery,
                    [decision],
                    isUnreadable: isUnreadable
                )
                let detection = try #require(found.first)
                #expect(found.count == 1)
                let comment: Comment = "\(answer) \(delivery) \(decision): \(detection.outcome)"
                switch detection.outcome {
                case .denied: #expect(!ran(answer, delivery) && delivery != .gone, comment)
                case .gone: #expect(delivery == .gone, comment)
                case .monitored: #expect(ran(answer, delivery) && decision != .block, comment)
                case .allowedLate: #expect(ran(answer, delivery) && decision == .block, comment)
                default: Issue.record(comment)
                }
                let isMonitored = detection.outcome == .monitored
                #expect(detection.whyMonitored == (isMonitored ? decision.reason : nil), comment)
                #expect(detection.isUnreadable == isUnreadable)
                #expect(detection.generation == 7 && detection.latencyNanoseconds == 42)
                #expect(detection.detectedBy == .held && detection.kill == nil)
            }
        }
    }

    @Test(arguments: [Answer.allow, .deny], deliveries)
    func `tells of memory that could not be read`(answer: Answer, delivery: Delivery) throws {
        let detection = try #require(
            try detections(answer, delivery, [], isUnreadable: true).first
        )
        #expect(detection.rule == nil)
        let expected: Outcome =
            delivery == .gone
            ? .gone : ran(answer, delivery) ? .allowedUnreadable : .deniedUnreadable
        #expect(detection.outcome == expected)
    }

    @Test func `says nothing without a match`() throws {
        #expect(try detections(.allow, .delivered, []).isEmpty)
    }

    @Test func `is one per rule and tells the same end for all`() throws {
        let found = try detections(.deny, .delivered, [.block, .monitor(.monitoring)])
        #expect(found.map(\.outcome) == [.denied, .denied])
    }
}

struct `After report` {
    private static let causes: [Agent.Confirmation.Cause] = [.exec, .sweep, .alreadyRunning]

    private func kill(_ status: KillReport.Status, seen: Bool) -> KillReport {
        var report = KillReport(status: status, detectedAt: Timestamp(nanoseconds: 1))
        if seen { report.exitedAt = Timestamp(nanoseconds: 2) }
        return report
    }

    private func detection(
        _ cause: Agent.Confirmation.Cause,
        _ kill: KillReport?,
        _ decision: RuleDecision
    ) throws -> Detection {
        let report = AfterReport(
            cause: cause,
            isOlderThanRules: cause == .alreadyRunning,
            kill: kill
        )
        let found = report.detections(
            of: Judgement(matches: [Match(rule: 0, decision: decision)]),
            scene: try ownScene(),
            by: deployment(rules)
        )
        return try #require(found.first)
    }

    @Test(arguments: causes, decisions)
    func `without a kill claims only to have watched`(
        cause: Agent.Confirmation.Cause,
        decision: RuleDecision
    ) throws {
        // A block of an exec that was seen late is always carried out.
        if decision == .block, cause != .alreadyRunning { return }
        let found = try detection(cause, nil, decision)
        #expect(found.outcome == .monitored)
        let reason = decision == .block ? .alreadyRunning : decision.reason
        #expect(found.whyMonitored == reason)
        #expect(found.detectedBy == (cause == .exec ? .after : .sweep))
    }

    @Test(arguments: KillReport.Status.allCases, decisions)
    func `claims a kill only if the end was seen`(
        status: KillReport.Status,
        decision: RuleDecision
    ) throws {
        for isSeen in [false, true] {
            let report = kill(status, seen: isSeen)
            let found = try detection(.exec, report, decision)
            let wasSignalled = status == .performed || status == .partiallyPerformed
            #expect((found.outcome == .killed) == (isSeen && wasSignalled))
            #expect(found.outcome != .denied && found.outcome != .monitored)
            #expect(found.kill == report && found.whyMonitored == nil)
        }
    }
}
