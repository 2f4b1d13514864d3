// What becomes of held execs when the daemon dies, stops or is told to end.

import Glibc
import Testing

@Suite("LiveTests: the end of the daemon", .serialized, .requiresLiveKernel)
struct DeathTests {
    @Test(arguments: [false, true])
    func `a hundred held execs are released within a second of SIGKILL`(
        ofGuardian: Bool
    ) throws {
        let host = try LiveHost()
        let worker = try host.stopWorker()
        let starts = try (0..<100).map { _ in try harmless(host) }
        usleep(600_000)
        let held = starts.filter(\.child.isRunning).count
        #expect(held == 100, "only \(held) execs were held by a stopped daemon")
        let begin = ContinuousClock.now
        if ofGuardian { host.daemon.kill(SIGKILL) } else { kill(worker, SIGKILL) }
        for start in starts {
            let result = try start.finish()
            #expect(result.answer == "ok", "\(result)")
        }
        #expect(ContinuousClock.now - begin < .seconds(1))
    }

    @Test func `execs under way finish when a busy daemon is killed`() throws {
        let host = try LiveHost()
        for round in 0..<4 {
            if round > 0 { try host.restart() }
            var starts = try (0..<50).map { _ in try harmless(host) }
            host.daemon.kill(SIGKILL)
            let begin = ContinuousClock.now
            starts += try (0..<50).map { _ in try harmless(host) }
            for start in starts { #expect(try start.finish().answer == "ok") }
            #expect(ContinuousClock.now - begin < .seconds(1))
            _ = try host.daemon.wait(upTo: .seconds(2))
        }
    }

    @Test func `SIGTERM ends it in order and holds up nobody`() throws {
        let host = try LiveHost()
        var starts = try (0..<50).map { _ in try harmless(host) }
        host.daemon.kill(SIGTERM)
        starts += try (0..<50).map { _ in try harmless(host) }
        for start in starts {
            let result = try start.finish()
            #expect(result.answer == "ok", "\(result)")
            #expect(result.microseconds < 1_000_000, "\(result)")
        }
        #expect(try host.daemon.wait(upTo: .seconds(3)) == 0, "\(host.record)")
        #expect(host.signals.contains { $0.kind == "stopped" }, "\(host.record)")
    }

    @Test func `a daemon stopped for a moment judges held execs when it goes on`() throws {
        let host = try LiveHost()
        let worker = try host.stopWorker()
        let start = try host.launch([Bytes("\(StandIns.directory)/starter"), "execve"])
        usleep(300_000)
        #expect(start.child.isRunning)
        kill(worker, SIGCONT)
        let result = try start.finish()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(result.marker == nil)
    }

    /// Neither held execs nor the protection may hang on somebody who continues the process.
    @Test func `a daemon that stays stopped is replaced by its guardian`() throws {
        let host = try LiveHost()
        let worker = try host.stopWorker()
        let result = try harmless(host).finish(upTo: .seconds(8))
        #expect(result.answer == "ok", "\(result)")
        #expect(result.microseconds < 7_000_000, "\(result)")
        #expect(host.waitUntil(.seconds(5)) { host.signals.contains { $0.kind == "gap" } })
        #expect(
            host.waitUntil(.seconds(5)) { host.signals.count { $0.kind == "started" } == 2 },
            "\(host.record)"
        )
        #expect(try host.worker != worker)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGILL])
    func `a crash releases execs and a new process takes over`(signal: CInt) throws {
        let host = try LiveHost()
        let worker = try host.worker
        kill(worker, signal)
        #expect(try harmless(host).finish().answer == "ok")
        #expect(
            host.waitUntil(.seconds(5)) { host.signals.count { $0.kind == "started" } == 2 },
            "\(host.record)"
        )
        #expect(try host.worker != worker)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
    }

    @Test func `it starts again after a crash and blocks again`() throws {
        let host = try LiveHost()
        host.daemon.kill(SIGSEGV)
        #expect(try host.daemon.wait(upTo: .seconds(3)) == 128 + Int(SIGSEGV))
        #expect(try host.start().answer == "ok")
        try host.restart()
        #expect(try host.start().answer == "EPERM")
    }

    private func harmless(_ host: LiveHost) throws -> RunningStart {
        let path = host.root + "/standin-static"
        return try host.launch(
            [Bytes("\(StandIns.directory)/starter"), "execve"],
            path,
            arguments: [Bytes(path), "--help"]
        )
    }
}
