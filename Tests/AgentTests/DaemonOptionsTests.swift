// The daemon's command line.

import Signals
import Testing

@testable import Agent

struct `Daemon options` {
    @Test func `have the places of the package when nothing is said`() {
        #expect(DaemonOptions.parse([]) == .run(DaemonOptions()))
    }

    @Test func `take values behind a blank or an equals sign`() {
        var expected = DaemonOptions()
        expected.configurationDirectory = "/c"
        expected.rulesDirectory = "/r=1"
        expected.stateDirectory = "/s"
        expected.runtimeDirectory = "/run"
        expected.watchedPaths = ["/a", "/b"]
        expected.output = "console"
        expected.journalSocket = "/j"
        let parsed = DaemonOptions.parse([
            "--config-dir", "/c", "--rules-dir=/r=1", "--state-dir=/s", "--runtime-dir", "/run",
            "--watch", "/a", "--watch=/b", "--output=console", "--journal-socket", "/j",
        ])
        #expect(parsed == .run(expected))
    }

    @Test(arguments: ["journal", "json", "console"])
    func `know the kinds of output`(kind: String) {
        guard case .run(let options) = DaemonOptions.parse(["--output", kind]) else {
            Issue.record("refused")
            return
        }
        #expect(options.output == kind)
    }

    @Test(arguments: [
        (["--wach", "/x"], "--wach"), (["/x"], "/x"), (["--watch"], "--watch"),
        (["--watch="], "--watch"), (["--watch", ""], "--watch"), (["--output", "xml"], "xml"),
        (["-x"], "-x"), ([""], "''"), (["--state-dir", "/s", "more"], "more"),
    ])
    func `that are wrong are named`(arguments: [String], named: String) {
        guard case .wrong(let message) = DaemonOptions.parse(arguments) else {
            Issue.record("accepted")
            return
        }
        #expect(message.contains(named))
    }

    @Test(arguments: [["--help"], ["-h"], ["--watch", "/x", "--help"]])
    func `print a help that names every option`(arguments: [String]) {
        guard case .print(let help) = DaemonOptions.parse(arguments) else {
            Issue.record("no help")
            return
        }
        for name in [
            "--config-dir", "--rules-dir", "--state-dir", "--runtime-dir", "--watch", "--output",
            "--journal-socket", "--version",
        ] {
            #expect(help.contains(name), "\(name)")
        }
    }

    @Test func `print the version`() {
        #expect(DaemonOptions.parse(["--version"]) == .print("minewardend \(Version.text)\n"))
    }
}
