// Changes of protection settings: edits of `protection.yaml` that wait for a deploy, and
// confirmations of changed definitions. Both only for those who may decide what is blocked.

import ControlProtocol
import Diagnostics
import LinuxSystem
import Policy
import Signals
import Synchronization

extension Deployer {
    /// Makes one change on the disk.
    func change(
        _ request: ProtectionRequest,
        by peer: Peer,
        in target: DeployTarget
    ) -> Result<EditReport, Refusal> {
        guard peer.permissions.contains(.rulesActions) else {
            let refusal = Refusal.missing(.rulesActions, for: request.name)
            target.tell(refusal, of: peer, for: request.name)
            return .failure(refusal)
        }
        switch request {
        case .activate(let isOn): return edit(.activate(isOn), of: nil, by: peer, in: target)
        case .confirm(let rule): return confirm(rule, by: peer, in: target)
        case .rearm(let rule):
            // Not while a deployment takes over what is disarmed.
            return state.withLock { _ in target.agent.rearm(rule, by: peer.actor) }
        case .set(let rule, let word, let scope):
            guard let protection = Protection(rawValue: word) else {
                let words = Protection.allCases.map(\.rawValue).joined(separator: ", ")
                return .failure(Refusal(.badRequest, "'\(word)' is not one of \(words)"))
            }
            let edit = ProtectionEdit.set(rule: rule, protection, ProtectionEdit.Scope(scope))
            return self.edit(edit, of: rule, by: peer, in: target)
        }
    }

    // MARK: - Edits

    private func edit(
        _ edit: ProtectionEdit,
        of rule: String?,
        by peer: Peer,
        in target: DeployTarget
    ) -> Result<EditReport, Refusal> {
        state.withLock { state in
            let path = rules.protectionPath
            do throws(SystemError) {
                let file = try ProtectionFile(path: path)
                let plan: EditPlan
                switch self.plan(edit, of: rule, in: file, from: state.active) {
                case .success(let made): plan = made
                case .failure(let refusal): return .failure(refusal)
                }
                if !plan.changes.isEmpty {
                    try file.replace(with: plan.text)
                    target.tell(plan.changes, by: peer)
                }
                return .success(
                    EditReport(
                        changes: plan.changes,
                        file: plan.changes.isEmpty ? nil : path,
                        needsDeploy: plan.text != state.active.content.protection ?? [],
                        note: plan.note
                    )
                )
            } catch {
                return .failure(
                    Refusal(.failed, "\(path) is not changed: \(error)", remedy: error.remedy)
                )
            }
        }
    }

    /// An edit before it is made.
    private struct EditPlan {
        var text: [UInt8]
        var changes: [SettingReport]
        var note: String?
    }

    private func plan(
        _ edit: ProtectionEdit,
        of rule: String?,
        in file: ProtectionFile,
        from active: ActiveGeneration
    ) -> Result<EditPlan, Refusal> {
        let disk = rules.read(deployed: active.content)
        let before = load(disk, protection: file.bytes)
        if let rule, let refusal = Self.unknown(rule, before) { return .failure(refusal) }
        let text: [UInt8]
        do throws(ProtectionEditFailure) {
            text = try edit.applied(to: rules.protectionSource(file.bytes))
        } catch {
            return .failure(Refusal(.invalid, error.message))
        }
        let after = load(disk, protection: text)
        if let rule, let refusal = Self.refusal(of: edit, rule, after) { return .failure(refusal) }
        let changes = PolicyDifference(from: before, to: after).settings.map { SettingReport($0) }
        return .success(
            EditPlan(
                text: changes.isEmpty ? file.bytes : text,
                changes: changes,
                note: Self.note(on: edit, after, active)
            )
        )
    }

    private func load(_ disk: FilesOnDisk, protection: [UInt8]) -> LoadResult {
        var content = disk.content
        content.protection = protection
        return rules.load(content, settings: disk.settings, 0).result
    }

    /// That there is no such rule.
    private static func unknown(_ id: String, _ loaded: LoadResult) -> Refusal? {
        let statuses = loaded.ruleSet.statuses
        guard !id.isEmpty, statuses.contains(where: { $0.id == id }) else {
            return Refusal(
                .notFound,
                "there is no rule '\(id)'",
                remedy: Spelling.suggestion(for: id, among: statuses.map(\.id).sorted())
                    ?? "see minewarden rules list"
            )
        }
        return nil
    }

