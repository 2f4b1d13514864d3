// How far a response goes: the brake, the programs that are never blocked, whole control groups.

import Glibc
import Testing

@Suite("LiveTests: responses", .serialized, .requiresLiveKernel)
struct ResponseTests {
    @Test func `a rule that blocks too many programs is disarmed and armed again by a reload`()
        throws
    {
        let host = try LiveHost(LiveSettings(settings: "brake: {executables: 3, period: 1h}\n"))
        func start(_ number: Int) throws -> StartResult {
            let path = "\(host.root)/copy-\(number)"
            try Files.copy("\(StandIns.directory)/standin-static", to: path)
            return try host.start("execve", path)
        }
        for number in 0..<3 { #expect(try start(number).answer == "EPERM", "\(host.record)") }
        // The same again is nothing new.
        #expect(try start(0).answer == "EPERM", "\(host.record)")
        let fourth = try start(3)
        #expect(fourth.answer == "ok", "\(fourth)\n\(host.record)")
        let signal = host.signals(about: fourth.pid).first
        #expect(signal?.whyMonitored == "disarmed", "\(host.record)")
        #expect(try start(0).answer == "ok", "disarmed is disarmed\n\(host.record)")
        let disarmed = host.signals(ofKind: "rule_disarmed")
        #expect(disarmed.count == 1, "\(host.record)")
        #expect(disarmed.first?.json["minewarden", "rule_id"]?.text == LiveHost.rule)
        // By hand, at once; disarmed again, by a deploy.
        let rearm = try host.minewarden("protection", "rearm", LiveHost.rule)
        #expect(rearm.code == 0, "\(rearm)")
        #expect(try start(0).answer == "EPERM", "\(host.record)")
        #expect(try host.minewarden("protection", "rearm", LiveHost.rule).code != 0)
        for number in 1...3 { _ = try start(number) }
        #expect(try start(0).answer == "ok", "\(host.record)")
        try host.reload()
        let rearmed = host.signals(ofKind: "rule_rearmed", atLeast: 2)
        #expect(rearmed.count == 2, "\(host.record)")
        #expect(rearmed.first?.json["minewarden", "actor_uid"]?.integer == 0, "\(host.record)")
        #expect(try start(0).answer == "EPERM", "\(host.record)")
    }

    /// The regression: a worker that was replaced, or the service that was restarted, blocked again.
    @Test func `what the brake has disarmed stays so until somebody rearms it`() throws {
        let host = try LiveHost(LiveSettings(settings: "brake: {executables: 1, period: 1h}\n"))
        #expect(try host.start().answer == "EPERM")
        let copy = host.root + "/copy"
        try Files.copy("\(StandIns.directory)/standin-static", to: copy)
        #expect(try host.start("execve", copy).answer == "ok", "\(host.record)")
        let kept = host.scratch + "/state/disarmed.json"
        let isKept = host.waitUntil(.seconds(5)) {
            Files.text(at: kept) == "[\"\(LiveHost.rule)\"]\n"
        }
        #expect(isKept, "\(Files.text(at: kept))\n\(host.record)")

        kill(try host.worker, SIGKILL)
        #expect(!host.signals(ofKind: "started", atLeast: 2).isEmpty)
        #expect(host.waitUntil(.seconds(10)) { (try? host.minewarden("status").code) == 0 })
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(host.daemon.errorOutput.contains("protection rearm \(LiveHost.rule)"))
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "ok", "\(host.record)")
        #expect(try host.minewarden("status").output.contains("Disarmed: 1 "))

        #expect(try host.minewarden("protection", "rearm", LiveHost.rule).code == 0)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
        #expect(host.waitUntil(.seconds(5)) { Files.text(at: kept) == "[]\n" })
        _ = try host.stop()
        try host.restart()
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `a program that the host cannot do without is never denied, one of its name is`()
        throws
    {
        let host = try LiveHost()
        let place = "/usr/lib/apt"
        let own = host.root + "/apt"
        try Files.makeDirectory(own)
        // In this namespace only: a directory of a protected program, on the watched filesystem.
        try #require(mount(own, place, nil, UInt(MS_BIND), nil) == 0, "bind \(place): \(errno)")
        defer { umount2(place, CInt(MNT_DETACH)) }
        try Files.copy("\(StandIns.directory)/standin-static", to: place + "/tool")
        func start(_ path: String) throws -> StartResult { try host.start("execve", path) }

        let real = try start(place + "/tool")
        #expect(real.answer == "ok", "\(real)\n\(host.record)")
        let signal = host.signals(about: real.pid).first
        #expect(signal?.whyMonitored == "protected-program", "\(host.record)")

        try Files.copy("\(StandIns.directory)/standin-static", to: host.root + "/sudo")
        #expect(try start(host.root + "/sudo").answer == "EPERM", "\(host.record)")
        // Somebody else's file in the right place, and root's that others may write.
        chown(place + "/tool", 65534, 65534)
        #expect(try start(place + "/tool").answer == "EPERM", "\(host.record)")
        chown(place + "/tool", 0, 0)
        chmod(place + "/tool", 0o757)
        #expect(try start(place + "/tool").answer == "EPERM", "\(host.record)")
    }

    @Test func `the same path in a chroot is another file and is denied`() throws {
        let host = try LiveHost()
        for name in ["/jail", "/jail/usr", "/jail/usr/bin"] {
            try Files.makeDirectory(host.root + name)
        }
        let jail = host.root + "/jail"
        try Files.copy("\(StandIns.directory)/standin-static", to: jail + "/usr/bin/dpkg")
        try Files.copy("\(StandIns.directory)/starter-static", to: jail + "/starter")
        let start = try host.launch(
            ["/starter", "execve"],
            "/usr/bin/dpkg",
            arguments: ["dpkg", host.minerArgument],
            launcher: ["chroot", Bytes(jail)]
        )
        let result = try start.finish()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
    }

    // MARK: - Control groups

    @Test(.requiresWritableCgroups, arguments: ControlGroupRoot.allCases)
    func `a denied miner takes its whole container with it`(root: ControlGroupRoot) throws {
        guard root.exists else { return }
        let host = try scopedHost("container")
        let group = try TestGroup(root, container: host.token)
        let neighbour = try group.start(host.root + "/standin-static", on: host)
        try group.startMiner(on: host)
        #expect(try neighbour.wait(upTo: .seconds(5)) == 128 + 9, "\(host.record)")
        let signal = try #require(host.signals(of: "scoped").first, "\(host.record)")
        #expect(signal.outcome == "denied", "\(host.record)")
        let message = signal.json["minewarden", "message"]?.text ?? ""
        #expect(message.contains("denied before it ran; its whole container was killed ("))
        #expect(signal.json["minewarden", "kill_scope"]?.text == "container")
        #expect(signal.json["minewarden", "kill_status"]?.text == "performed", "\(host.record)")
    }

    @Test func `what runs already gets the signal that its rule names`() throws {
        // Not SIGTERM: whoever runs the tests may block it, and so would what they start.
        let host = try scopedHost("process", signal: "SIGABRT")
        let path = host.root + "/standin-static"
        let result = try host.start(
            "memfd",
            arguments: [Bytes(path), Bytes("scoped-\(host.token)")],
            environment: ["MW_SLEEP=5000"]
        )
        #expect(result.end == "signal:6", "\(result)\n\(host.record)")
        let signal = try #require(host.signals(of: "scoped").first, "\(host.record)")
        #expect(signal.outcome == "killed", "\(host.record)")
        #expect(signal.json["minewarden", "kill_signal"]?.text == "SIGABRT")
    }

    @Test(.requiresWritableCgroups)
    func `a miner that had started takes its whole container with it`() throws {
        guard ControlGroupRoot.unified.exists else { return }
        let host = try scopedHost("container")
        let group = try TestGroup(.unified, container: host.token)
        let neighbour = try group.start(host.root + "/standin-static", on: host)
        try group.startMiner(on: host, kind: "memfd")
        #expect(try neighbour.wait(upTo: .seconds(5)) == 128 + 9, "\(host.record)")
        let signal = try #require(host.signals(of: "scoped").first, "\(host.record)")
        #expect(signal.outcome == "killed", "\(host.record)")
        let message = signal.json["minewarden", "message"]?.text ?? ""
        #expect(message.contains("; its whole container was killed ("), "\(message)")
    }

    @Test(.requiresWritableCgroups, arguments: ["container", "cgroup"])
    func `a group with a program that is not ours to kill is left alone`(scope: String) throws {
        guard ControlGroupRoot.unified.exists else { return }
        let host = try scopedHost(scope)
        let group = try TestGroup(.unified, container: host.token)
        let neighbour = try group.start(host.root + "/standin-static", on: host)
        let foreign = try group.start("/bin/sleep", on: host, arguments: ["3"])
        try group.startMiner(on: host)
        let signal = try #require(host.signals(of: "scoped").first, "\(host.record)")
        #expect(signal.outcome == "denied", "\(host.record)")
        let message = signal.json["minewarden", "message"]?.text ?? ""
        #expect(message.contains("was not killed: process \(foreign.pid) in it runs"), "\(message)")
        #expect(neighbour.isRunning && foreign.isRunning)
    }

    private func scopedHost(_ scope: String, signal: String = "SIGKILL") throws -> LiveHost {
        let rules = """
            rules:
              - id: scoped
                expression: exec.args == "scoped-@TOKEN@"
                actions: [{kill: {signal: \(signal), scope: \(scope)}}]

            """
        return try LiveHost(
            LiveSettings(ruleFiles: ["scoped.yaml": rules], protectedRules: ["scoped"])
        )
    }
}

/// Where groups can be: with the kernel's own kill, with a freezer, with neither.
enum ControlGroupRoot: String, CaseIterable, Sendable {
    case unified, freezer, pids

