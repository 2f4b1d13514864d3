// `minewarden signals`: what was detected, denied and killed, from the journal.

internal import ArgumentParser
internal import LinuxSystem
internal import Signals

/// Lists signals.
struct SignalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signals",
        abstract: "Show what was detected, denied and killed, from the journal.",
        discussion: """
            One line per signal, the newest last: when, what became of the program, the threat, the \
            rule, the service (or image, or unit) and the user; what happened to the agent itself \
            is a sentence. The last column begins the identity that 'signals show' takes.

            The journal of this host needs root, or membership of 'adm' or 'systemd-journal'. \
            --directory reads journal files that were collected elsewhere. Only records that \
            journald says root wrote are shown: anybody can write to the journal.

            --since takes an age (90s, 30m, 2h, 3d, 1w), 'today', 'yesterday', a local time \
            (2026-11-23, "2026-11-23 17:30"), or one with its zone (2026-11-23T17:30:00Z).

            --json writes each signal as one JSON object per line, as 'minewardend --output json' does.

            Exit status: 0 shown, also if there was nothing to show; 2 the journal cannot be read.

            Examples:
              minewarden signals --blocked --since 1d
              minewarden signals --rule cryptominer_args --follow
              minewarden signals --directory /var/log/journal/remote --json
              minewarden signals show 187b2c4de0a1f3c2
            """,
        subcommands: [SignalsShowCommand.self]
    )

    @Flag(help: "Only programs that were denied or killed.")
    var blocked = false

    @Option(help: ArgumentHelp("Only signals of this rule.", valueName: "id"))
    var rule: String?

    @Option(help: ArgumentHelp("Only signals from this moment on.", valueName: "time"))
    var since: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("The last N signals.", valueName: "n")
    )
    var lines = 50

    @Flag(name: [.short, .long], help: "Go on and show new signals as they come.")
    var follow = false

    @Flag(help: "Write JSON objects, one per line.")
    var json = false

    @Option(help: ArgumentHelp("Read the journal files in this directory.", valueName: "dir"))
    var directory: String?

    func validate() throws {
        if lines < 0 { throw ValidationError("--lines \(lines): must not be negative") }
    }

    func run() throws {
        var query = SignalQuery(directory: directory, isBlockedOnly: blocked, rule: rule)
        query.count = lines
        if let since { query.since = try moment(since) }
        let table = SignalTable(
            width: Terminal.width,
            usesColor: Terminal.isTerminal,
            utcOffset: { Terminal.utcOffsetSeconds(at: $0.nanoseconds / 1_000_000_000) }
        )
        let source = try query.open()
        var isFirst = true
        let count = try source.read(query, isFollowing: follow) { signal in
            guard !json else {
                Terminal.print(signal.jsonLine() + [UInt8(ascii: "\n")])
                return
            }
            if isFirst { Terminal.print(table.header) }
            isFirst = false
            Terminal.print(table.line(of: signal))
        }
        if count == 0, !json { Terminal.printError(Self.nothing(in: directory)) }
    }

    private func moment(_ text: String) throws(CommandFailure) -> Timestamp {
        let now = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
        let offset = Terminal.utcOffsetSeconds(at: now.nanoseconds / 1_000_000_000)
        guard let moment = PointInTime.parse(text, now: now, utcOffsetSeconds: offset) else {
            throw CommandFailure(
                "--since \(text): no such time; write 2h, 3d, today or \"2026-11-23 17:30\""
            )
        }
        return moment
    }

    static func nothing(in directory: String?) -> String {
        let hint =
            directory == nil && !Host.isRoot
            ? " that you may read: the journal needs root, or the group adm or systemd-journal" : ""
        return "no signals\(hint)\n"
    }
}

/// Shows one signal.
struct SignalsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one signal whole, with the process's ancestry and next steps.",
        discussion: """
            ID is the identity of a signal, or the beginning of one, as 'minewarden signals' lists it.

            Exit status: 0 shown; 1 no signal, or more than one, has this identity; 2 the journal \
            cannot be read.

            Examples:
              minewarden signals show 187b2c4de0a1f3c2
              minewarden signals show --directory /var/log/journal/remote --json 187b2c4de0a1f3c2
            """
    )

    @Flag(help: "Write the signal as a JSON object.")
    var json = false

    @Option(help: ArgumentHelp("Read the journal files in this directory.", valueName: "dir"))
    var directory: String?

    @Argument(help: "The identity of the signal, or its beginning.")
    var id: String

    func validate() throws {
        let isIdentity = (8...32).contains(id.utf8.count) && id.allSatisfy { $0.isHexDigit }
        if !isIdentity || !id.allSatisfy(\.isASCII) {
            throw ValidationError("'\(id)' is no identity of a signal: 8 to 32 hexadecimal digits")
        }
    }

    func run() throws {
        let source = try SignalQuery(directory: directory).open()
        let found = try source.find(id.lowercased())
        guard let signal = found.first else {
            Terminal.complain("no signal \(id) in the journal")
            throw ExitStatus.findings.error
        }
        guard found.count == 1 else {
            Terminal.complain("more than one signal begins with \(id): write more of it")
            throw ExitStatus.findings.error
        }
        if json {
            Terminal.print(signal.jsonLine() + [UInt8(ascii: "\n")])
        } else {
            let offset = Terminal.utcOffsetSeconds(at: signal.time.nanoseconds / 1_000_000_000)
            Terminal.print(SignalPage(signal: signal, utcOffsetSeconds: offset).text)
        }
    }
}
