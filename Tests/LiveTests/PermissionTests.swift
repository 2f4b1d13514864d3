// Who may change what: by the command, and by editing files.

import Glibc
import Testing

@Suite(
    "LiveTests: permissions",
    .serialized,
    .requiresLiveKernel,
    .requiresProgram("/usr/bin/setpriv", "to run commands as other users")
)
struct PermissionTests {
    private let groups: TestGroups

    init() throws { groups = try TestGroups() }

    private func host(
        _ protection: Protection = .monitoring,
        settings: String? = nil,
        launcher: [Bytes] = []
    ) throws -> LiveHost {
        let host = try LiveHost(
            LiveSettings(protection: protection, settings: settings, launcher: launcher)
        )
        chown(host.protectionPath, 0, gid_t(Person.actionsGroup))
        chmod(host.protectionPath, 0o664)
        chown(host.scratch + "/config/rules.d", 0, gid_t(Person.rulesGroup))
        chmod(host.scratch + "/config/rules.d", 0o2775)
        return host
    }

    private func refusals(
        _ host: LiveHost,
        of person: Person,
        atLeast: Int = 1
    ) -> [SignalLine] {
        host.signals(ofKind: "change_refused", atLeast: atLeast).filter {
            $0.json["minewarden", "actor_uid"]?.integer == person.user
        }
    }

    private static let changes: [[String]] = [
        ["protection", "enable"], ["protection", "disable"],
        ["protection", "set", LiveHost.rule, "blocking"],
        ["protection", "set", LiveHost.rule, "monitoring"],
        ["protection", "set", LiveHost.rule, "blocking", "--service", "x"],
        ["protection", "confirm", LiveHost.rule],
    ]

    private func run(_ arguments: [String], _ host: LiveHost, _ person: Person) throws -> Answer {
        let tool = StandIns.daemon.replacing("minewardend", with: "minewarden")
        return try host.run(
            [tool] + arguments + ["--runtime-dir", host.scratch + "/run"],
            by: person
        )
    }

    @Test(arguments: [Person.rulesWriter, .stranger])
    func `changes of protection are refused without rules_actions, and on record`(
        person: Person
    ) throws {
        let host = try host()
        let before = Files.text(at: host.protectionPath)
        for (count, change) in Self.changes.enumerated() {
            let answer = try run(change, host, person)
            #expect(answer.code == 2 && answer.errors.contains("rules_actions"), "\(answer)")
            #expect(answer.errors.contains("minewarden-actions"), "\(answer)")
            let found = refusals(host, of: person, atLeast: count + 1)
            #expect(found.count == count + 1, "\(change)\n\(host.record)")
            let signal = found.last?.json
            #expect(signal?["minewarden", "missing_permission"]?.text == "rules_actions")
            #expect((signal?["minewarden", "actor_pid"]?.integer ?? 0) > 0)
        }
        #expect(Files.text(at: host.protectionPath) == before)
    }

    @Test func `somebody with rules_actions may change protection, but no rules`() throws {
        let host = try host()
        let keeper = Person.actionsKeeper
        let set = try host.minewarden("protection", "set", LiveHost.rule, "blocking", by: keeper)
        #expect(set.code == 0, "\(set)")
        var status = stat()
        #expect(stat(host.protectionPath, &status) == 0)
        #expect(status.st_gid == gid_t(Person.actionsGroup) && status.st_mode & 0o777 == 0o664)
        let deploy = try host.minewarden("deploy", by: keeper)
        #expect(deploy.code == 0, "\(deploy)")
        #expect(try host.start().answer == "EPERM")
        let changed = host.signals(ofKind: "protection_changed").last?.json
        #expect(changed?["minewarden", "actor_user"]?.text == "arno", "\(host.record)")
        #expect(changed?["minewarden", "before"]?.text == "monitoring")
        #expect(changed?["minewarden", "after"]?.text == "blocking everywhere")

        let rule = "rules:\n  - id: new\n    expression: exec.file.name == \"never\"\n"
        try Files.write(rule, to: host.scratch + "/config/rules.d/new.yaml")
        let refused = try host.minewarden("deploy", by: keeper)
        #expect(refused.code == 2 && refused.errors.contains("rules_write"), "\(refused)")
        #expect(refusals(host, of: keeper).count == 1, "\(host.record)")
    }

