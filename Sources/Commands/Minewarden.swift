// The command `minewarden` itself: its subcommands, and the way from an error to an exit status.

package import ArgumentParser
internal import Diagnostics
internal import Signals

/// The command line tool.
package struct Minewarden: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "minewarden",
        abstract: "Rules against crypto-miners on this host: what they do, and trying them out.",
        discussion: """
            check, explain and eval need neither root nor the running daemon.

            Examples:
              minewarden status
              minewarden check /etc/minewarden/rules.d
              minewarden explain -- xmrig -o stratum+tcp://pool.example.com:3333

            \(ExitStatus.help)

            Rules are described in minewarden-rules(5).
            """,
        version: "minewarden \(Version.text)",
        subcommands: [
            StatusCommand.self, RulesCommand.self, ProtectionCommand.self, DeployCommand.self,
            RollbackCommand.self, GenerationsCommand.self, SignalsCommand.self,
            CoverageCommand.self, DoctorCommand.self, CheckCommand.self, ExplainCommand.self,
            EvalCommand.self,
        ]
    )

    package init() {}

    /// Runs the command that the arguments of this process name, and ends the process.
    package static func runAndExit() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            Terminal.complain(failure.description)
            Terminal.exit(.misuse)
        } catch let failure as ControlFailure {
            Terminal.complain(failure.description)
            Terminal.exit(.unreachable)
        } catch let code as ExitCode {
            Terminal.exit(ExitStatus(rawValue: code.rawValue) ?? .misuse)
        } catch {
            let text = fullMessage(for: error)
            if exitCode(for: error) == .success {
                Terminal.print(text + "\n")
                Terminal.exit(.ok)
            }
            Terminal.printError(text + "\n")
            Terminal.exit(.misuse)
        }
        Terminal.exit(.ok)
    }
}
