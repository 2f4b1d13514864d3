// A task whose memory cannot be read must not hold up anybody else.

import Glibc
import Testing

@Suite("LiveTests: stalls", .serialized, .requiresLiveKernel)
struct StallTests {
    @Test(arguments: [1, 8])
    func `stalled tasks are refused at the deadline`(count: Int) throws {
        let host = try LiveHost()
        let stalled = try (0..<count).map { _ in try stall(host) }
        for start in stalled {
            let result = try start.finish()
            #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
            #expect(result.marker == nil)
            #expect(result.microseconds < 2_000_000, "\(result)")
        }
        let found = { host.signals.filter { $0.outcome == "denied-unreadable" }.count }
        host.waitUntil(.seconds(2)) { found() >= count }
        #expect(found() == count, "\(host.record)")
    }

    @Test(arguments: [1, 8])
    func `others are not delayed while tasks are stalled`(count: Int) throws {
        let host = try LiveHost()
        let harmless = { () throws -> StartResult in
            let path = host.root + "/standin-static"
            return try host.start(arguments: [Bytes(path), "--help"])
        }
        let alone = try (0..<10).map { _ in try harmless().microseconds }.max() ?? 0
        let stalled = try (0..<count).map { _ in try stall(host) }
        var slowest = 0
        for _ in 0..<20 {
            let result = try harmless()
            #expect(result.answer == "ok", "\(result)")
            slowest = max(slowest, result.microseconds)
        }
        for start in stalled { _ = try start.finish() }
        #expect(slowest < alone + 50_000, "slowest \(slowest) us, alone \(alone) us")
    }

    @Test func `an unreadable task is let go at the deadline when so configured`() throws {
        let host = try LiveHost(LiveSettings(settings: "unreadable: allow\n"))
        let result = try stall(host).finish()
        #expect(result.answer == "ok", "\(result)\n\(host.record)")
        #expect(result.microseconds < 2_000_000, "\(result)")
        let outcomes = { host.signals.compactMap(\.outcome) }
        host.waitUntil(.seconds(2)) { !outcomes().isEmpty }
        #expect(outcomes().contains("allowed-unreadable"), "\(host.record)")
    }

    @Test func `a miner that was let go unread is found when it can be read`() throws {
        let host = try LiveHost(LiveSettings(settings: "unreadable: allow\n"))
        let start = try stall(host, miner: true, environment: ["MW_SLEEP=3000"])
        let result = try start.finish()
        #expect(result.answer == "ok", "\(result)")
        #expect(result.end == "signal:9", "\(result)\n\(host.record)")
    }

    @Test func `a miner that was let go unread is signalled once`() throws {
        let host = try LiveHost(
            LiveSettings(protection: .monitoring, settings: "unreadable: allow\n")
        )
        let result = try stall(host, miner: true, environment: ["MW_SLEEP=1000"]).finish()
        #expect(result.end == "exit:0", "\(result)")
        let found = { host.signals.filter { $0.outcome == "monitored" }.count }
        host.waitUntil(.seconds(2)) { found() >= 1 }
        // A second one would come from the verdict thread, which can read it as well by now.
        usleep(500_000)
        #expect(found() == 1, "\(host.record)")
    }

    private func stall(
        _ host: LiveHost,
        miner: Bool = false,
        environment: [Bytes] = []
    ) throws -> RunningStart {
        let path = host.root + "/standin-static"
        return try host.launch(
            [Bytes("\(StandIns.directory)/stall")],
            path,
            arguments: [Bytes(path), miner ? host.minerArgument : "--help"],
            environment: environment
        )
    }
}
