// The way to the daemon: one request, one reply.

internal import ArgumentParser
internal import ControlProtocol
internal import LinuxSystem
internal import SystemPackage

/// Where the daemon is; shared by all commands that talk to it.
struct ControlOptions: ParsableArguments {
    @Option(
        name: .customLong("runtime-dir"),
        help: ArgumentHelp("Where the daemon's control socket is.", valueName: "directory")
    )
    var runtimeDirectory = "/run/minewarden"

    @Flag(help: "Answer as JSON.")
    var json = false

    /// Longer than any deploy takes.
    private static let patience: UInt64 = 120_000_000_000

    /// Asks the daemon.
    ///
    /// - Throws: `ControlFailure` if it cannot be reached or does not answer.
    func ask(_ request: Request) throws(ControlFailure) -> Reply {
        let path = "\(runtimeDirectory)/\(Wire.socketName)"
        let line: [UInt8]
        do throws(SystemError) {
            let deadline = KernelClock.monotonic.nanoseconds + Self.patience
            let connection = try LocalConnection(path: path)
            try connection.write(request.line, deadline: deadline)
            line = try connection.readLine(
                limitBytes: Wire.replyLimitBytes,
                deadline: deadline
            )
        } catch {
            let reason =
                error.isMissing || error.errno == .connectionRefused
                ? "is minewardend running?" : error.errno.description
            throw ControlFailure("the daemon cannot be reached at \(path): \(reason)")
        }
        do throws(MessageFailure) {
            return try Reply(line: line)
        } catch {
            throw ControlFailure("the daemon's answer cannot be read: \(error.message)")
        }
    }

    /// Why another reply than the expected one came: prints it and ends the command.
    func unexpected(_ reply: Reply) -> any Error {
        guard case .refused(let refusal) = reply else {
            return ControlFailure("the daemon answered something else than was asked")
        }
        for text in refusal.diagnostics { Terminal.printError(text) }
        if json { Terminal.print(refusal.jsonText + "\n") }
        Terminal.complain(refusal.message)
        if let remedy = refusal.remedy { Terminal.complain(remedy) }
        return (refusal.code == .findings ? ExitStatus.findings : .misuse).error
    }
}

/// Why the daemon gave no answer: exit status 3.
struct ControlFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
