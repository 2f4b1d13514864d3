// `minewarden rules`: the active rules, their protection and why it is what it is.

internal import ArgumentParser
internal import ControlProtocol
internal import Diagnostics

/// Shows rules.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Show the active rules and their protection.",
        discussion: """
            Needs rules_write or rules_actions: root, or one of the groups minewarden-rules and \
            minewarden-actions.
            """,
        subcommands: [ListCommand.self, ShowCommand.self],
        defaultSubcommand: ListCommand.self
    )

    /// `rules list`.
    struct ListCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the active rules.",
            discussion: """
                PROTECTION is empty where protection is not available: rules without a kill action \
                only detect. Monitoring (unconfirmed) and Monitoring (disarmed) are set to \
                blocking; 'rules show' says why they do not block. MONITORED, DENIED, KILLED and LAST MATCH count signals since the \
                daemon started.

                Examples:
                  minewarden rules list
                  minewarden rules list --json
                """
        )

        @OptionGroup var control: ControlOptions

        func run() throws {
            let reply = try control.ask(.rules)
            guard case .rules(let list) = reply else { throw control.unexpected(reply) }
            Terminal.print(control.json ? list.jsonText + "\n" : RulesCommand.text(of: list))
        }
    }

    /// `rules show`.
    struct ShowCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show one active rule: expression, tags, file, scope, state and why.",
            discussion: """
                Example:
                  minewarden rules show cryptominer_args
                """
        )

        @Argument(help: "The id of the rule.")
        var rule: String

        @OptionGroup var control: ControlOptions

        func run() throws {
            let reply = try control.ask(.rule(rule))
            guard case .rule(let detail) = reply else { throw control.unexpected(reply) }
            Terminal.print(control.json ? detail.jsonText + "\n" : RulesCommand.text(of: detail))
        }
    }

    static func text(of list: RuleList) -> String {
        var table = TextTable([
            "ID", "PROTECTION", "SCOPE", "MONITORED", "DENIED", "KILLED", "LAST MATCH",
            "DESCRIPTION",
        ])
        for rule in list.rules {
            table.add([
                rule.id, protection(of: rule),
                scope(of: rule), "\(rule.hits.monitored)", "\(rule.hits.denied)",
                "\(rule.hits.killed)", rule.hits.last ?? "", rule.description,
            ])
        }
        let switchText = list.isActiveProtectionEnabled ? "enabled" : "disabled: nothing is blocked"
        return table.text + "Active Protection \(switchText)\n"
    }

    private static func protection(of rule: RuleReport) -> String {
        if rule.isUnconfirmed { return rule.protection + " (unconfirmed)" }
        return rule.protection + (rule.isDisarmed ? " (disarmed)" : "")
    }

    private static func matches(_ hits: HitReport) -> String {
        "\(hits.monitored) monitored, \(hits.denied) denied, \(hits.killed) killed"
            + (hits.last.map { ", the last at \($0)" } ?? "")
    }

    private static func scope(of rule: RuleReport) -> String {
        rule.scope ?? (rule.protection.isEmpty ? "" : "everywhere")
    }

    static func text(of detail: RuleDetail) -> String {
        let rule = detail.rule
        var lines = [
            ("Rule", rule.id), ("Description", rule.description),
            ("Expression", detail.expression),
            ("Tags", detail.tags.joined(separator: ", ")),
            ("Actions", detail.actions.joined(separator: "; ")),
            ("File", "\(detail.file), line \(detail.line)"),
        ]
        if let version = detail.version { lines.append(("Version", version)) }
        lines += [
            ("Protection", rule.protection.isEmpty ? "not available" : protection(of: rule)),
            ("Scope", scope(of: rule)), ("Why", detail.reason),
            ("Matches", matches(rule.hits)),
            ("Active Protection", detail.isActiveProtectionEnabled ? "enabled" : "disabled"),
            ("Generation", "\(detail.generation)"),
        ]
        return lines.filter { !$0.1.isEmpty }
            .map { "\($0.0): \(Escaping.terminal($0.1))\n" }.joined()
    }
}
