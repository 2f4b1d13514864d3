// `minewarden doctor`: what this host lacks.

internal import ArgumentParser
internal import Signals

/// Looks at the host.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this host has of what minewarden needs.",
        discussion: """
            Each line says what was looked at and what was found: [ok], [warn] where a part of the \
            protection is missing or could not be looked at, [fail] where the daemon cannot do its \
            work; below it, what to do. Nothing is changed, and the daemon need not run.

            Without root less is seen, and what was not seen is said.

            Exit status: 0 nothing fails, 1 something does.

            Examples:
              sudo minewarden doctor
              minewarden doctor --json
            """
    )

    @Option(
        name: .customLong("config-dir"),
        help: ArgumentHelp("The configuration.", valueName: "directory")
    )
    var configurationDirectory = RuleFiles.configuration

    @Flag(help: "Answer as a JSON object.")
    var json = false

    func run() throws {
        let checks = HostFindings(configuration: configurationDirectory).checks
        if json {
            var writer = JSONWriter()
            writer.object {
                $0.key("checks")
                $0.array { writer in for check in checks { check.write(to: &writer) } }
            }
            Terminal.print(writer.bytes + [UInt8(ascii: "\n")])
        } else {
            for check in checks { Terminal.print(check.text) }
        }
        if checks.contains(where: { $0.status == .fail }) { throw ExitStatus.findings.error }
    }
}
