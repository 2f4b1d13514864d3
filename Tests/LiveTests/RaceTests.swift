// Races of the program that is starting against the judge.

import Glibc
import Testing

@Suite("LiveTests: races", .serialized, .requiresLiveKernel)
struct RaceTests {
    /// What ran as a miner although something harmless was judged must be killed.
    ///
    /// Which of the two
    /// texts the judge and the kernel read is chance, so the test goes on until it saw the case.
    @Test func `an argument rewritten during the hold is caught after the exec`() throws {
        let host = try LiveHost()
        var caught = 0
        var escaped: [StartResult] = []
        for _ in 0..<20 where caught < 3 {
            let runs = try (0..<8).map { _ in try swap(host) }
            for run in runs {
                let result = try run.finish()
                guard result.answer == "ok" else { continue }
                let ranAsMiner = result.marker?.contains(" --mw-pool=stratum") ?? true
                guard ranAsMiner else { continue }
                if result.end == "signal:9" {
                    caught += 1
                    let signals = host.signals(about: result.pid, settle: .milliseconds(50))
                    #expect(signals.map(\.outcome) == ["killed"], "\(result)\n\(host.record)")
                } else {
                    escaped.append(result)
                }
            }
        }
        #expect(escaped.isEmpty, "\(escaped)\n\(host.record)")
        #expect(caught > 0, "the race never came out this way\n\(host.record)")
    }

    /// Wrappers (`nohup nice env miner`) exec again before their own exec has been looked at.
    @Test func `a program that goes on to another exec leaves one signal for each`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        let wrapper = host.root + "/env"
        try Files.copy("/usr/bin/env", to: wrapper)
        let wrappers = [Bytes](repeating: Bytes(wrapper), count: 4)
        let miner = Bytes(host.root + "/standin-static")
        for _ in 0..<8 {
            let result = try host.start(
                "execve",
                wrapper,
                arguments: wrappers + [miner, host.minerArgument]
            )
            #expect(result.end == "exit:0", "\(result)")
            let signals = host.signals(about: result.pid, atLeast: 5, settle: .milliseconds(600))
            #expect(signals.count == 5, "\(host.record)")
            #expect(signals.allSatisfy { $0.outcome == "monitored" }, "\(host.record)")
        }
    }

    private func swap(_ host: LiveHost) throws -> RunningStart {
        let path = host.root + "/standin-static"
        let harmless = Bytes("--mw-pool=.tratum+tcp://\(host.token).example:3333")
        return try host.launch(
            [Bytes("\(StandIns.directory)/swapper"), "stratum"],
            path,
            arguments: [Bytes(path), harmless],
            environment: ["MW_SLEEP=3000", "MW_SLEEP_IF=stratum"]
        )
    }
}