    @Test func `somebody with rules_write may deploy rules, but no protection`() throws {
        let host = try host()
        let file = host.scratch + "/config/rules.d/new.yaml"
        let text = "rules:\\n  - id: new\\n    expression: exec.file.name == \\\"never\\\"\\n"
        let written = try host.run(
            ["/bin/sh", "-c", "umask 002; printf \"\(text)\" >\(file)"],
            by: .rulesWriter
        )
        #expect(written.code == 0, "\(written)")
        try host.minewarden("protection", "set", LiveHost.rule, "blocking")
        let both = try host.minewarden("deploy", by: .rulesWriter)
        #expect(both.code == 2 && both.errors.contains("--only rules"), "\(both)")
        let own = try host.minewarden("deploy", "--only", "rules", by: .rulesWriter)
        #expect(own.code == 0 && own.output.contains("+ rule new"), "\(own)")
        #expect(try host.start().answer == "ok", "\(host.record)")
        let rest = try host.minewarden("deploy", by: .actionsKeeper)
        #expect(rest.code == 0, "\(rest)")
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `protection cannot be changed through the file without the permission`() throws {
        let host = try host()
        let path = host.protectionPath
        let blocking = "active_protection: true\nrules:\n  \(LiveHost.rule): blocking\n"
        for command in ["echo >>\(path)", "mv \(path) \(path).old", "ln -sf /dev/null \(path)"] {
            let answer = try host.run(["/bin/sh", "-c", command], by: .rulesWriter)
            #expect(answer.code != 0, "\(command): \(answer)")
        }
        // A mistake of the administrator gives the file away.
        try Files.write(blocking, to: path)
        chown(path, uid_t(Person.rulesWriter.user), 0)
        let deploy = try host.minewarden("deploy")
        #expect(deploy.code == 1 && deploy.errors.contains("is not used"), "\(deploy)")
        #expect(refusals(host, of: .rulesWriter).count == 1, "\(host.record)")
        let forced = try host.minewarden("deploy", "--skip-broken")
        #expect(forced.code == 0, "\(forced)")
        #expect(try host.start().answer == "ok", "\(host.record)")
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "ok", "\(host.record)")
        // Owned by those who may, the same file counts.
        chown(path, uid_t(Person.actionsKeeper.user), 0)
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `a blocking rule that changes is monitored until it is confirmed`() throws {
        let host = try host(.blocking)
        #expect(try host.start().answer == "EPERM")
        let file = host.scratch + "/config/rules.d/live.yaml"
        let changed = Files.text(at: file).replacing("*stratum", with: "*ratum")
        try Files.write(changed, to: file)
        let deploy = try host.minewarden("deploy", by: .rulesWriter)
        #expect(deploy.code == 0 && deploy.output.contains("protection confirm"), "\(deploy)")
        let result = try host.start()
        #expect(result.answer == "ok", "\(host.record)")
        let reason = host.signals(about: result.pid).first?.whyMonitored
        #expect(reason == "unconfirmed", "\(host.record)")
        let shown = try host.minewarden("rules", "show", LiveHost.rule, by: .rulesWriter)
        #expect(shown.output.contains("definition has changed"), "\(shown)")

        let own = try host.minewarden("protection", "confirm", LiveHost.rule, by: .rulesWriter)
        #expect(own.code == 2, "\(own)")
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "ok", "a restart must not confirm\n\(host.record)")
        let confirm = try host.minewarden(
            "protection",
            "confirm",
            LiveHost.rule,
            by: .actionsKeeper
        )
        #expect(confirm.code == 0 && confirm.output.contains("*ratum"), "\(confirm)")
        #expect(try host.start().answer == "ok", "not before the deploy\n\(host.record)")
        let change = "protection of \(LiveHost.rule): monitoring, not confirmed -> blocking"
        let waiting = try host.minewarden("status")
        #expect(waiting.output.contains(change), "\(waiting)")
        let confirmed = try host.minewarden("deploy", by: .actionsKeeper)
        #expect(confirmed.code == 0 && confirmed.output.contains(change), "\(confirmed)")
        let told = host.signals(ofKind: "protection_changed").last?.json
        #expect(told?["minewarden", "after"]?.text == "blocking everywhere", "\(host.record)")
        #expect(told?["minewarden", "actor_user"]?.text == "arno", "\(host.record)")
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `a deploy without rules_actions does not let a disarmed rule block again`() throws {
        let host = try host(.blocking, settings: "brake: {executables: 1, period: 1h}\n")
        #expect(try host.start().answer == "EPERM")
        let copy = host.root + "/copy"
        try Files.copy("\(StandIns.directory)/standin-static", to: copy)
        #expect(try host.start("execve", copy).answer == "ok", "\(host.record)")
        let list = try host.minewarden("rules", "list")
        #expect(list.output.contains("Monitoring (disarmed)"), "\(list)")
        let shown = try host.minewarden("rules", "show", LiveHost.rule)
        #expect(shown.output.contains("protection rearm \(LiveHost.rule)"), "\(shown)")
        let status = try host.minewarden("status")
        #expect(status.output.contains("Disarmed: 1 "), "\(status)")

        #expect(try host.minewarden("deploy", by: .rulesWriter).code == 0)
        #expect(try host.start().answer == "ok", "\(host.record)")
        let rule = "rules:\n  - id: new\n    expression: exec.file.name == \"never\"\n"
        try Files.write(rule, to: host.scratch + "/config/rules.d/new.yaml")
        #expect(try host.minewarden("deploy", by: .rulesWriter).code == 0)
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(try host.minewarden("rollback", by: .rulesWriter).code == 0)
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(!host.signals.contains { $0.kind == "rule_rearmed" }, "\(host.record)")

        #expect(try host.minewarden("deploy", "--only", "protection", by: .actionsKeeper).code == 0)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `with the capabilities of the unit, a member's file of protection can be changed`()
        throws
    {
        let unit = Files.text(at: StandIns.checkout + "/packaging/systemd/minewardend.service")
        let line = unit.split(separator: "\n").first { $0.hasPrefix("CapabilityBoundingSet=") }
        let names = try #require(line).split(separator: "=")[1].split(separator: " ")
        let set = names.map { "+" + $0.dropFirst("CAP_".count).lowercased() }
        let host = try host(launcher: [
            "/usr/bin/setpriv", "--bounding-set", Bytes("-all," + set.joined(separator: ",")),
        ])
        chown(host.protectionPath, uid_t(Person.actionsKeeper.user), gid_t(Person.actionsGroup))
        let answer = try host.minewarden("protection", "set", LiveHost.rule, "blocking")
        #expect(answer.code == 0, "\(answer)")
        var status = stat()
        #expect(stat(host.protectionPath, &status) == 0)
        #expect(
            status.st_uid == uid_t(Person.actionsKeeper.user) && status.st_mode & 0o777 == 0o664
        )
        #expect(try host.minewarden("deploy").code == 0)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `rules are checked by whoever may write them, without what is blocked`() throws {
        let host = try host()
        chmod(host.protectionPath, 0o660)
        try Files.write("rules: []\n", to: host.scratch + "/config/rules.d/mistaken.yml")
        let tool = StandIns.daemon.replacing("minewardend", with: "minewarden")
        let check = [tool, "check", host.scratch + "/config"]
        let answer = try host.run(check, by: .rulesWriter)
        #expect(answer.code == 0 && answer.errors.contains("not checked: "), "\(answer)")
        #expect(answer.errors.contains("mistaken.yml is not read"), "\(answer)")
        let named = try host.run(
            [tool, "check", host.scratch + "/config/rules.d", host.protectionPath],
            by: .rulesWriter
        )
        #expect(named.code == 2 && named.errors.contains("cannot read"), "\(named)")
        let deploy = try host.minewarden("deploy", by: .rulesWriter)
        #expect(deploy.code == 0 && deploy.errors.contains("mistaken.yml is not read"), "\(deploy)")
    }

    @Test func `others see the status and nothing else`() throws {
        let host = try host()
        let status = try host.minewarden("status", by: .stranger)
        #expect(status.code == 0 && !status.output.contains(LiveHost.rule), "\(status)")
        for request in [
            ["rules"], ["rules", "show", LiveHost.rule], ["generations"], ["deploy"], ["rollback"],
            ["rollback", "7"],
        ] {
            let answer = try run(request, host, .stranger)
            #expect(answer.code == 2 && answer.errors.contains("rules_write"), "\(answer)")
        }
    }
}
