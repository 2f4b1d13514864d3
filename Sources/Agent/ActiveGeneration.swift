// What is active and what it came from: the texts, what they loaded to, and what was agreed to.

import LinuxSystem
import Policy

/// The generation that judges.
struct ActiveGeneration: Sendable {
    let number: UInt64
    let content: GenerationContent
    let loaded: LoadedRules
    let candidate: BlockingApprovals.Candidate
    let approvals: BlockingApprovals
    let origin: GenerationOrigin
    /// After a rollback: what it went back from.
    var overruled: String?

    init(
        number: UInt64,
        content: GenerationContent,
        loaded: LoadedRules,
        candidate: BlockingApprovals.Candidate,
        approvals: BlockingApprovals,
        origin: GenerationOrigin
    ) {
        self.number = number
        self.content = content
        self.loaded = loaded
        self.candidate = candidate
        self.approvals = approvals
        self.origin = origin
    }

    /// Loads a generation as it is kept.
    init(
        _ stored: StoredGeneration,
        pointer: GenerationStore.Pointer,
        rules: RuleStore,
        settings: PolicySource?
    ) {
        let loaded = rules.load(stored.content, settings: settings, stored.number)
        self.init(
            number: stored.number,
            content: stored.content,
            loaded: loaded,
            candidate: rules.candidate(loaded, stored.content, settings: settings),
            approvals: stored.approvals,
            origin: stored.origin
        )
        overruled = pointer.overruled
    }

    /// The rules that are set to blocking and must be confirmed first.
    var unconfirmed: Set<String> { approvals.unconfirmed(in: candidate) }

    /// What verdicts are made with.
    var deployment: Deployment {
        Deployment(
            ruleSet: loaded.result.ruleSet.numbered(number, unconfirmed: unconfirmed),
            settings: loaded.settings,
            generation: number
        )
    }
}

extension RuleStore {
    /// What was loaded, with what is needed to tell who agreed to it.
    func candidate(
        _ loaded: LoadedRules,
        _ content: GenerationContent,
        settings: PolicySource?
    ) -> BlockingApprovals.Candidate {
        var shipped = content
        shipped.rules.removeAll { $0.origin == .custom }
        shipped.protection = nil
        let isShippedOnly = shipped.rules.count == content.rules.count
        return BlockingApprovals.Candidate(
            loaded.result,
            pristine: isShippedOnly
                ? loaded.result : load(shipped, settings: settings, 0).result
        )
    }
}
