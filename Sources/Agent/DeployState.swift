// What the deployer keeps between changes, and how a change is made: on the disk first, then for
// verdicts, then it is told.

import ControlProtocol
import Diagnostics
import LinuxSystem
import Policy
import Signals

/// The state behind the deployer's lock.
struct DeployState: Sendable {
    private(set) var active: ActiveGeneration
    /// nil if the state directory cannot be used: then nothing survives the process.
    let generations: GenerationStore?
    /// The last comparison of the disk with what is active.
    private var compared: Comparison?

    private struct Comparison: Sendable {
        let disk: GenerationContent
        let settings: [UInt8]?
        let changes: ChangeReport
        let errorCount: Int
    }

    init(active: ActiveGeneration, generations: GenerationStore?) {
        self.active = active
        self.generations = generations
    }

    /// The first rules of this host: what is broken in them is left out.
    init(
        first disk: FilesOnDisk,
        rules: RuleStore,
        generations: GenerationStore?,
        _ report: inout StartReport
    ) {
        let plan = DeployPlan(
            disk.content,
            disk: disk,
            from: nil,
            rules: rules,
            confirmed: [:],
            authority: .first
        )
        let number: UInt64 = 1
        let origin = GenerationOrigin(cause: "start")
        self.init(
            active: ActiveGeneration(plan, number: number, origin),
            generations: generations
        )
        if plan.loaded.hasErrors { report.refused = plan.loaded }
        do throws(SystemError) {
            try keep(plan, number: number, origin)
        } catch {
            report.failure = report.failure ?? error
        }
    }

    /// A restart is a deploy, if there is something new and nothing wrong with it.
    mutating func restart(
        with disk: FilesOnDisk,
        rules: RuleStore,
        _ report: inout StartReport
    ) {
        let plan = DeployPlan(
            disk.content,
            disk: disk,
            from: active,
            rules: rules,
            confirmed: confirmations,
            authority: .nobody
        )
        guard !plan.loaded.hasErrors else { return report.refused = plan.loaded }
        guard !plan.isUnchanged else { return }
        do throws(SystemError) {
            let number = try nextNumber()
            let origin = GenerationOrigin(cause: "start")
            try keep(plan, number: number, origin)
            active = ActiveGeneration(plan, number: number, origin)
            report.events += plan.events(number: number, by: nil)
        } catch {
            report.failure = error
        }
    }

    /// What was confirmed since the last deployment.
    var confirmations: [String: String] { generations?.confirmations() ?? [:] }

    /// Makes a planned deploy the active generation.
    mutating func activate(
        _ plan: DeployPlan,
        _ cause: Deployer.Cause,
        _ request: String,
        in target: DeployTarget
    ) -> Result<DeployReport, Refusal> {
        let actor = cause.peer?.actor
        var (number, origin) = (active.number, active.origin)
        if !plan.isUnchanged {
            do throws(SystemError) {
                number = try nextNumber()
                origin = GenerationOrigin(cause: actor == nil ? "reload" : request, by: actor)
                try keep(plan, number: number, origin)
            } catch {
                ServiceLog.error("nothing is deployed: \(error)")
                return .failure(Refusal(.failed, "nothing is deployed: \(error)"))
            }
        }
        let overruled = plan.isUnchanged ? active.overruled : nil
        active = ActiveGeneration(plan, number: number, origin)
        active.overruled = overruled
        compared = nil
        target.activate(active, cause)
        if plan.loaded.hasErrors { target.refused(plan.loaded) }
        for event in plan.events(number: number, by: actor) { target.agent.outbox.post(event) }
        return .success(plan.report(number: number))
    }

