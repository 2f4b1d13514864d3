// Rules as people see them.

package import JSON

/// The answer to `rules`.
package struct RuleList: Message {
    package var isActiveProtectionEnabled: Bool
    package var rules: [RuleReport]

    package init(isActiveProtectionEnabled: Bool, rules: [RuleReport]) {
        self.isActiveProtectionEnabled = isActiveProtectionEnabled
        self.rules = rules
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        isActiveProtectionEnabled = try members.flag("active_protection")
        rules = try members.messages("rules")
    }

    package var members: [String: JSONValue?] {
        [
            "active_protection": .boolean(isActiveProtectionEnabled),
            "rules": .messages(rules),
        ]
    }
}

/// One active rule in short.
package struct RuleReport: Message {
    package var id: String
    package var description: String
    /// `Monitoring`, `Blocking` or `Disabled`; empty where protection is not available.
    package var protection: String
    /// The generated expression of where it blocks; nil for everywhere.
    package var scope: String?
    /// Whether it is set to blocking but must be confirmed first.
    package var isUnconfirmed = false
    /// Whether it is set to blocking but blocked too much, so that it only monitors.
    package var isDisarmed = false
    package var hits = HitReport()

    package init(id: String, description: String, protection: String, scope: String? = nil) {
        self.id = id
        self.description = description
        self.protection = protection
        self.scope = scope
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        id = try members.text("id")
        description = try members.text("description")
        protection = try members.text("protection")
        scope = try members.optionalText("scope")
        isUnconfirmed = try members.flag("unconfirmed")
        isDisarmed = try members.flag("disarmed")
        hits = try members.message("hits")
    }

    package var members: [String: JSONValue?] {
        [
            "id": .string(id), "description": .string(description),
            "protection": .string(protection), "scope": scope.map { .string($0) },
            "unconfirmed": .flag(isUnconfirmed), "disarmed": .flag(isDisarmed), "hits": hits.json,
        ]
    }
}

/// How often a rule matched since the daemon started, and what came of it.
package struct HitReport: Message {
    package var monitored: UInt64 = 0
    package var denied: UInt64 = 0
    package var killed: UInt64 = 0
    /// When it matched last, as RFC 3339 has it; nil if it never did.
    package var last: String?

    package init() {}

    package init(_ members: MemberReader) throws(MessageFailure) {
        monitored = try members.integer("monitored")
        denied = try members.integer("denied")
        killed = try members.integer("killed")
        last = try members.optionalText("last")
    }

    package var members: [String: JSONValue?] {
        [
            "monitored": .number(monitored), "denied": .number(denied),
            "killed": .number(killed), "last": last.map { .string($0) },
        ]
    }
}

/// The answer to `rule`.
package struct RuleDetail: Message {
    package var rule: RuleReport
    package var expression: String
    /// `key:value`.
    package var tags: [String]
    package var file: String
    package var line: Int
    package var version: String?
    package var actions: [String]
    package var isActiveProtectionEnabled: Bool
    /// Why the rule is in the state it is in, one sentence.
    package var reason: String
    package var generation: UInt64

    package init(
        rule: RuleReport,
        expression: String,
        tags: [String],
        file: String,
        line: Int,
        version: String?,
        actions: [String],
        isActiveProtectionEnabled: Bool,
        reason: String,
        generation: UInt64
    ) {
        self.rule = rule
        self.expression = expression
        self.tags = tags
        self.file = file
        self.line = line
        self.version = version
        self.actions = actions
        self.isActiveProtectionEnabled = isActiveProtectionEnabled
        self.reason = reason
        self.generation = generation
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        rule = try members.message("rule")
        expression = try members.text("expression")
        tags = try members.texts("tags")
        file = try members.text("file")
        line = try members.integer("line")
        version = try members.optionalText("version")
        actions = try members.texts("actions")
        isActiveProtectionEnabled = try members.flag("active_protection")
        reason = try members.text("reason")
        generation = try members.integer("generation")
    }

    package var members: [String: JSONValue?] {
        [
            "rule": rule.json, "expression": .string(expression), "tags": .strings(tags),
            "file": .string(file), "line": .number(line),
            "version": version.map { .string($0) }, "actions": .strings(actions),
            "active_protection": .boolean(isActiveProtectionEnabled),
            "reason": .string(reason), "generation": .number(generation),
        ]
    }
}
