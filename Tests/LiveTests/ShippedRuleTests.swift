// The rules of the package on the real kernel: a stand-in for each kind of evidence is denied, or
// signalled where the evidence is too weak to block. Nothing that mines is started.

import Foundation
import Testing

@Suite("LiveTests: shipped rules", .serialized, .requiresLiveKernel)
struct ShippedRuleTests {
    /// A start that shows one kind of evidence.
    struct Sample: Sendable {
        let rule: String
        let name: String
        var arguments: [String] = []
        var environment: [String] = []
        var isDenied = true
    }

    private static let wallet =
        "44ibjUrhxhr3eUGvWHkP8SXVDnrPDhETWX1XKsMKZLfgKRqm3TEdk1FTzreXSF2XtuUjxRDKGvHEAWTm15Ah4846DLceRyr"
    private static let pool = "203.0.113.7:3333"

    private static let samples = [
        Sample(
            rule: "cryptominer_pool_uri",
            name: "a",
            arguments: ["-x", "stratum+ssl://pool.example.org:443"]
        ),
        Sample(
            rule: "cryptominer_pool_host",
            name: "a",
            arguments: ["pool.supportxmr.com:443", "--user", "w"]
        ),
        Sample(rule: "cryptominer_args", name: "a", arguments: ["--donate-level=1"]),
        Sample(
            rule: "cryptominer_combination",
            name: "a",
            arguments: ["--algo", "kawpow", "--server", "host", "--user", "w"]
        ),
        Sample(
            rule: "cryptominer_pool_login",
            name: "a",
            arguments: ["-o", pool, "-u", "w", "-p", "x"]
        ),
        Sample(
            rule: "cryptominer_pool_login",
            name: "a",
            arguments: ["-o", pool, "-u", "w"],
            isDenied: false
        ),
        Sample(
            rule: "cryptominer_coin",
            name: "a",
            arguments: ["--coin", "zephyr", "--url", pool, "--user", "w", "--pass", "p"]
        ),
        Sample(
            rule: "cryptominer_algorithm",
            name: "a",
            arguments: ["--algo", "rx/0"],
            isDenied: false
        ), Sample(rule: "cryptominer_wallet", name: "a", arguments: ["-s", pool, "-u", wallet]),
        Sample(
            rule: "cryptominer_wallet_login",
            name: "a",
            arguments: ["--wallet", wallet],
            isDenied: false
        ), Sample(rule: "cryptominer_name", name: "xmrig"),
        Sample(rule: "cryptominer_impostor", name: "kdevtmpfsi"),
        Sample(rule: "miner_like_name", name: "own-miner", arguments: ["--wallet", wallet]),
        Sample(rule: "miner_like_name", name: "own-miner", isDenied: false),
        Sample(rule: "kernel_thread_name", name: "[kworker]"),
        Sample(
            rule: "cryptominer_env_values",
            name: "a",
            environment: ["ANY=stratum+tcp://pool.example.org:3333"]
        ),
        Sample(
            rule: "cryptominer_envs",
            name: "a",
            environment: ["POOL_USER=w", "POOL_PW=x"]
        ),
        Sample(
            rule: "cryptominer_envs",
            name: "a",
            environment: ["POOL_USER=w", "POOL_PASS=x"],
            isDenied: false
        ),
        Sample(
            rule: "miner_environment",
            name: "a",
            environment: ["PAID=\(wallet)", "WORKER_NAME=w"],
            isDenied: false
        ),
        Sample(
            rule: "mining_option",
            name: "a",
            arguments: ["--mining-rpc", "x"],
            isDenied: false
        ),
        Sample(
            rule: "stratum_messages",
            name: "python3",
            arguments: ["-c", "send('mining.subscribe')"],
            isDenied: false
        ),
        Sample(
            rule: "cryptominer_container",
            name: "docker",
            arguments: ["run", "-d", "example/xmrig:1"]
        ),
        Sample(
            rule: "cryptominer_container_envs",
            name: "podman",
            arguments: ["run", "-e", "POOL=x", "-e", "WALLET=\(wallet)", "example/app"]
        ),
        Sample(
            rule: "container_pool_envs",
            name: "docker",
            arguments: ["run", "-e", "POOL_URL=h:1", "-e", "POOL_USER=u", "example/app"],
            isDenied: false
        ), Sample(rule: "mining_node", name: "a", arguments: ["--start-mining", "w"]),
        Sample(rule: "mining_proxy", name: "p2pool", arguments: ["--mini"]),
        Sample(
            rule: "plot_farming",
            name: "bladebit",
            arguments: ["diskplot"],
            isDenied: false
        ), Sample(rule: "cryptominer_dropper", name: "bash", arguments: ["-s", wallet]),
        Sample(
            rule: "encoded_miner_arguments",
            name: "a",
            arguments: ["LS1kb25hdGUtbGV2ZWw9MQ=="]
        ),
        Sample(
            rule: "msr_write_access",
            name: "modprobe",
            arguments: ["msr", "allow_writes=on"],
            isDenied: false
        ), Sample(rule: "hidden_executable", name: ".hidden", isDenied: false),
        Sample(rule: "malware_environment", name: "a", environment: ["SKL=pg"]),
    ]

    private static let folder = StandIns.checkout + "/rules"

    private func host() throws -> LiveHost {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
        let rules = names.map { ($0, Files.text(at: "\(Self.folder)/\($0)")) }
        return try LiveHost(
            LiveSettings(
                ruleFiles: Dictionary(uniqueKeysWithValues: rules),
                protectedRules: Set(Self.samples.filter(\.isDenied).map(\.rule)).sorted()
            )
        )
    }

    @Test func `a stand-in for each kind of evidence is denied or signalled`() throws {
        let host = try host()
        for sample in Self.samples {
            let program = "\(host.root)/\(sample.name)"
            try Files.copy("\(StandIns.directory)/standin-static", to: program)
            let result = try host.start(
                "execve",
                program,
                arguments: ([program] + sample.arguments).map { Bytes($0) },
                environment: sample.environment.map { Bytes($0) }
            )
            let outcome = sample.isDenied ? "denied" : "monitored"
            #expect(result.answer == (sample.isDenied ? "EPERM" : "ok"), "\(sample): \(result)")
            let signals = host.signals(of: sample.rule, about: result.pid)
            #expect(signals.map(\.outcome) == [outcome], "\(sample)\n\(host.record)")
        }
    }

    @Test func `the same program without evidence runs, and there is no signal`() throws {
        let host = try host()
        let before = host.signals.count
        let result = try host.start("execve", arguments: ["a", "--server", "h:1", "--user", "w"])
        #expect(result.answer == "ok", "\(result)\n\(host.record)")
        usleep(300_000)
        #expect(host.signals.count == before, "\(host.record)")
    }
}
