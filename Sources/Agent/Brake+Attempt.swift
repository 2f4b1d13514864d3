// What the brake counts of an attempt, and how a rule that it has disarmed is told of.

import ControlProtocol
import Diagnostics
import LinuxSystem
import Policy
import Signals

extension Brake {
    /// Whether the rule at a position may block an attempt.
    ///
    /// Keys are hashes with the process's own seed: nobody can prepare files that count as one.
    func admit(_ attempt: Attempt, rule: Int) -> Answer {
        // By path: a program that is fetched again and again to the same place is one.
        var executable = Hasher()
        executable.combine(attempt.path)
        var container: Int?
        if let id = attempt.process.cgroup?.containerID {
            var hasher = Hasher()
            for byte in id { hasher.combine(byte) }
            container = hasher.finalize()
        }
        return admit(
            rule: rule,
            executable: executable.finalize(),
            container: container,
            now: KernelClock.monotonic.nanoseconds
        )
    }
}

extension AgentState {
    /// Tells what a judgement has to say besides detections; after the answer.
    func post(of judgement: Judgement, by deployment: Deployment) {
        if !judgement.notes.isEmpty { post(judgement.notes) }
        if !judgement.trips.isEmpty {
            // Judged by rules that were replaced meanwhile: those that are active now hear of it.
            let current = deployments.current
            if current !== deployment {
                let rules = deployment.ruleSet.rules
                current.disarm(Set(judgement.trips.map { rules[$0.rule].id }))
            }
            keptDisarmed.noteChange()
        }
        for trip in judgement.trips {
            outbox.post(
                .ruleDisarmed(
                    rule: deployment.ruleSet.rules[trip.rule].id,
                    distinct: trip.distinct.rawValue,
                    limit: trip.limit,
                    periodSeconds: trip.periodSeconds
                )
            )
        }
    }

    /// Lets a rule that the brake has disarmed block again, at once.
    func rearm(_ id: String, by actor: Actor) -> Result<EditReport, Refusal> {
        let deployment = deployments.current
        let rules = deployment.ruleSet.rules
        guard let position = rules.firstIndex(where: { $0.id == id }) else {
            let nearest = Spelling.suggestion(for: id, among: rules.map(\.id).sorted())
            return .failure(
                Refusal(.notFound, "there is no active rule '\(id)'", remedy: nearest)
            )
        }
        guard deployment.brake.rearm(rule: position) else {
            return .failure(Refusal(.invalid, "rule '\(id)' is not disarmed"))
        }
        keptDisarmed.noteChange()
        outbox.post(.ruleRearmed(rule: id, actor: actor))
        let change = SettingReport(rule: id, before: "disarmed", after: "blocking")
        return .success(EditReport(changes: [change], needsDeploy: false))
    }
}

extension Deployment {
    /// The rules that the brake has disarmed.
    var disarmedRules: [String] { brake.disarmed.map { ruleSet.rules[$0].id } }

    /// Puts rules to monitoring that blocked too much before this was active.
    func disarm(_ ids: Set<String>) {
        for (position, rule) in ruleSet.rules.enumerated() where ids.contains(rule.id) {
            brake.disarm(rule: position)
        }
    }

    /// Whether the rule of this name may block.
    func blocks(ruleNamed id: String) -> Bool {
        isActiveProtectionEnabled
            && ruleSet.rules.contains { $0.id == id && $0.protection == .blocking }
    }
}
