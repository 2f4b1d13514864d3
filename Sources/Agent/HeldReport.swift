// From the verdict on a held exec and what became of the answer to the detections that are
// recorded. Pure. A detection never claims more than the kernel confirmed.

import LinuxSystem
import Policy
import Signals

/// What happened to a held exec.
struct HeldReport {
    let answer: Answer
    let delivery: Delivery
    let isUnreadable: Bool
    let isCheckOnly: Bool
    let latencyNanoseconds: UInt64

    /// One detection per rule that matched and may be told of; one without a rule if only unreadable memory is to be
    /// told.
    func detections(
        of judgement: Judgement,
        scene: Scene,
        by deployment: Deployment
    ) -> [Detection] {
        let matches = judgement.reported
        guard !matches.isEmpty else {
            guard isUnreadable else { return [] }
            return [
                finish(
                    Detection(
                        rule: nil,
                        outcome: unreadableOutcome,
                        protection: .notAvailable,
                        isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
                        threat: ThreatName(rule: nil, process: scene.process),
                        process: scene.process,
                        detectedBy: .held,
                        generation: deployment.generation
                    ),
                    scene
                )
            ]
        }
        return matches.map { match in
            let reference = RuleReference(deployment.ruleSet.rules[match.rule])
            let outcome = outcome(of: match.decision)
            return finish(
                Detection(
                    rule: reference,
                    outcome: outcome,
                    whyMonitored: outcome == .monitored ? match.decision.reason : nil,
                    protection: deployment.protection(ofRule: match.rule),
                    isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
                    threat: ThreatName(rule: reference, process: scene.process),
                    process: scene.process,
                    detectedBy: .held,
                    generation: deployment.generation
                ),
                scene
            )
        }
    }

    private func finish(_ detection: Detection, _ scene: Scene) -> Detection {
        var detection = detection
        detection.ancestors = scene.ancestors
        detection.container = scene.container
        detection.latencyNanoseconds = latencyNanoseconds
        detection.isCheckOnly = isCheckOnly
        detection.isUnreadable = isUnreadable
        return detection
    }

    /// An exec is denied whole: a rule that only monitors says so too, when another one blocked.
    private func outcome(of decision: RuleDecision) -> Outcome {
        switch (answer, delivery) {
        case (.deny, .delivered): return .denied
        case (_, .gone): return .gone
        // The deadline's default was the answer.
        case (_, .late(.deny)): return .denied
        case (.deny, .late(.allow)), (.deny, .closed):
            if case .block = decision { return .allowedLate }
            return .monitored
        case (.allow, _): return .monitored
        }
    }

    private var unreadableOutcome: Outcome {
        switch (answer, delivery) {
        case (.deny, .delivered), (_, .late(.deny)): .deniedUnreadable
        case (_, .gone): .gone
        default: .allowedUnreadable
        }
    }
}
