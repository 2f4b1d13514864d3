// `minewarden explain`: what the rules would do about an exec, and why.

internal import ArgumentParser
internal import Diagnostics
internal import LinuxSystem
internal import Policy
internal import RuleLanguage
internal import Signals

/// Explains what rules say about an exec.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say which rules an exec would match, and whether it would be blocked.",
        discussion: """
            Nothing is started. COMMAND is looked up like a shell does (PATH, then /usr/bin) and its \
            symbolic links are followed; --exe names another file. The environment is what --env \
            says, not that of this shell. What is not said (users, parents, containers) is empty.

            For each rule that matches: what would happen, and the parts of its expression that \
            decided. "denied" means that the exec would be blocked with Active Protection on and \
            the rule in blocking; with --protection FILE it means that it would be blocked with \
            those settings. Anything else is "monitored": a signal and nothing more.

            With --stdin each line of the input is one JSON object, {"exe": "/usr/bin/x", \
            "argv": ["x", "-a"], "envp": ["K=V"]}, and any further field by its name in rules, \
            like "process.uid": 0. Each is answered by one line, in order: {"matches": \
            [{"rule_id": …, "blockable": …, "outcome": "monitored" or "denied", "why_monitored": …, \
            "file": …, "line": …, "parts": […]}]} or {"error": "…"}. "blockable" says whether the \
            rule has a kill action that would apply. No file is looked at: a bare name is taken to \
            be in /usr/bin unless element 0 of argv is a path that ends in it. --json writes the same object for the COMMAND.

            Exit status: 0 answered, whatever the answer; 1 a rule or a line of the input is \
            wrong, the rest is answered; 2 the rules cannot be read.

            Examples:
              minewarden explain -- xmrig -o stratum+tcp://pool.example.com:3333 -u wallet
              minewarden explain --env POOL_USER=me --env POOL_PASS=x -- ./start.sh
              minewarden explain --rules my-rules.yaml --exe /tmp/x --json -- bash -c true
              minewarden explain --rules rules/ --stdin <execs.jsonl
            """
    )

    @Option(
        help: ArgumentHelp(
            """
            Rule file or directory; repeatable, the last builds on those before. Without it: the \
            rules of this host.
            """,
            valueName: "path"
        )
    )
    var rules: [String] = []

    @Option(help: ArgumentHelp("Settings to judge by (protection.yaml).", valueName: "file"))
    var protection: String?

    @Option(help: ArgumentHelp("The program file, if it is not COMMAND.", valueName: "path"))
    var exe: String?

    @Option(help: ArgumentHelp("A variable of the environment; repeatable.", valueName: "k=v"))
    var env: [String] = []

    @Flag(help: "Answer as a JSON object.")
    var json = false

    @Flag(help: "Read execs from standard input, one JSON object per line.")
    var stdin = false

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    func validate() throws {
        if stdin {
            guard command.isEmpty, exe == nil, env.isEmpty else {
                throw ValidationError("--stdin takes neither a command nor --exe nor --env")
            }
        } else if command.isEmpty {
            throw ValidationError("no command: write it after --, like 'explain -- xmrig -o pool'")
        }
        for entry in env where !entry.contains("=") || entry.hasPrefix("=") {
            throw ValidationError("--env \(entry): write NAME=value")
        }
    }

    func run() throws {
        let loaded = try RuleSelection(rules: rules, protection: protection).load()
        var explainer = Explainer(rules: loaded.ruleSet, hasSettings: protection != nil)
        if stdin {
            let isSound = try JSONLines.answer { line, writer throws(JSONLines.Failure) in
                let value = try JSONLines.value(line)
                let event = try JSONLines.event { () throws(EventInputFailure) in
                    try EventInput.exec(of: value)
                }
                writer.matches(explainer.explain(event))
            }
            if !isSound { throw ExitStatus.findings.error }
        } else {
            try explainCommand(with: &explainer)
        }
        if loaded.hasErrors { throw ExitStatus.findings.error }
    }

    private func explainCommand(with explainer: inout Explainer) throws {
        var input = ExecInput()
        input.argv = ProcessArguments.last(command.count) ?? command.map { Array($0.utf8) }
        input.executable = exe.map { Array($0.utf8) }
        input.envp = env.map { Array($0.utf8) }
        let event: EventDescription
        do throws(EventInputFailure) {
            event = try input.eventOnThisHost()
        } catch {
            throw CommandFailure(error.description)
        }
        let explanations = explainer.explain(event)
        if json {
            var writer = JSONWriter()
            writer.matches(explanations)
            Terminal.print(writer.bytes + [UInt8(ascii: "\n")])
        } else {
            let path = event.string(Field(.process, .filePath), element: 0)
            Terminal.print(
                ExplanationText.text(
                    explanations,
                    program: Array(path),
                    ruleCount: explainer.rules.rules.count,
                    hasSettings: explainer.hasSettings
                )
            )
        }
    }
}
