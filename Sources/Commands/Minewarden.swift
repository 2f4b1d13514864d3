// The command `minewarden` itself: its subcommands, and the way from an error to an exit status.

package import ArgumentParser
internal import Diagnostics

/// The command line tool.
package struct Minewarden: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "minewarden",
        abstract: "Rules against crypto-miners on this host: check them and try them out.",
        discussion: """
            No command here needs root or the running daemon.

            Example:
              minewarden check /etc/minewarden/rules.d
              minewarden explain -- xmrig -o stratum+tcp://pool.example.com:3333

            \(ExitStatus.help)

            Rules are described in minewarden-rules(5).
            """,
        version: "minewarden 0.1.0",
        subcommands: [CheckCommand.self, ExplainCommand.self, EvalCommand.self]
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
