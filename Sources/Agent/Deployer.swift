// The one place where what is active changes: at start, at a reload, by a deploy or a rollback. One
// change at a time; each is whole on the disk before it counts. Blocks as the file system does: never
// on a verdict thread.

import ControlProtocol
import LinuxSystem
import Policy
import Signals
import Synchronization

/// Deploys rules and protection.
final class Deployer: Sendable {
    /// Who or what wants a change.
    enum Cause: Sendable {
        case reload
        case person(Peer)

        var peer: Peer? {
            if case .person(let peer) = self { peer } else { nil }
        }
    }

    let rules: RuleStore
    let state: Mutex<DeployState>

    /// Decides what is active from the start on.
    ///
    /// A start deploys what lies on the disk, as a reload does; if that has errors, or if it is what
    /// a rollback went back from, the deployed generation goes on. A process that takes the place
    /// of a dead one (`isReplacement`) deploys nothing: nobody asked for it.
    ///
    /// - Returns: also what is to be told of it.
    static func start(
        rules: RuleStore,
        stateDirectory: String,
        isReplacement: Bool
    ) -> (deployer: Deployer, report: StartReport) {
        var report = StartReport()
        var generations: GenerationStore? = GenerationStore(directory: stateDirectory)
        var stored: (pointer: GenerationStore.Pointer, generation: StoredGeneration)?
        do throws(SystemError) {
            try generations?.prepare()
            stored = try generations?.active()
            if let stored, generations?.isStandIn(stored.generation.number) ?? false {
                report.standIn = stored.generation.number
            }
        } catch {
            generations = nil
            report.failure = error
        }
        let disk = rules.read(deployed: stored?.generation.content)
        report.note(disk)
        var state: DeployState
        if let stored {
            let active = ActiveGeneration(
                stored.generation,
                pointer: stored.pointer,
                rules: rules,
                settings: disk.settings
            )
            state = DeployState(active: active, generations: generations)
            if !isReplacement, stored.pointer.overruled != disk.content.digest {
                state.restart(with: disk, rules: rules, &report)
            }
        } else {
            state = DeployState(first: disk, rules: rules, generations: generations, &report)
        }
        report.finish(state.active.loaded)
        return (Deployer(rules: rules, state: state), report)
    }

    private init(rules: RuleStore, state: DeployState) {
        self.rules = rules
        self.state = Mutex(state)
    }

    /// What is active.
    var active: ActiveGeneration { state.withLock { $0.active } }

    /// Makes what lies on the disk the active generation.
    func deploy(
        _ options: DeployOptions,
        cause: Cause,
        into target: DeployTarget
    ) -> Result<DeployReport, Refusal> {
        state.withLock { state in
            var disk = rules.read(deployed: state.active.content)
            target.tell(disk.intrusions)
            if options.skipsBroken { rules.keepProtection(of: state.active.content, in: &disk) }
            let content = state.active.content.taking(options.part, from: disk.content)
            let plan = DeployPlan(
                content,
                disk: disk,
                from: state.active,
                rules: rules,
                confirmed: state.confirmations,
                authority: cause.authority
            )
            if let refusal = plan.refusal(cause, "deploy", isDryRun: options.isDryRun) {
                target.tell(refusal, of: cause.peer, for: "deploy")
                return .failure(refusal)
            }
            if plan.loaded.hasErrors, !options.skipsBroken {
                if !options.isDryRun { target.refused(plan.loaded) }
                return .failure(plan.findings)
            }
            if options.isDryRun { return .success(plan.report(isDryRun: true)) }
            return state.activate(plan, cause, "deploy", in: target)
        }
    }

    /// Makes an earlier generation the active one.
    func rollBack(
        to number: UInt64?,
        by peer: Peer,
        isDryRun: Bool,
        into target: DeployTarget
    ) -> Result<DeployReport, Refusal> {
        state.withLock { state in
            guard let generations = state.generations else { return .failure(.noState) }
            // Which generations there are is not everybody's to know.
            guard !peer.permissions.isEmpty else {
                let refusal = Refusal.missingAny(for: "rollback")
                target.tell(refusal, of: peer, for: "rollback")
                return .failure(refusal)
            }
            let active = state.active
            let kept = (try? generations.numbers()) ?? []
            guard let number = number ?? kept.last(where: { $0 < active.number }) else {
                return .failure(
                    Refusal(.notFound, "there is no generation before \(active.number)")
                )
            }
            guard number != active.number else {
                return .failure(Refusal(.invalid, "generation \(number) is the active one"))
            }
            guard let generation = generations.read(number) else {
                return .failure(
                    Refusal(
                        .notFound,
                        "there is no generation \(number)",
                        remedy: "kept are \(kept.map(String.init).joined(separator: ", "))"
                    )
                )
            }
            let disk = rules.read(deployed: active.content)
            let plan = DeployPlan(generation, disk: disk, from: active, rules: rules)
            if let refusal = plan.refusal(.person(peer), "rollback", isDryRun: isDryRun) {
                target.tell(refusal, of: peer, for: "rollback to generation \(number)")
                return .failure(refusal)
            }
            if isDryRun { return .success(plan.report(isDryRun: true)) }
            return state.rollBack(plan, to: generation, from: disk, by: peer, in: target)
        }
    }

    /// The generations that are kept, the newest first.
    var generations: GenerationList {
        state.withLock { state in
            guard let store = state.generations else { return GenerationList([]) }
            let numbers = (try? store.numbers()) ?? []
            return GenerationList(
                numbers.reversed().compactMap { store.read($0) }.map { generation in
                    GenerationReport(
                        generation: generation.number,
                        isActive: generation.number == state.active.number,
                        time: generation.origin.time,
                        by: generation.origin.by,
                        cause: generation.origin.cause,
                        ruleFileCount: generation.content.rules.count
                    )
                }
            )
        }
    }

    /// What a deploy would change, and how many errors it would be refused for.
    ///
    /// No changes are nil: nothing lies on the disk that is not deployed.
    var undeployed: (changes: ChangeReport?, errorCount: Int) {
        state.withLock { state in
            let disk = rules.read(deployed: state.active.content)
            return state.compare(disk, rules: rules)
        }
    }
}

extension Deployer.Cause {
    /// Who stands behind it.
    var authority: BlockingApprovals.Authority {
        switch self {
        // Only root can ask for it.
        case .reload: .person
        case .person(let peer): peer.permissions.contains(.rulesActions) ? .person : .other
        }
    }
}

extension Refusal {
    static let noState = Refusal(
        .failed,
        "nothing can be deployed: the state directory cannot be used",
        remedy: "see the journal of minewardend"
    )
}
