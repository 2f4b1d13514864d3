// How the command line tool ends. The one place that says what the numbers mean.

internal import ArgumentParser

/// The exit statuses of `minewarden`.
enum ExitStatus: Int32 {
    /// Done, and nothing to find fault with.
    case ok = 0
    /// Done, and what was looked at has findings.
    case findings = 1
    /// The command line, a file or the input cannot be used.
    case misuse = 2
    /// The daemon does not answer.
    case unreachable = 3

    /// What commands throw to end with this status without a further message.
    var error: ExitCode { ExitCode(rawValue) }

    static let help = """
        Exit status:
          0  done, nothing found
          1  findings in rules or expressions, or lines of input without an answer
          2  wrong command line, a file that cannot be read, or a missing permission
          3  the daemon cannot be reached
        """
}

/// Why a command cannot go on: printed as `minewarden: MESSAGE`, exit status 2.
struct CommandFailure: Error, CustomStringConvertible {
    /// Names the thing and the remedy; may hold hostile text, escaped when printed.
    let description: String

    init(_ description: String) { self.description = description }
}
