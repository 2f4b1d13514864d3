// Blocking is never retroactive: what ran before a rule blocked is signalled and goes on running.

import Glibc
import Testing

@Suite("LiveTests: what ran before", .serialized, .requiresLiveKernel)
struct RetroactiveTests {
    @Test func `a process that ran before its rule blocked is signalled at the reload and lives`()
        throws
    {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        let start = try host.launch(
            ["\(StandIns.directory)/starter", "execve"],
            environment: ["MW_SLEEP=2500"]
        )
        #expect(host.signals(atLeast: 1).map(\.whyMonitored) == ["monitoring"], "\(host.record)")
        try host.block()
        let signals = host.signals(atLeast: 2)
        #expect(signals.map(\.outcome) == ["monitored", "monitored"], "\(host.record)")
        #expect(signals.last?.whyMonitored == "already-running", "\(host.record)")
        #expect(signals.last?.detectedBy == "sweep", "\(host.record)")
        let result = try start.finish()
        #expect(result.end == "exit:0", "\(result)\n\(host.record)")
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    /// The regression: events lost by an overrun made a sweep that killed whoever matched, however
    /// long it had been running.
    @Test
    func `lost events do not get a process killed that ran before its rule blocked`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        // It changes its arguments all the time, so that a sweep takes it for a program that nobody
        // has reported.
        let program = host.root + "/changer"
        try Files.copy("\(StandIns.directory)/changer", to: program)
        let start = try host.launch(
            ["\(StandIns.directory)/starter", "execve"],
            program,
            arguments: ["changer", "0", "20000", host.minerArgument]
        )
        #expect(host.signals(atLeast: 1).count == 1, "\(host.record)")
        try host.block()
        #expect(host.signals(atLeast: 2).last?.whyMonitored == "already-running", "\(host.record)")
        try host.loseEvents()
        // One of each sweep: there can be several overruns.
        let signals = host.signals(atLeast: 3)
        #expect(signals.count >= 3, "\(host.record)")
        #expect(signals.allSatisfy { $0.outcome == "monitored" }, "\(host.record)")
        let reasons = Set(signals.dropFirst().map(\.whyMonitored))
        #expect(reasons == ["already-running"], "\(host.record)")
        let result = try start.finish(upTo: .seconds(30))
        #expect(result.end == "exit:0", "\(result)\n\(host.record)")
    }
}

extension LiveHost {
    /// Puts the rules from monitoring to blocking and waits until that is active.
    func block() throws {
        let file = scratch + "/config/protection.yaml"
        let text = Files.text(at: file).replacing("monitoring", with: "blocking")
        try Files.write(text, to: file)
        try reload()
    }

    /// Has the daemon read its files again, and waits until it has.
    func reload() throws {
        let loads = { self.signals.count { $0.kind == "rules_loaded" } }
        let before = loads()
        daemon.kill(SIGHUP)
        guard waitUntil(.seconds(5), { loads() > before }) else {
            throw LiveError("not reloaded\n\(record)")
        }
    }

    /// Lets more processes start and end than the stopped daemon's buffer takes events of.
    func loseEvents() throws {
        let isLost = { self.signals.contains { $0.kind == "events_lost" } }
        for _ in 0..<5 where !isLost() {
            let worker = try stopWorker()
            defer { kill(worker, SIGCONT) }
            // Forks only: an exec on a watched filesystem would wait for the daemon. Two seconds:
            // after four the guardian would replace it.
            let forks = try Child(
                ["\(StandIns.directory)/forks", "2000"],
                scratch: scratch
            )
            try forks.wait(upTo: .seconds(3))
            kill(worker, SIGCONT)
            waitUntil(.seconds(3), isLost)
        }
        guard isLost() else { throw LiveError("no events were lost\n\(record)") }
    }
}
