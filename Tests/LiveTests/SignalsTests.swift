// `minewarden signals` on a real journal that a real daemon has written to.

import Glibc
import Testing

@Suite("LiveTests: signals", .serialized, .requiresLiveKernel, .requiresJournald)
struct SignalsTests {
    private static let directory = "/run/log/journal"

    @Test func `lists what was denied and monitored, and shows one whole`() throws {
        let journald = try Journald(scratch: StandIns.scratch)
        defer { withExtendedLifetime(journald) {} }
        let host = try LiveHost(LiveSettings(output: "journal", awaitStart: false))
        try host.awaitList("started")
        let odd = Bytes(Array("--x\u{1b}[31m\n".utf8))
        let path = host.root + "/standin-static"
        let denied = try host.start(
            arguments: [Bytes("xmrig"), host.minerArgument, odd],
            environment: ["DD_SERVICE=api"]
        )
        #expect(denied.answer == "EPERM", "\(denied)")
        let list = try host.awaitList("denied")
        let line = try #require(list.split(separator: "\n").first { $0.contains("denied") })
        let words = line.split(separator: " ").map(String.init)
        #expect(
            Array(words[2...6]) == ["denied", "standin-static", LiveHost.rule, "api", "root"],
            "\(line)"
        )
        #expect(!list.contains("\u{1b}"))

        let id = try #require(words.last)
        let page = try host.signalsCommand(["show", Bytes(id)])
        #expect(page.code == 0, "\(page)")
        for part in [
            "SECURITY RESPONSE: The malicious process standin-static has automatically been killed.",
            "It was denied before it ran.", "Next steps", "Active Protection enabled",
            "Ancestry, the oldest first", "starter", path, #"--x\x1b[31m\n"#,
            "minewarden rules show \(LiveHost.rule)",
        ] {
            #expect(page.output.contains(part), "\(part)\n\(page.output)")
        }
        #expect(!page.output.contains("\u{1b}"))
    }

    @Test func `filters by outcome, rule and time, and writes JSON`() throws {
        let journald = try Journald(scratch: StandIns.scratch)
        defer { withExtendedLifetime(journald) {} }
        let host = try LiveHost(
            LiveSettings(protection: .monitoring, output: "journal", awaitStart: false)
        )
        try host.awaitList("started")
        let result = try host.start()
        #expect(result.answer == "ok")
        try host.awaitList("monitored")
        #expect(try host.signalsCommand(["--blocked"]).output.isEmpty)
        #expect(try host.signalsCommand(["--rule", "no_such_rule"]).output.isEmpty)
        #expect(try host.signalsCommand(["--since", "2037-01-01"]).output.isEmpty)
        let recent = try host.signalsCommand(["--since", "1h", "--rule", Bytes(LiveHost.rule)])
        #expect(recent.output.split(separator: "\n").count == 2, "\(recent)")
        let json = try host.signalsCommand(["--json", "--rule", Bytes(LiveHost.rule)])
        let value = try #require(JSONValue.parse(json.output), "\(json)")
        #expect(value["minewarden", "outcome"]?.text == "monitored")
        #expect(value["minewarden", "pid"]?.integer == Int(result.pid))
        #expect(value["process", "pid"]?.integer == Int(result.pid))
        #expect(try host.signalsCommand(["show", "ffffffffffffffff"]).code == 1)
        #expect(try host.signalsCommand(["show", "nonsense"]).code == 2)
    }

    @Test func `does not believe what another user writes to the journal`() throws {
        let journald = try Journald(scratch: StandIns.scratch)
        defer { withExtendedLifetime(journald) {} }
        let host = try LiveHost(LiveSettings(output: "journal", awaitStart: false))
        try host.awaitList("started")
        for user in ["0", "65534"] {
            let forged = """
                MESSAGE=forged by \(user)
                MESSAGE_ID=f471115cea0d479ba68afa578c8b3533
                SYSLOG_IDENTIFIER=minewarden
                MINEWARDEN_ID=ffffffffffffffff000000000000000\(user.first ?? "0")
                MINEWARDEN_KIND=threat_denied
                MINEWARDEN_OUTCOME=denied
                MINEWARDEN_THREAT=forged-\(user)

                """
            let logger = try Child(
                ["setpriv", "--reuid", Bytes(user), "logger", "--journald"],
                input: Array(forged.utf8),
                scratch: StandIns.scratch
            )
            try #require(try logger.wait(upTo: .seconds(5)) == 0, "\(logger.errorOutput)")
        }
        let list = try host.awaitList("forged-0")
        #expect(!list.contains("forged-65534"), "\(list)")
    }

    @Test func `follows what comes`() throws {
        let journald = try Journald(scratch: StandIns.scratch)
        defer { withExtendedLifetime(journald) {} }
        let host = try LiveHost(LiveSettings(output: "journal", awaitStart: false))
        try host.awaitList("started")
        let follower = try Child(
            host.command(["--follow", "--lines", "0", "--blocked"]),
            scratch: StandIns.scratch
        )
        usleep(500_000)
        for number in 1...3 {
            #expect(try host.start().answer == "EPERM")
            let isThere = host.waitUntil(.seconds(5)) {
                follower.output.split(separator: "\n").count { $0.contains("denied") } == number
            }
            #expect(isThere, "\(follower.output)")
        }
        #expect(follower.isRunning)
    }

    @Test func `a directory that is none is an error`() throws {
        let child = try Child(
            [Bytes(LiveHost.tool), "signals", "--directory", "/no/such/directory"],
            scratch: StandIns.scratch
        )
        #expect(try child.wait(upTo: .seconds(5)) == 2)
        #expect(child.errorOutput.contains("/no/such/directory"), "\(child.errorOutput)")
    }
}

extension LiveHost {
    /// The command line tool beside the daemon.
    static var tool: String {
        StandIns.daemon.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
            + "/minewarden"
    }

    fileprivate func command(_ arguments: [Bytes]) -> [Bytes] {
        let place: [Bytes] = ["--directory", "/run/log/journal"]
        let isShow = arguments.first == "show"
        return [Bytes(Self.tool), "signals"]
            + (isShow ? ["show"] + place + arguments.dropFirst() : place + arguments)
    }

    fileprivate func signalsCommand(
        _ arguments: [Bytes]
    ) throws -> (code: Int, output: String, errors: String) {
        let child = try Child(command(arguments), scratch: StandIns.scratch)
        let code = try child.wait(upTo: .seconds(10))
        return (code, child.output, child.errorOutput)
    }

    /// The list, once it has a word in it.
    @discardableResult
    fileprivate func awaitList(_ word: String) throws -> String {
        for _ in 0..<100 {
            let list = try signalsCommand([]).output
            if list.contains(word) { return list }
            usleep(100_000)
        }
        throw LiveError("no \(word) in the journal\n\(record)")
    }
}