    /// Makes a generation that is kept the active one.
    mutating func rollBack(
        _ plan: DeployPlan,
        to generation: StoredGeneration,
        from disk: FilesOnDisk,
        by peer: Peer,
        in target: DeployTarget
    ) -> Result<DeployReport, Refusal> {
        let former = active.number
        let digest = disk.content.digest
        do throws(SystemError) {
            try generations?.activate(
                GenerationStore.Pointer(generation: generation.number, overruled: digest)
            )
        } catch {
            return .failure(Refusal(.failed, "not rolled back: \(error)"))
        }
        active = ActiveGeneration(plan, number: generation.number, generation.origin)
        active.overruled = digest
        compared = nil
        target.activate(active, .person(peer))
        target.agent.outbox.post(
            .rulesRolledBack(from: former, to: generation.number, actor: peer.actor)
        )
        for event in plan.settingEvents(by: peer.actor) { target.agent.outbox.post(event) }
        return .success(plan.report(number: generation.number))
    }

    /// What a deploy of the disk would change, and how many errors there are on it.
    mutating func compare(
        _ disk: FilesOnDisk,
        rules: RuleStore
    ) -> (changes: ChangeReport?, errorCount: Int) {
        let unread = disk.findings.count { $0.severity == .error }
        let comparison = comparison(with: disk, rules: rules)
        var changes = comparison.changes
        let confirmations = confirmations
        for id in active.unconfirmed.sorted()
        where confirmations[id].map({ $0 == active.candidate.digests[id] }) ?? false {
            changes.protection.append(
                SettingReport(.confirmation(ofRule: id, active.loaded.result.protection))
            )
        }
        let isSame = disk.content == active.content && changes.isEmpty
        return (isSame ? nil : changes, comparison.errorCount + unread)
    }

    private mutating func comparison(with disk: FilesOnDisk, rules: RuleStore) -> Comparison {
        if let compared, compared.disk == disk.content, compared.settings == disk.settings?.bytes {
            return compared
        }
        var changes = ChangeReport()
        var settings = AgentSettings()
        var diagnostics = active.loaded.result.diagnostics
        if disk.content == active.content {
            if let source = disk.settings {
                let read = AgentSettings.read(source)
                settings = read.settings
                diagnostics += read.diagnostics
            }
        } else {
            let loaded = rules.load(disk.content, settings: disk.settings, active.number)
            changes = ChangeReport(
                PolicyDifference(from: active.loaded.result, to: loaded.result)
            )
            settings = loaded.settings
            diagnostics = loaded.diagnostics
        }
        changes.changesSettings = settings != active.loaded.settings
        let comparison = Comparison(
            disk: disk.content,
            settings: disk.settings?.bytes,
            changes: changes,
            errorCount: diagnostics.count { $0.severity == .error }
        )
        compared = comparison
        return comparison
    }

    // MARK: - The disk

    private func nextNumber() throws(SystemError) -> UInt64 {
        let kept = try generations?.numbers().last ?? 0
        return max(kept, active.number) + 1
    }

    /// Has a plan on the disk as the active generation.
    private func keep(
        _ plan: DeployPlan,
        number: UInt64,
        _ origin: GenerationOrigin
    ) throws(SystemError) {
        guard let generations else { return }
        try generations.write(
            StoredGeneration(
                number: number,
                content: plan.content,
                approvals: plan.approvals,
                origin: origin
            )
        )
        try generations.activate(GenerationStore.Pointer(generation: number))
        do throws(SystemError) {
            // They are part of the generation now.
            if !generations.confirmations().isEmpty { try generations.keep(confirmations: [:]) }
            try generations.prune(active: number)
        } catch {
            ServiceLog.warning("old generations are not removed: \(error)")
        }
    }
}

extension GenerationOrigin {
    /// Now, by somebody.
    init(cause: String, by actor: Actor? = nil) {
        self.init(
            time: Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds)).rfc3339,
            by: actor?.name ?? "",
            cause: cause
        )
    }
}

extension ActiveGeneration {
    /// A plan that was carried out.
    init(_ plan: DeployPlan, number: UInt64, _ origin: GenerationOrigin) {
        self.init(
            number: number,
            content: plan.content,
            loaded: plan.loaded,
            candidate: plan.candidate,
            approvals: plan.approvals,
            origin: origin
        )
    }
}
