// What is told of a change, and where it takes effect.

import ControlProtocol
import Diagnostics
import LinuxSystem
import Policy
import Signals

extension DeployPlan {
    /// The signals of a deploy.
    func events(number: UInt64, by actor: Actor?) -> [ServiceEvent] {
        [
            .rulesLoaded(
                ruleCount: loaded.result.ruleSet.rules.count,
                fileCount: loaded.fileCount,
                generation: number,
                added: difference.added,
                changed: difference.changed,
                removed: difference.removed,
                actor: actor
            )
        ] + settingEvents(by: actor)
    }

    /// The signals of changed protection.
    func settingEvents(by actor: Actor?) -> [ServiceEvent] {
        (difference.settings + newlyConfirmed).map {
            .protectionChanged(
                rule: $0.rule,
                before: $0.before,
                after: $0.after,
                actor: actor
            )
        }
            + newlyUnconfirmed.map {
                .protectionChanged(
                    rule: $0,
                    before: loaded.result.protection.text(ofRule: $0),
                    after: "monitoring, until its changed definition is confirmed",
                    actor: actor
                )
            }
    }
}

/// Where a deployment takes effect.
struct DeployTarget: Sendable {
    let agent: AgentState
    let descriptions: DescriptionReader

    /// From now on verdicts are made with it.
    ///
    /// What the brake has disarmed stays so, unless whoever wants the change may decide about
    /// blocking.
    func activate(_ active: ActiveGeneration, _ cause: Deployer.Cause) {
        let deployment = active.deployment
        descriptions.use(further: deployment.settings.containerStorage)
        agent.activate(deployment, rearming: cause.authority == .person)
    }

    /// That files have errors: in the service log and as a signal.
    func refused(_ loaded: LoadedRules) {
        for text in loaded.renderedDiagnostics { ServiceLog.plain(text) }
        agent.outbox.post(.rulesRefused(loaded))
    }

    /// That somebody was refused; not each time of somebody who tries again and again, for that
    /// must not crowd out detections.
    func tell(_ refusal: Refusal, of peer: Peer?, for request: String) {
        guard let peer, let permission = refusal.permission else { return }
        let now = KernelClock.monotonic.nanoseconds
        guard agent.refusals.mayTell(of: peer.actor.uid, now: now) else { return }
        agent.outbox.post(
            .changeRefused(request: request, missingPermission: permission, actor: peer.actor)
        )
    }

    /// That somebody edited protection settings.
    func tell(_ changes: [SettingReport], by peer: Peer) {
        for change in changes {
            agent.outbox.post(
                .protectionEdited(
                    rule: change.rule,
                    before: change.before,
                    after: change.after,
                    actor: peer.actor
                )
            )
        }
    }

    /// That files of those without permission are not used.
    func tell(_ intrusions: [FilesOnDisk.Intrusion]) {
        for event in intrusions.events(names: agent.names) { agent.outbox.post(event) }
    }
}

extension [FilesOnDisk.Intrusion] {
    /// One signal each; a file of root's that others may write says nothing of who did.
    func events(names: UserNames) -> [ServiceEvent] {
        filter { $0.owner != 0 }.map {
            .changeRefused(
                request: "the change of \($0.path)",
                missingPermission: $0.permission.rawValue,
                actor: Actor(uid: $0.owner, user: [UInt8](names.user($0.owner)))
            )
        }
    }
}

extension ServiceEvent {
    static func rulesRefused(_ loaded: LoadedRules) -> ServiceEvent {
        rulesRefused(
            refusedCount: loaded.result.ruleSet.statuses.count { $0.isRejected },
            loadedCount: loaded.result.ruleSet.rules.count,
            diagnostics: loaded.renderedDiagnostics
        )
    }
}

/// What a start has to tell once signals can be sent.
struct StartReport: Sendable {
    /// Why the state directory cannot be used.
    var failure: SystemError?
    /// The generation that is taken because the deployed one is damaged.
    var standIn: UInt64?
    /// Files with errors: those that were left out of the first generation, or that were not
    /// deployed at all.
    var refused: LoadedRules?
    var events: [ServiceEvent] = []
    /// Findings in what is active.
    private(set) var texts: [String] = []
    private var intrusions: [FilesOnDisk.Intrusion] = []

    /// Notes files that are not used.
    mutating func note(_ disk: FilesOnDisk) { intrusions = disk.intrusions }

    /// Takes the findings of what is active.
    mutating func finish(_ active: LoadedRules) {
        texts = (refused ?? active).renderedDiagnostics
    }

    /// Tells all of it.
    func tell(_ agent: AgentState) {
        for text in texts { ServiceLog.plain(text) }
        if let refused { agent.outbox.post(.rulesRefused(refused)) }
        for event in intrusions.events(names: agent.names) + events { agent.outbox.post(event) }
        if let standIn {
            let missing = "the deployed generation is damaged"
            let effect =
                "generation \(standIn) and what lies in the directories take its place;"
                + " see 'minewarden status' and 'minewarden rules list'"
            ServiceLog.warning("\(missing): \(effect)")
            agent.outbox.post(.degraded(missing: missing, effect: effect))
        }
        guard let failure else { return }
        ServiceLog.warning("the state directory cannot be used: \(failure)")
        agent.outbox.post(
            .degraded(
                missing: "the state directory: \(failure)",
                effect: "changes cannot be deployed with the minewarden command; rules are read"
                    + " from their directories at each start"
            )
        )
    }
}
