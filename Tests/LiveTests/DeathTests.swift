// What becomes of held execs when the daemon dies, stops or is told to end.

import Glibc
import Testing

@Suite("LiveTests: the end of the daemon", .serialized, .requiresLiveKernel)
struct DeathTests {
    @Test func `a hundred held execs are released within a second of SIGKILL`() throws {
        let host = try LiveHost()
        host.daemon.kill(SIGSTOP)
        let starts = try (0..<100).map { _ in try harmless(host) }
        usleep(300_000)
        let held = starts.filter(\.child.isRunning).count
        #expect(held == 100, "only \(held) execs were held by a stopped daemon")
        let begin = ContinuousClock.now
        host.daemon.kill(SIGKILL)
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

    /// A stopped process cannot answer: this is what happens until somebody continues or kills it.
    @Test func `a stopped daemon holds execs and judges them when it goes on`() throws {
        let host = try LiveHost()
        host.daemon.kill(SIGSTOP)
        let start = try host.launch([Bytes("\(StandIns.directory)/starter"), "execve"])
        usleep(300_000)
        #expect(start.child.isRunning)
        host.daemon.kill(SIGCONT)
        let result = try start.finish()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(result.marker == nil)
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
