// A change that could be made: what would be active, what is different, who agreed to it, and why it
// must not be. Reads nothing and changes nothing.

import ControlProtocol
import Diagnostics
import Policy

/// What a deploy or rollback would do.
struct DeployPlan: Sendable {
    let content: GenerationContent
    let loaded: LoadedRules
    let candidate: BlockingApprovals.Candidate
    let approvals: BlockingApprovals
    let difference: PolicyDifference
    let changesRules: Bool
    let changesProtection: Bool
    /// Settings are no part of a generation, but what is deployed is judged with them.
    let changesSettings: Bool
    private let active: ActiveGeneration?

    /// A deploy.
    init(
        _ content: GenerationContent,
        disk: FilesOnDisk,
        from active: ActiveGeneration?,
        rules: RuleStore,
        confirmed: [String: String],
        authority: BlockingApprovals.Authority
    ) {
        let loaded = rules.load(
            content,
            settings: disk.settings,
            active?.number ?? 0,
            findings: disk.findings
        )
        let candidate = rules.candidate(loaded, content, settings: disk.settings)
        let approvals = (active?.approvals ?? BlockingApprovals()).carried(
            from: active?.candidate,
            to: candidate,
            confirmed: confirmed,
            authority: authority
        )
        self.init(content, loaded, candidate, approvals, active)
    }

    /// A rollback: what was agreed to then counts again.
    init(
        _ stored: StoredGeneration,
        disk: FilesOnDisk,
        from active: ActiveGeneration,
        rules: RuleStore
    ) {
        let loaded = rules.load(stored.content, settings: disk.settings, stored.number)
        let candidate = rules.candidate(loaded, stored.content, settings: disk.settings)
        self.init(stored.content, loaded, candidate, stored.approvals, active)
    }

    private init(
        _ content: GenerationContent,
        _ loaded: LoadedRules,
        _ candidate: BlockingApprovals.Candidate,
        _ approvals: BlockingApprovals,
        _ active: ActiveGeneration?
    ) {
        self.content = content
        self.loaded = loaded
        self.candidate = candidate
        self.approvals = approvals
        self.active = active
        difference = PolicyDifference(from: active?.loaded.result, to: loaded.result)
        changesRules = content.rules != active?.content.rules ?? []
        changesProtection = content.protection != active?.content.protection
        changesSettings = active.map { $0.loaded.settings != loaded.settings } ?? false
    }

    /// Whether the active generation says all of this already.
    var isUnchanged: Bool {
        !changesRules && !changesProtection && approvals == active?.approvals
    }

    /// The rules that are set to blocking and must be confirmed first.
    var unconfirmed: Set<String> { approvals.unconfirmed(in: candidate) }

    /// Those that must be confirmed only since this change.
    var newlyUnconfirmed: [String] {
        unconfirmed.subtracting(active?.unconfirmed ?? []).sorted()
    }

    /// Those that block from now on because they were confirmed.
    var newlyConfirmed: [PolicyDifference.Setting] {
        let told = Set(difference.settings.map(\.rule))
        return (active?.unconfirmed ?? []).subtracting(unconfirmed).sorted().compactMap { id in
            guard candidate.blocking.contains(id), !told.contains(id) else { return nil }
            return .confirmation(ofRule: id, loaded.result.protection)
        }
    }

    /// Why the asker may not; nil if it may.
    func refusal(_ cause: Deployer.Cause, _ request: String, isDryRun: Bool) -> Refusal? {
        guard let peer = cause.peer else { return nil }
        guard !peer.permissions.isEmpty else { return .missingAny(for: request) }
        if isDryRun { return nil }
        if changesProtection, !peer.permissions.contains(.rulesActions) {
            return refusal(.rulesActions, "\(request) of changed protection settings", .rules)
        }
        if changesRules, !peer.permissions.contains(.rulesWrite) {
            return refusal(.rulesWrite, "\(request) of changed rules", .protection)
        }
        return nil
    }

    private func refusal(
        _ permission: Permission,
        _ request: String,
        _ rest: DeployPart
    ) -> Refusal {
        var refusal = Refusal.missing(permission, for: request)
        if changesRules, changesProtection, request.hasPrefix("deploy") {
            refusal.remedy =
                "deploy your part alone with 'minewarden deploy --only \(rest.rawValue)',"
                + " or ask a member of \(permission.group)"
        }
        return refusal
    }

    /// That it has errors.
    var findings: Refusal {
        let errors = loaded.diagnostics.count { $0.severity == .error }
        return Refusal(
            .findings,
            "nothing is deployed: \(errors) error\(errors == 1 ? "" : "s") in the files",
            remedy: "correct them, or leave out what is broken with --skip-broken",
            diagnostics: loaded.renderedDiagnostics
        )
    }

    /// What it does, for the asker.
    func report(isDryRun: Bool = false, number: UInt64? = nil) -> DeployReport {
        var report = DeployReport(generation: number ?? active?.number ?? 0)
        report.isDryRun = isDryRun
        report.isUnchanged = isUnchanged
        report.changes = ChangeReport(difference)
        report.changes.protection += newlyConfirmed.map { SettingReport($0) }
        report.changes.changesSettings = changesSettings
        report.unconfirmed = unconfirmed.sorted()
        report.diagnostics = loaded.renderedDiagnostics
        return report
    }
}

extension ChangeReport {
    init(_ difference: PolicyDifference) {
        self.init()
        added = difference.added
        changed = difference.changed
        removed = difference.removed
        protection = difference.settings.map { SettingReport($0) }
    }
}

extension SettingReport {
    init(_ setting: PolicyDifference.Setting) {
        self.init(rule: setting.rule, before: setting.before, after: setting.after)
    }
}

extension PolicyDifference.Setting {
    /// What a confirmation changes.
    static func confirmation(
        ofRule id: String,
        _ protection: ProtectionSettings
    ) -> PolicyDifference.Setting {
        .init(rule: id, before: "monitoring, not confirmed", after: protection.text(ofRule: id))
    }
}
