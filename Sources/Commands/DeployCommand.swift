// `minewarden deploy`, `rollback` and `generations`: making edits count, and going back.

internal import ArgumentParser
internal import ControlProtocol

/// Makes the files on the disk the active ones.
struct DeployCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Make edited rules and protection settings the active ones.",
        discussion: """
            All or nothing: with an error in a file nothing changes, unless --skip-broken leaves \
            out what is broken. 'systemctl reload minewarden' and a restart deploy too.

            Changed rules need rules_write (group minewarden-rules), changed protection settings \
            need rules_actions (group minewarden-actions); --only deploys one of the two.

            Exit status: 0 deployed, or nothing to deploy; 1 errors in the files; 2 not allowed; 3 \
            the daemon cannot be reached.

            Examples:
              minewarden deploy --dry-run
              minewarden deploy
              minewarden deploy --only rules
            """
    )

    @Flag(help: "Only say what would change.")
    var dryRun = false

    @Flag(help: "Leave out what is broken instead of refusing all of it.")
    var skipBroken = false

    @Option(help: ArgumentHelp("Deploy only rules, or only protection.", valueName: "part"))
    var only: DeployPart?

    @OptionGroup var control: ControlOptions

    func validate() throws {
        if only == .all { throw ValidationError("--only takes 'rules' or 'protection'") }
    }

    func run() throws {
        var options = DeployOptions()
        options.part = only ?? .all
        options.isDryRun = dryRun
        options.skipsBroken = skipBroken
        try Self.print(try control.ask(.deploy(options)), control, "deployed")
    }

    /// Prints what came of a deploy or rollback.
    static func print(_ reply: Reply, _ control: ControlOptions, _ done: String) throws {
        guard case .deployed(let report) = reply else { throw control.unexpected(reply) }
        for text in report.diagnostics { Terminal.printError(text) }
        Terminal.print(control.json ? report.jsonText + "\n" : text(of: report, done))
    }

    static func text(of report: DeployReport, _ done: String) -> String {
        if report.isUnchanged, report.changes.isEmpty {
            return "Nothing to deploy: generation \(report.generation).\n"
        }
        var lines = ChangeText.lines(of: report.changes)
        if lines.isEmpty { lines = ["No rule and no setting is different."] }
        for rule in report.unconfirmed {
            lines.append(
                "! \(ChangeText.safe(rule)) is set to blocking, but only monitored: its definition"
                    + " has changed; 'minewarden protection confirm \(ChangeText.safe(rule))'"
            )
        }
        lines.append(
            report.isDryRun
                ? "Nothing was changed (dry run)."
                : "Generation \(report.generation) is \(done)."
        )
        return lines.map { $0 + "\n" }.joined()
    }
}

extension DeployPart: ExpressibleByArgument {}

/// Makes an earlier generation the active one.
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make an earlier generation of rules and protection the active one.",
        discussion: """
            Without GENERATION: the one before the active one. The files on the disk stay as they \
            are, and a restart does not deploy them again until they are edited. Needs the \
            permissions that a deploy of the same changes would.

            Examples:
              minewarden generations
              minewarden rollback
              minewarden rollback 4 --dry-run
            """
    )

    @Argument(help: "The number of a generation.")
    var generation: UInt64?

    @Flag(help: "Only say what would change.")
    var dryRun = false

    @OptionGroup var control: ControlOptions

    func run() throws {
        let reply = try control.ask(.rollback(generation, isDryRun: dryRun))
        try DeployCommand.print(reply, control, "active again")
    }
}

/// Lists the generations.
struct GenerationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generations",
        abstract: "List the generations of rules and protection that are kept.",
        discussion: """
            Example:
              minewarden generations
            """
    )

    @OptionGroup var control: ControlOptions

    func run() throws {
        let reply = try control.ask(.generations)
        guard case .generations(let list) = reply else { throw control.unexpected(reply) }
        if control.json { return Terminal.print(list.jsonText + "\n") }
        var table = TextTable(["", "GENERATION", "TIME", "CAUSE", "BY", "RULE FILES"])
        for generation in list.generations {
            table.add([
                generation.isActive ? "*" : "", "\(generation.generation)", generation.time,
                generation.cause, generation.by, "\(generation.ruleFileCount)",
            ])
        }
        Terminal.print(table.text)
    }
}
