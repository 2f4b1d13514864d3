// `minewarden protection`: what is blocked on this host, and where. Edits protection.yaml through the
// daemon; a deploy makes it count.

internal import ArgumentParser
internal import ControlProtocol
internal import Diagnostics

/// Changes protection.
struct ProtectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protection",
        abstract: "Change what is blocked on this host, and where.",
        discussion: """
            Edits protection.yaml and keeps its comments and order. Nothing is different until \
            'minewarden deploy'. Needs rules_actions: root, or the group minewarden-actions.
            """,
        subcommands: [
            EnableCommand.self, DisableCommand.self, SetCommand.self, ConfirmCommand.self,
            RearmCommand.self,
        ]
    )

    /// Asks for a change and prints what came of it.
    static func run(_ request: ProtectionRequest, _ control: ControlOptions) throws {
        let reply = try control.ask(.protection(request))
        guard case .edited(let report) = reply else { throw control.unexpected(reply) }
        Terminal.print(control.json ? report.jsonText + "\n" : text(of: report))
    }

    static func text(of report: EditReport) -> String {
        var lines = ChangeText.lines(of: report.changes)
        if lines.isEmpty { lines = ["It is so already."] }
        if let file = report.file { lines.append("Changed in \(file).") }
        if let note = report.note { lines.append("Note: \(ChangeText.safe(note))") }
        if report.needsDeploy { lines.append("Not active yet: run 'minewarden deploy'.") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// `protection enable`.
    struct EnableCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Enable Active Protection on this host.",
            discussion: """
                Changes no rule's protection: blocked is what rules are set to block. Without \
                Active Protection nothing is blocked, and everything is still monitored.

                Example:
                  minewarden protection enable && minewarden deploy
                """
        )

        @OptionGroup var control: ControlOptions

        func run() throws { try ProtectionCommand.run(.activate(true), control) }
    }

    /// `protection disable`.
    struct DisableCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Disable Active Protection: nothing is blocked any more.",
            discussion: """
                Rules keep their protection for when it is enabled again.

                Example:
                  minewarden protection disable && minewarden deploy
                """
        )

        @OptionGroup var control: ControlOptions

        func run() throws { try ProtectionCommand.run(.activate(false), control) }
    }

    /// `protection set`.
    struct SetCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Set the protection of a rule, and where it blocks.",
            discussion: """
                monitoring: a match is a signal and nothing more. blocking: a match is denied, or \
                killed where it could not be held. disabled: the rule is not evaluated.

                Where it blocks: any of the services (DD_SERVICE in the environment of the program \
                about to start; * stands for any text) and all of the tags. Elsewhere it monitors. \
                Without an option a rule keeps the scope it has, and has none at first: everywhere.

                Examples:
                  minewarden protection set cryptominer_args blocking
                  minewarden protection set cryptominer_args blocking --service 'a*' --service web
                  minewarden protection set cryptominer_args blocking --tag short_image:worker \\
                    --tag image_tag:2.5
                  minewarden protection set cryptominer_args blocking --everywhere
                  minewarden protection set cryptominer_args monitoring
                """
        )

        @Argument(help: "The id of the rule.")
        var rule: String

        @Argument(
            help: "monitoring, blocking or disabled.",
            completion: .list(Self.words)
        )
        var protection: String

        private static let words = ["monitoring", "blocking", "disabled"]

        @Flag(help: "Block everywhere.")
        var everywhere = false

        @Option(
            help: ArgumentHelp("Block in this service; repeatable, any.", valueName: "name")
        )
        var service: [String] = []

        @Option(
            help: ArgumentHelp("Block where this image tag is; repeatable, all.", valueName: "k:v")
        )
        var tag: [String] = []

        @OptionGroup var control: ControlOptions

        func validate() throws {
            let words = Self.words
            guard words.contains(protection) else {
                let nearest = Spelling.suggestion(for: protection, among: words)
                throw ValidationError(
                    "'\(protection)' is not monitoring, blocking or disabled"
                        + (nearest.map { "; \($0)" } ?? "")
                )
            }
            guard !everywhere || service.isEmpty && tag.isEmpty else {
                throw ValidationError("--everywhere contradicts --service and --tag")
            }
        }

        func run() throws {
            let scope: ProtectionRequest.Scope =
                if everywhere {
                    .everywhere
                } else if service.isEmpty, tag.isEmpty {
                    .unchanged
                } else {
                    .custom(services: service, tags: tag)
                }
            try ProtectionCommand.run(
                .set(rule: rule, protection: protection, scope: scope),
                control
            )
        }
    }

    /// `protection confirm`.
    struct ConfirmCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm",
            abstract: "Confirm that a blocking rule whose definition has changed is to block.",
            discussion: """
                When the definition of a blocking rule changes (its expression, a macro or list that \
                it uses, its actions), it is only monitored until somebody who may decide about \
                blocking confirms the new one. Look at it first.

                Example:
                  minewarden rules show our_pools
                  minewarden protection confirm our_pools && minewarden deploy
                """
        )

        @Argument(help: "The id of the rule.")
        var rule: String

        @OptionGroup var control: ControlOptions

        func run() throws { try ProtectionCommand.run(.confirm(rule: rule), control) }
    }
    /// `protection rearm`.
    struct RearmCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rearm",
            abstract: "Let a rule block again that was disarmed for blocking too much.",
            discussion: """
                A rule that blocks too many different programs or containers in a short time may be \
                wrong, and is put to monitoring by itself. Look at what it matched first. Takes \
                effect at once; a deploy by somebody who may decide about protection, or a reload, \
                does the same for all rules. A restart or a reboot does not.

                Example:
                  minewarden signals --rule cryptominer_args
                  minewarden protection rearm cryptominer_args
                """
        )

        @Argument(help: "The id of the rule.")
        var rule: String

        @OptionGroup var control: ControlOptions

        func run() throws { try ProtectionCommand.run(.rearm(rule: rule), control) }
    }
}
