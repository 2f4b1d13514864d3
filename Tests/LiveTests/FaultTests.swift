// A host that lacks something: one clear line, and what still works goes on working.

import Glibc
import Testing

@Suite("LiveTests: faults", .serialized, .requiresLiveKernel)
struct FaultTests {
    @Test(.requiresProgram("/usr/bin/setpriv", "to drop a capability"))
    func `without CAP_SYS_ADMIN it says so and kills what it cannot hold`() throws {
        let host = try LiveHost(
            LiveSettings(launcher: [
                "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--",
            ])
        )
        expectOneLine(host, naming: "CAP_SYS_ADMIN")
        let result = try host.start(environment: ["MW_SLEEP=3000"])
        #expect(result.end == "signal:9", "\(result)\n\(host.record)")
        let signals = host.signals(about: result.pid)
        #expect(signals.map(\.outcome) == ["killed"], "\(host.record)")
    }

    @Test func `outside the initial network namespace it says so and still denies`() throws {
        let host = try LiveHost(LiveSettings(launcher: ["unshare", "-n", "--"]))
        expectOneLine(host, naming: "network namespace")
        let result = try host.start()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(host.signals(about: result.pid).map(\.outcome) == ["denied"], "\(host.record)")
    }

    /// Since Linux 6.6 the process events are open to everybody, so the daemon may have something
    /// left to do; before, it has nothing and ends.
    @Test(.requiresProgram("/usr/bin/setpriv", "to drop capabilities"))
    func `without any capability it holds nothing and says so`() throws {
        let host = try LiveHost(
            LiveSettings(
                launcher: ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"],
                awaitStart: false
            )
        )
        host.waitUntil(.seconds(5)) {
            !host.daemon.isRunning || host.signals.contains { $0.isStarted }
        }
        expectOneLine(host, naming: "CAP_SYS_ADMIN")
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(try host.daemon.isRunning || host.daemon.wait(upTo: .seconds(1)) == 1)
    }

    @Test func `a broken rule file is reported with its place and the others load`() throws {
        let broken = """
            rules:
              - id: broken_field
                expression: exec.pathh == "/x"
              - id: sound_neighbour
                expression: exec.args =~ "*neighbour-@TOKEN@*"
                actions:
                  - kill:
                      signal: SIGKILL

            """
        let host = try LiveHost(
            LiveSettings(ruleFiles: ["bad.yaml": broken], protectedRules: ["sound_neighbour"])
        )
        #expect(host.daemon.errorOutput.contains("bad.yaml:3:"), "\(host.record)")
        #expect(host.daemon.errorOutput.contains("exec.pathh"), "\(host.record)")
        #expect(!host.signals(ofKind: "rules_refused").isEmpty, "\(host.record)")
        #expect(try host.start().answer == "EPERM")
        let path = host.root + "/standin-static"
        let neighbour = try host.start(
            arguments: [Bytes(path), Bytes("neighbour-\(host.token)")])
        #expect(neighbour.answer == "EPERM", "\(neighbour)\n\(host.record)")
    }

    @Test(arguments: ["rules: [", "\u{0}", "- just\n- a list\n", ""])
    func `a file that is no policy does not take down the others`(content: String) throws {
        let host = try LiveHost(LiveSettings(ruleFiles: ["bad.yaml": content]))
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `SIGHUP takes new protection into use`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        #expect(try host.start().answer == "ok")
        let file = host.scratch + "/config/protection.yaml"
        let text = Files.text(at: file).replacing("monitoring", with: "blocking")
        try Files.write(text, to: file)
        let loads = { host.signals.count { $0.kind == "rules_loaded" } }
        let before = loads()
        host.daemon.kill(SIGHUP)
        host.waitUntil(.seconds(3)) { loads() > before }
        let result = try host.start()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
    }

    @Test func `a broken file at SIGHUP leaves the active rules in place`() throws {
        let host = try LiveHost()
        let refused = { host.signals.count { $0.kind == "rules_refused" } }
        let before = refused()
        try Files.write("rules: [", to: host.scratch + "/config/rules.d/live.yaml")
        host.daemon.kill(SIGHUP)
        #expect(host.waitUntil(.seconds(3)) { refused() > before }, "\(host.record)")
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test(arguments: [["--no-such-option"], ["--watch"], ["--output", "paper"]])
    func `a wrong command line is refused with one line`(arguments: [String]) throws {
        let command = [Bytes(StandIns.daemon)] + arguments.map { Bytes($0) }
        let child = try Child(command, scratch: StandIns.scratch)
        #expect(try child.wait(upTo: .seconds(5)) == 2)
        #expect(child.errorOutput.split(separator: "\n").count <= 2, "\(child.errorOutput)")
        #expect(!child.errorOutput.isEmpty)
    }

    /// Exactly one line of the daemon's standard error names what is missing.
    private func expectOneLine(_ host: LiveHost, naming what: String) {
        let lines = host.daemon.errorOutput.split(separator: "\n")
        #expect(lines.count { $0.contains(what) } == 1, "\(host.record)")
    }
}