    var path: String {
        self == .unified && !Files.exists("/sys/fs/cgroup/unified")
            ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(rawValue)"
    }

    var exists: Bool { Files.exists(path + "/cgroup.procs") }
}

/// A control group that looks like a container's; removed with the value.
private final class TestGroup {
    private let path: String

    init(_ root: ControlGroupRoot, container token: String) throws {
        let id = (0..<64).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        path = "\(root.path)/minewarden-\(token)-\(id)"
        try Files.makeDirectory(path)
    }

    deinit {
        for _ in 0..<200 where rmdir(path) != 0 { usleep(10_000) }
    }

    private func launcher() -> [Bytes] {
        ["/bin/sh", "-c", Bytes("echo $$ >'\(path)/cgroup.procs' && exec \"$@\""), "sh"]
    }

    /// Starts a program that stays in the group.
    func start(_ program: String, on host: LiveHost, arguments: [Bytes] = []) throws -> Child {
        let child = try Child(
            launcher() + [Bytes(program)] + arguments,
            environment: Child.plainEnvironment + ["MW_SLEEP=8000"],
            scratch: host.scratch
        )
        let name = String(program.split(separator: "/").last ?? "")
        let isThere = host.waitUntil(.seconds(5)) {
            Files.link(at: "/proc/\(child.pid)/exe")?.hasSuffix("/" + name) == true
                || Files.text(at: "/proc/\(child.pid)/comm").hasPrefix(name.prefix(15))
        }
        guard isThere else { throw LiveError("\(program) did not start\n\(host.record)") }
        return child
    }

    /// Has a starter in the group try to start what the rule matches.
    func startMiner(on host: LiveHost, kind: String = "execve") throws {
        try Files.copy("\(StandIns.directory)/starter-static", to: host.root + "/starter")
        let path = host.root + "/standin-static"
        let start = try host.launch(
            [Bytes(host.root + "/starter"), Bytes(kind)],
            arguments: [Bytes(path), Bytes("scoped-\(host.token)")],
            environment: kind == "memfd" ? ["MW_SLEEP=5000"] : [],
            launcher: launcher()
        )
        // It may be killed with its group.
        try start.child.wait(upTo: .seconds(5))
    }
}
