// Deploying: what is asked, and what changed or would change.

package import JSON

/// What of the files on the disk is meant.
package enum DeployPart: String, Sendable, CaseIterable {
    case all
    /// Rule files; the protection settings stay as they are deployed.
    case rules
    /// Protection settings; the rules stay as they are deployed.
    case protection
}

/// How to deploy.
package struct DeployOptions: Message {
    package var part = DeployPart.all
    /// Only say what would change.
    package var isDryRun = false
    /// Leave out what is broken instead of refusing all of it.
    package var skipsBroken = false

    package init() {}

    package init(_ members: MemberReader) throws(MessageFailure) {
        part = try members.word("part")
        isDryRun = try members.flag("dry_run")
        skipsBroken = try members.flag("skip_broken")
    }

    package var members: [String: JSONValue?] {
        [
            "part": .string(part.rawValue), "dry_run": .flag(isDryRun),
            "skip_broken": .flag(skipsBroken),
        ]
    }
}

/// What is different between two generations, or between one and the files on the disk.
package struct ChangeReport: Message {
    /// Ids of rules.
    package var added: [String] = []
    package var changed: [String] = []
    package var removed: [String] = []
    package var protection: [SettingReport] = []
    /// Whether `minewarden.yaml` says something else; what, is root's to know.
    package var changesSettings = false

    package init() {}

    /// Whether nothing that counts is different.
    package var isEmpty: Bool {
        added.isEmpty && changed.isEmpty && removed.isEmpty && protection.isEmpty
            && !changesSettings
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        added = try members.texts("added")
        changed = try members.texts("changed")
        removed = try members.texts("removed")
        protection = try members.messages("protection")
        changesSettings = try members.flag("settings")
    }

    package var members: [String: JSONValue?] {
        [
            "added": .strings(added), "changed": .strings(changed), "removed": .strings(removed),
            "protection": .messages(protection), "settings": .flag(changesSettings),
        ]
    }
}

/// One setting, before and after.
package struct SettingReport: Message {
    /// The rule; nil for the switch of the host.
    package var rule: String?
    package var before: String
    package var after: String

    package init(rule: String?, before: String, after: String) {
        self.rule = rule
        self.before = before
        self.after = after
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        rule = try members.optionalText("rule")
        before = try members.text("before")
        after = try members.text("after")
    }

    package var members: [String: JSONValue?] {
        [
            "rule": rule.map { .string($0) }, "before": .string(before), "after": .string(after),
        ]
    }
}

/// The answer to `deploy` and `rollback`.
package struct DeployReport: Message {
    /// The generation that is active now.
    package var generation: UInt64
    package var isDryRun = false
    /// Whether there was nothing to do.
    package var isUnchanged = false
    package var changes = ChangeReport()
    /// Rules that are set to blocking and only monitored until they are confirmed.
    package var unconfirmed: [String] = []
    /// What is wrong in the files, rendered; warnings, and errors that were left out.
    package var diagnostics: [String] = []

    package init(generation: UInt64) { self.generation = generation }

    package init(_ members: MemberReader) throws(MessageFailure) {
        generation = try members.integer("generation")
        isDryRun = try members.flag("dry_run")
        isUnchanged = try members.flag("unchanged")
        changes = try members.message("changes")
        unconfirmed = try members.texts("unconfirmed")
        diagnostics = try members.texts("diagnostics")
    }

    package var members: [String: JSONValue?] {
        [
            "generation": .number(generation), "dry_run": .flag(isDryRun),
            "unchanged": .flag(isUnchanged), "changes": changes.json,
            "unconfirmed": .strings(unconfirmed), "diagnostics": .list(diagnostics),
        ]
    }
}

/// The answer to `generations`.
package struct GenerationList: Message {
    /// The newest first.
    package var generations: [GenerationReport]

    package init(_ generations: [GenerationReport]) { self.generations = generations }

    package init(_ members: MemberReader) throws(MessageFailure) {
        generations = try members.messages("generations")
    }

    package var members: [String: JSONValue?] { ["generations": .messages(generations)] }
}

/// One generation that is kept.
package struct GenerationReport: Message {
    package var generation: UInt64
    package var isActive: Bool
    /// When it was deployed, as RFC 3339 has it.
    package var time: String
    /// Who deployed it; empty for the service itself.
    package var by: String
    /// `start`, `reload` or `deploy`.
    package var cause: String
    package var ruleFileCount: Int

    package init(
        generation: UInt64,
        isActive: Bool,
        time: String,
        by: String,
        cause: String,
        ruleFileCount: Int
    ) {
        self.generation = generation
        self.isActive = isActive
        self.time = time
        self.by = by
        self.cause = cause
        self.ruleFileCount = ruleFileCount
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        generation = try members.integer("generation")
        isActive = try members.flag("active")
        time = try members.text("time")
        by = try members.text("by")
        cause = try members.text("cause")
        ruleFileCount = try members.integer("rule_files")
    }

    package var members: [String: JSONValue?] {
        [
            "generation": .number(generation), "active": .boolean(isActive),
            "time": .string(time), "by": .string(by), "cause": .string(cause),
            "rule_files": .number(ruleFileCount),
        ]
    }
}
