// Changes of the protection settings on the disk, and what came of them.

package import JSON

/// One change of `protection.yaml`, or a confirmation.
package enum ProtectionRequest: Message {
    /// The switch of the host.
    case activate(Bool)
    /// The protection of a rule: `monitoring`, `blocking` or `disabled`.
    case set(rule: String, protection: String, scope: Scope)
    /// The changed definition of a blocking rule is meant to block.
    case confirm(rule: String)
    /// A rule that the brake has disarmed is to block again.
    case rearm(rule: String)

    /// Where a rule is to block.
    package enum Scope: Sendable, Equatable {
        /// Where it does already.
        case unchanged
        case everywhere
        case custom(services: [String], tags: [String])
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        switch try members.text("do") {
        case "enable": self = .activate(true)
        case "disable": self = .activate(false)
        case "confirm": self = .confirm(rule: try members.text("rule"))
        case "rearm": self = .rearm(rule: try members.text("rule"))
        case "set":
            let scope: Scope =
                switch try members.text("scope") {
                case "unchanged": .unchanged
                case "everywhere": .everywhere
                default:
                    .custom(
                        services: try members.texts("services"),
                        tags: try members.texts("tags")
                    )
                }
            self = .set(
                rule: try members.text("rule"),
                protection: try members.text("protection"),
                scope: scope
            )
        case let word: throw MessageFailure("unknown change '\(word)'")
        }
    }

    package var members: [String: JSONValue?] {
        switch self {
        case .activate(let isOn): return ["do": .string(isOn ? "enable" : "disable")]
        case .confirm(let rule): return ["do": .string("confirm"), "rule": .string(rule)]
        case .rearm(let rule): return ["do": .string("rearm"), "rule": .string(rule)]
        case .set(let rule, let protection, let scope):
            var members: [String: JSONValue?] = [
                "do": .string("set"), "rule": .string(rule), "protection": .string(protection),
            ]
            switch scope {
            case .unchanged: members["scope"] = .string("unchanged")
            case .everywhere: members["scope"] = .string("everywhere")
            case .custom(let services, let tags):
                members["scope"] = .string("custom")
                members["services"] = .list(services)
                members["tags"] = .list(tags)
            }
            return members
        }
    }
}

/// The answer to a change of the protection settings.
package struct EditReport: Message {
    /// What is different on the disk; empty if it said so already.
    package var changes: [SettingReport]
    /// The file that was changed; nil if none was.
    package var file: String?
    /// Whether a deploy is needed before it counts.
    package var needsDeploy: Bool
    /// One line for people, if there is more to say.
    package var note: String?

    package init(
        changes: [SettingReport],
        file: String? = nil,
        needsDeploy: Bool,
        note: String? = nil
    ) {
        self.changes = changes
        self.file = file
        self.needsDeploy = needsDeploy
        self.note = note
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        changes = try members.messages("changes")
        file = try members.optionalText("file")
        needsDeploy = try members.flag("needs_deploy")
        note = try members.optionalText("note")
    }

    package var members: [String: JSONValue?] {
        [
            "changes": .messages(changes), "file": file.map { .string($0) },
            "needs_deploy": .boolean(needsDeploy), "note": note.map { .string($0) },
        ]
    }
}
