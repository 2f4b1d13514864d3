// Active Protection from the command line: from monitoring to blocking in one service, and back.

import Glibc
import Testing

@Suite("LiveTests: protection", .serialized, .requiresLiveKernel)
struct ProtectionTests {
    /// A host on which nobody has set anything.
    private func plainHost() throws -> LiveHost {
        try LiveHost(LiveSettings(protectionFile: "# Ask the platform team first.\nrules: {}\n"))
    }

    private func answer(_ host: LiveHost, in service: String) throws -> String {
        try host.start(environment: [Bytes("DD_SERVICE=\(service)")]).answer
    }

    @Test func `a rule goes from monitoring to blocking in one service, and back`() throws {
        let host = try plainHost()
        let rule = LiveHost.rule
        #expect(try answer(host, in: "api") == "ok")

        // Enabling alone changes no rule, and nothing counts before it is deployed.
        #expect(try host.minewarden("protection", "enable").code == 0)
        #expect(try host.minewarden("status").output.contains("Active Protection: disabled"))
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.minewarden("status").output.contains("Active Protection: enabled"))
        #expect(try answer(host, in: "api") == "ok")

        let set = try host.minewarden("protection", "set", rule, "blocking", "--service", "a*")
        #expect(set.code == 0 && set.output.contains("run 'minewarden deploy'"), "\(set)")
        let waiting = try host.minewarden("status")
        let change = "~ protection of \(rule): monitoring -> blocking where"
        #expect(waiting.output.contains(change), "\(waiting)")
        #expect(try answer(host, in: "api") == "ok")
        let dry = try host.minewarden("deploy", "--dry-run")
        #expect(dry.output.contains(change) && dry.output.contains("dry run"), "\(dry)")
        #expect(try answer(host, in: "api") == "ok")
        #expect(try host.minewarden("deploy").code == 0)

        #expect(try answer(host, in: "api") == "EPERM", "\(host.record)")
        let outside = try host.start(environment: ["DD_SERVICE=web"])
        #expect(outside.answer == "ok")
        let signal = host.signals(of: rule, about: outside.pid).first
        #expect(signal?.whyMonitored == "out-of-scope", "\(host.record)")
        let shown = try host.minewarden("rules", "show", rule)
        #expect(shown.output.contains("process.envp in [\"DD_SERVICE=a*\"]"), "\(shown)")
        #expect(shown.output.contains("Protection: Blocking"), "\(shown)")
        let matches = "Matches: 5 monitored, 1 denied, 0 killed, the last at "
        #expect(shown.output.contains(matches), "\(shown)")

