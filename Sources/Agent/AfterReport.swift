// From the judgement of a process that runs already to the detections that are recorded. Pure.

import Policy
import Signals

/// What was done about a process that had started.
struct AfterReport {
    let cause: Confirmation.Cause
    /// Whether it ran before the rules that judge it were active.
    let isOlderThanRules: Bool
    /// What came of killing it; nil if nothing was killed.
    let kill: KillReport?

    /// One detection per rule that matched and may be told of.
    func detections(
        of judgement: Judgement,
        scene: Scene,
        by deployment: Deployment
    ) -> [Detection] {
        judgement.reported.map { match in
            let reference = RuleReference(deployment.ruleSet.rules[match.rule])
            var detection = Detection(
                rule: reference,
                outcome: .monitored,
                whyMonitored: reason(match.decision),
                protection: deployment.protection(ofRule: match.rule),
                isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
                threat: ThreatName(rule: reference, process: scene.process),
                process: scene.process,
                detectedBy: cause == .exec ? .after : .sweep,
                generation: deployment.generation
            )
            detection.ancestors = scene.ancestors
            detection.container = scene.container
            // The process is killed whole: a rule that only monitors saw the same end.
            if let kill { detection.conclude(with: kill) }
            return detection
        }
    }

    private func reason(_ decision: RuleDecision) -> MonitoringReason? {
        if isOlderThanRules, case .block = decision { return .alreadyRunning }
        return decision.reason
    }
}
