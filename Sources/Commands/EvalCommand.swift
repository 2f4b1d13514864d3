// `minewarden eval`: one expression on one event.

internal import ArgumentParser
internal import Diagnostics
internal import LinuxSystem
internal import RuleLanguage
internal import Signals

/// Evaluates expressions.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate an expression on an event and print true or false.",
        discussion: """
            FILE holds one JSON object: fields by their names in rules, nested or dotted; \
            process.ancestors is a list of objects, the parent first. What follows from a given \
            field is derived (args from argv, name from path, envs from envp), the rest is empty. \
            The age of a time is measured at event.timestamp, or else now. \
            FILE - is standard input.

            With --stdin each line of the input is {"expression": "…", "event": {…}}, answered by \
            one line, in order: {"result": true}, {"result": false} or {"error": "…"}.

            Exit status: 0 evaluated, whatever the result; 1 a wrong expression, or a line of the \
            input without a result; 2 the event cannot be read.

            Examples:
              minewarden eval --event event.json 'exec.file.name == "xmrig"'
              echo '{"exec.argv": ["-o", "pool:3333"]}' | \\
                minewarden eval --event - 'exec.args_options == "o=pool:3333"'
              minewarden eval --stdin <questions.jsonl
            """
    )

    @Option(help: ArgumentHelp("The event, a JSON object; - is standard input.", valueName: "file"))
    var event: String?

    @Flag(help: "Read expressions with their events from standard input, one per line.")
    var stdin = false

    @Argument(help: "The expression.")
    var expression: String?

    func validate() throws {
        if stdin {
            guard event == nil, expression == nil else {
                throw ValidationError("--stdin takes neither --event nor an expression")
            }
        } else if event == nil || expression == nil {
            throw ValidationError("give --event FILE and one expression, or --stdin")
        }
    }

    func run() throws {
        if stdin {
            var evaluator = LineEvaluator()
            let isSound = try JSONLines.answer { line, writer throws(JSONLines.Failure) in
                let result = try evaluator.result(of: try JSONLines.value(line))
                writer.object {
                    $0.key("result")
                    $0.boolean(result)
                }
            }
            if !isSound { throw ExitStatus.findings.error }
            return
        }
        let text = expression ?? ""
        let (compiled, findings) = Compiler().compile(text, purpose: .filter)
        let file = SourceFile(name: "expression", bytes: Array(text.utf8))
        for finding in findings {
            let placed = finding.placed(in: file) { $0 }
            Terminal.printError(DiagnosticRenderer().text(of: placed))
        }
        guard let compiled else { throw ExitStatus.findings.error }
        Terminal.print(compiled.evaluate(try readEvent()) ? "true\n" : "false\n")
    }

    private func readEvent() throws(CommandFailure) -> EventDescription {
        let name = event ?? "-"
        let bytes: [UInt8]
        if name == "-" {
            var input = StandardInput()
            bytes = try input.rest()
        } else {
            do throws(SystemError) {
                bytes = try ConfigurationFile.read(name)
            } catch {
                throw CommandFailure("cannot read \(error.cause)")
            }
        }
        do throws(JSONLines.Failure) {
            let value = try JSONLines.value(bytes)
            return try JSONLines.event { () throws(EventInputFailure) in
                try EventInput.event(of: value)
            }
        } catch {
            throw CommandFailure("\(name): \(error.message)")
        }
    }
}

/// Answers `eval --stdin`; remembers expressions, of which there are usually few.
struct LineEvaluator {
    /// More are compiled again and again.
    private static let maximumRemembered = 1_000

    private var remembered: [[UInt8]: CompiledExpression] = [:]

    /// Nothing remembered.
    init() {}

    /// The result for `{"expression":…,"event":…}`.
    mutating func result(of value: JSONValue) throws(JSONLines.Failure) -> Bool {
        guard case .object(let members) = value else {
            throw .init(message: "a question is an object, this is \(value.kindName)")
        }
        var expression: [UInt8]?
        var event: JSONValue = .object([])
        for member in members {
            switch (member.name, member.value) {
            case ("expression", .string(let bytes)): expression = bytes
            case ("event", .object): event = member.value
            case ("expression", _): throw .init(message: "'expression' is a string")
            case ("event", _): throw .init(message: "'event' is an object")
            default: throw .init(message: "unknown key '\(member.name)'")
            }
        }
        guard let expression else { throw .init(message: "'expression' is missing") }
        let compiled = try compile(expression)
        let description = try JSONLines.event { () throws(EventInputFailure) in
            try EventInput.event(of: event)
        }
        return compiled.evaluate(description)
    }

    private mutating func compile(
        _ expression: [UInt8]
    ) throws(JSONLines.Failure) -> CompiledExpression {
        if let known = remembered[expression] { return known }
        let (compiled, findings) = Compiler().compile(expression, purpose: .filter)
        guard let compiled else {
            let file = SourceFile(name: "", bytes: expression)
            let errors = findings.filter { $0.severity == .error }.map { finding in
                let place = file.position(of: finding.span?.start ?? 0)
                let help = finding.suggestion.map { " (\($0))" } ?? ""
                return "\(place.line):\(place.column): \(finding.message)\(help) "
                    + "[\(finding.code.name)]"
            }
            throw .init(message: errors.joined(separator: "; "))
        }
        if remembered.count < Self.maximumRemembered { remembered[expression] = compiled }
        return compiled
    }
}