        #expect(try host.minewarden("protection", "disable").code == 0)
        #expect(try host.minewarden("deploy").code == 0)
        for service in ["api", "web"] {
            let result = try host.start(environment: [Bytes("DD_SERVICE=\(service)")])
            #expect(result.answer == "ok")
            let reason = host.signals(of: rule, about: result.pid).first?.whyMonitored
            #expect(reason == "active-protection-off", "\(host.record)")
        }
        let text = Files.text(at: host.protectionPath)
        #expect(text.hasPrefix("# Ask the platform team first.\n"), "\(text)")
        let changes = host.signals(ofKind: "protection_changed", atLeast: 3)
        #expect(changes.count == 3, "\(host.record)")
        let states = changes.map { $0.json["minewarden", "active_protection"]?.text }
        #expect(states == ["enabled", "enabled", "disabled"], "\(host.record)")
    }

    @Test func `a disabled rule is not evaluated`() throws {
        let host = try plainHost()
        try host.minewarden("protection", "set", LiveHost.rule, "disabled")
        #expect(try host.minewarden("deploy").code == 0)
        let result = try host.start()
        #expect(result.answer == "ok")
        #expect(host.signals(about: result.pid, atLeast: 0).isEmpty, "\(host.record)")
        let list = try host.minewarden("rules", "list")
        #expect(list.output.contains("Disabled"), "\(list)")
    }

    @Test func `what cannot be is refused with a reason`() throws {
        let quiet = "rules:\n  - id: quiet\n    expression: exec.file.name == \"never\"\n"
        let host = try LiveHost(LiveSettings(ruleFiles: ["quiet.yaml": quiet]))
        let before = Files.text(at: host.protectionPath)
        let unavailable = try host.minewarden("protection", "set", "quiet", "blocking")
        #expect(unavailable.code == 2)
        #expect(unavailable.errors.contains("rules with a kill action"), "\(unavailable)")
        let unknown = try host.minewarden("protection", "set", "live_arg", "blocking")
        #expect(unknown.code == 2 && unknown.errors.contains("did you mean"), "\(unknown)")
        for name in ["", ": x", "a\nb"] {
            let odd = try host.minewarden("protection", "set", name, "blocking")
            #expect(odd.code == 2 && odd.errors.contains("there is no rule"), "\(odd)")
        }
        let tag = try host.minewarden(
            "protection",
            "set",
            LiveHost.rule,
            "blocking",
            "--tag",
            "short_image"
        )
        #expect(tag.code == 2 && tag.errors.contains("name:value"), "\(tag)")
        #expect(Files.text(at: host.protectionPath) == before)
    }

    @Test func `a broken rule refuses a deploy and leaves what is active`() throws {
        let host = try LiveHost()
        let bad = host.scratch + "/config/rules.d/bad.yaml"
        try Files.write("rules:\n  - id: bad\n    expression: exec.file.name ==\n", to: bad)
        let refused = try host.minewarden("deploy")
        #expect(refused.code == 1 && refused.errors.contains("bad.yaml:3:"), "\(refused)")
        #expect(try host.minewarden("status").output.contains("generation 1"))
        #expect(try host.start().answer == "EPERM")
        let forced = try host.minewarden("deploy", "--skip-broken")
        #expect(forced.code == 0, "\(forced)")
        #expect(try host.minewarden("status").output.contains("generation 2"))
        #expect(try host.start().answer == "EPERM")
    }

    @Test func `a link to the settings is not replaced by a file`() throws {
        let host = try LiveHost()
        let managed = host.scratch + "/managed.yaml"
        try #require(rename(host.protectionPath, managed) == 0)
        try #require(symlink(managed, host.protectionPath) == 0)
        #expect(try host.minewarden("deploy").output.contains("Nothing to deploy"))
        let set = try host.minewarden("protection", "set", LiveHost.rule, "monitoring")
        #expect(set.code == 2 && set.errors.contains("symbolic link"), "\(set)")
        var status = stat()
        #expect(lstat(host.protectionPath, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func `leaving out what is broken does not leave out all protection`() throws {
        let host = try LiveHost()
        let good = Files.text(at: host.protectionPath)
        try Files.write(good + " bad: [\n", to: host.protectionPath)
        #expect(try host.minewarden("deploy").code == 1)
        let forced = try host.minewarden("deploy", "--skip-broken")
        #expect(forced.code == 0 && forced.errors.contains("protection.yaml:"), "\(forced)")
        #expect(!forced.output.contains("Active Protection"), "\(forced)")
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `changed settings of the agent wait to be deployed, and are told of`() throws {
        let host = try LiveHost(LiveSettings(settings: "late: allow\n"))
        let path = host.scratch + "/config/minewarden.yaml"
        #expect(try !host.minewarden("status").output.contains("Not deployed"))
        try Files.write("late: maybe\n", to: path)
        #expect(try host.minewarden("status").output.contains("Broken: 1 error"))
        try Files.write("late: allow\nunreadable: allow\n", to: path)
        let waiting = try host.minewarden("status")
        #expect(waiting.output.contains("~ settings of minewarden.yaml"), "\(waiting)")
        #expect(!waiting.output.contains("Broken"), "\(waiting)")
        let dry = try host.minewarden("deploy", "--dry-run")
        #expect(dry.output.contains("~ settings of minewarden.yaml"), "\(dry)")
        let deploy = try host.minewarden("deploy")
        #expect(deploy.output.contains("~ settings of minewarden.yaml"), "\(deploy)")
        #expect(try host.minewarden("deploy").output.contains("Nothing to deploy"))
        #expect(try !host.minewarden("status").output.contains("Not deployed"))
    }

    @Test func `the status says what is deployed, since when, and how rules are protected`() throws
    {
        let host = try LiveHost()
        let status = try host.minewarden("status")
        #expect(status.output.contains("2 blocking, 0 monitoring, 0 that can only detect"))
        #expect(status.output.contains("\nDeployed: 20"), "\(status)")
        let bad = host.scratch + "/config/rules.d/bad.yaml"
        try Files.write("rules:\n  - id: bad\n    expression: exec.file.name ==\n", to: bad)
        #expect(try host.minewarden("deploy", "--skip-broken").code == 0)
        // What is active has errors itself.
        #expect(try host.minewarden("status").output.contains("Broken: 1 error"))
    }

    @Test func `a rollback holds, also over a restart, until files are edited again`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        try host.minewarden("protection", "set", LiveHost.rule, "blocking")
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.start().answer == "EPERM")
        let back = try host.minewarden("rollback")
        #expect(back.code == 0 && back.output.contains("Generation 1"), "\(back)")
        #expect(try host.start().answer == "ok")
        #expect(!host.signals(ofKind: "rules_rolled_back").isEmpty, "\(host.record)")
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
        let list = try host.minewarden("generations")
        #expect(list.output.contains("*  3"), "\(list)")
    }

    @Test func `a damaged generation is not taken for whole, and that is told`() throws {
        let host = try LiveHost()
        #expect(try host.minewarden("protection", "disable").code == 0)
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.minewarden("rollback").code == 0)
        #expect(try host.start().answer == "EPERM")
        _ = try host.stop()
        try Files.write("", to: host.scratch + "/state/generations/1/protection.yaml")
        try host.restart()
        #expect(try host.minewarden("status").output.contains("in generation 2,"))
        let told = host.signals(ofKind: "degraded").first?.json
        let missing = told?["minewarden", "missing"]?.text ?? ""
        #expect(missing.contains("generation is damaged"), "\(host.record)")
        _ = try host.stop()
        try host.restart()
        #expect(try host.minewarden("status").output.contains("in generation 2,"))
    }

    @Test func `a restart deploys what was edited, a replaced process does not`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        try host.minewarden("protection", "set", LiveHost.rule, "blocking")
        kill(try host.worker, SIGKILL)
        #expect(host.waitUntil(.seconds(10)) { host.signals.contains { $0.kind == "gap" } })
        host.waitUntil(.seconds(10)) { (try? host.minewarden("status").code) == 0 }
        #expect(try host.start().answer == "ok", "\(host.record)")
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `one whole generation is found whatever step the daemon is killed at`() throws {
        var outcomes: Set<String> = []
        for step in 1...100 {
            let host = try LiveHost(LiveSettings(protection: .monitoring))
            try host.minewarden("protection", "set", LiveHost.rule, "blocking")
            _ = try host.stop()
            try host.restart(launcher: ["/usr/bin/env", Bytes("MINEWARDEN_DIE_AT_STEP=\(step)")])
            let answer = try host.start().answer
            let status = try host.minewarden("status")
            let isNew = status.output.contains("in generation 2,")
            #expect(isNew || status.output.contains("in generation 1,"), "\(step): \(status)")
            #expect(answer == (isNew ? "EPERM" : "ok"), "\(step): \(status)\(host.record)")
            outcomes.insert(answer)
            guard host.signals.contains(where: { $0.kind == "gap" }) else {
                #expect(step > 12, "only \(step) steps: \(host.record)")
                break
            }
        }
        #expect(outcomes == ["ok", "EPERM"])
    }
}