    /// Why a rule cannot have the protection that is asked for.
    private static func refusal(
        of edit: ProtectionEdit,
        _ id: String,
        _ after: LoadResult
    ) -> Refusal? {
        guard case .set(_, let protection, let scope) = edit else { return nil }
        guard let rule = after.ruleSet.rules.first(where: { $0.id == id }) else {
            // It may load again: taking protection off must always be possible.
            guard protection == .blocking else { return nil }
            let status = after.ruleSet.statuses.first { $0.id == id }
            let reason = status?.message.map { ": \($0)" } ?? ""
            return Refusal(.invalid, "rule '\(id)' is not loaded\(reason)")
        }
        let isScoped = if case .custom = scope { true } else { false }
        if isScoped, protection != .blocking {
            return Refusal(
                .invalid,
                "a scope says where a rule blocks; \(protection.rawValue) has none",
                remedy: "minewarden protection set \(id) blocking with the same options"
            )
        }
        guard protection == .blocking, !rule.isBlockable else { return nil }
        return Refusal(
            .invalid,
            "rule '\(id)' cannot block: protection is available only on rules with a kill action,"
                + " and this one has none",
            remedy: "add 'actions: [{kill: {signal: SIGKILL}}]' to the rule in \(rule.file) first"
        )
    }

    private static func note(
        on edit: ProtectionEdit,
        _ after: LoadResult,
        _ active: ActiveGeneration
    ) -> String? {
        switch edit {
        case .activate(true): "no rule's protection is changed by this"
        case .set(let rule, .blocking, _) where active.unconfirmed.contains(rule):
            "its definition has changed: look at it with 'minewarden rules show \(rule)', then"
                + " 'minewarden protection confirm \(rule)'"
        case .set(_, .blocking, _) where !after.protection.isActive:
            "nothing is blocked while Active Protection is disabled:"
                + " minewarden protection enable"
        default: nil
        }
    }

    // MARK: - Confirmations

    private func confirm(
        _ id: String,
        by peer: Peer,
        in target: DeployTarget
    ) -> Result<EditReport, Refusal> {
        state.withLock { state in
            let active = state.active
            guard active.unconfirmed.contains(id), let digest = active.candidate.digests[id] else {
                return .failure(Self.nothingToConfirm(id, active))
            }
            guard let generations = state.generations else { return .failure(.noState) }
            do throws(SystemError) {
                var confirmations = generations.confirmations()
                confirmations[id] = digest
                try generations.keep(confirmations: confirmations)
            } catch {
                return .failure(Refusal(.failed, "the confirmation is not kept: \(error)"))
            }
            let change = SettingReport(.confirmation(ofRule: id, active.loaded.result.protection))
            target.tell([change], by: peer)
            // Between the look at it and this, somebody may have deployed another one.
            let rule = active.loaded.result.ruleSet.rules.first { $0.id == id }
            return .success(
                EditReport(
                    changes: [change],
                    needsDeploy: true,
                    note: rule.map {
                        "what is confirmed is that of generation \(active.number):"
                            + " \($0.expression)"
                    }
                )
            )
        }
    }

    private static func nothingToConfirm(_ id: String, _ active: ActiveGeneration) -> Refusal {
        let ids = active.loaded.result.ruleSet.rules.map(\.id)
        guard ids.contains(id) else {
            return Refusal(
                .notFound,
                "there is no active rule '\(id)'",
                remedy: Spelling.suggestion(for: id, among: ids.sorted())
            )
        }
        let isBlocking = active.candidate.blocking.contains(id)
        return Refusal(
            .invalid,
            isBlocking
                ? "rule '\(id)' blocks already, there is nothing to confirm"
                : "rule '\(id)' is not set to blocking, there is nothing to confirm"
        )
    }
}

extension ProtectionRequest {
    /// For refusals and signals.
    var name: String {
        switch self {
        case .activate(let isOn): "protection \(isOn ? "enable" : "disable")"
        case .confirm(let rule): "protection confirm \(rule)"
        case .rearm(let rule): "protection rearm \(rule)"
        case .set(let rule, let protection, _): "protection set \(rule) \(protection)"
        }
    }
}

extension ProtectionEdit.Scope {
    fileprivate init(_ scope: ProtectionRequest.Scope) {
        self =
            switch scope {
            case .unchanged: .unchanged
            case .everywhere: .everywhere
            case .custom(let services, let tags): .custom(services: services, tags: tags)
            }
    }
}
