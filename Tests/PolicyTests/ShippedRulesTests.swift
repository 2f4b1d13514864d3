// The rules of the package: they load clean, find what they are for and leave others alone.
// Command lines are made up; wallets are not anybody's.

import Diagnostics
import Foundation
import Policy
import RuleLanguage
import Testing

@Suite struct ShippedRulesTests {
    static let loaded: LoadResult = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try? Data(contentsOf: folder.appending(path: "rules/cryptominer.yaml"))
        let sources = [
            PolicySource(name: "cryptominer.yaml", bytes: Array(text ?? Data()), origin: .shipped)
        ]
        var ids = ["cryptominer_args", "cryptominer_envs", "cryptominer_pool_uri"]
        ids += ["cryptominer_name", "cryptominer_combination"]
        let protection =
            "active_protection: true\nrules:\n" + ids.map { "  \($0): blocking\n" }.joined()
        return PolicyLoader.load(
            sources: sources,
            protection: PolicySource(name: "protection.yaml", bytes: Array(protection.utf8))
        )
    }()

    private static let wallet = "4" + String(repeating: "8AbC", count: 23) + "xY"

    private func blocked(_ event: any EventSource) -> (ids: [String], isBlocked: Bool) {
        var scratch = MatchScratch()
        let rules = Self.loaded.ruleSet
        rules.matches(event, into: &scratch)
        return (
            scratch.matched.map { rules.rules[$0].id },
            scratch.matched.contains { rules.decision(forRule: $0, event: event) == .block }
        )
    }

    @Test func `load without a finding`() {
        let text = Self.loaded.diagnostics.map { DiagnosticRenderer().text(of: $0) }
        #expect(text.isEmpty, "\(text.joined())")
        #expect(Self.loaded.ruleSet.rules.count == 6)
        for rule in Self.loaded.ruleSet.rules {
            #expect(rule.tag("technique") != nil && rule.tag("confidence") != nil)
            #expect(rule.isBlockable == (rule.tag("confidence") != "low"))
        }
    }

    @Test(arguments: [
        ("cryptominer_args", "a", "--donate-level 1 -o 203.0.113.5:3333"),
        ("cryptominer_args", "a", "--donate-level=0"),
        ("cryptominer_args", "a", "--cpu-priority 5"),
        ("cryptominer_args", "a", "--randomx-1gb-pages"),
        ("cryptominer_args", "a", "--wallet-address dero1xyz --daemon-rpc-address h:10100"),
        ("cryptominer_args", "a", "-x stratum+ssl:h"),
        ("cryptominer_pool_uri", "a", "-o stratum+tcp://pool.example.com:3333 -u w"),
        ("cryptominer_pool_uri", "a", "--url=stratum2+tcp://pool.example.com:3333"),
        ("cryptominer_pool_uri", "a", "-P ethproxy+ssl://w@pool.example.com:4444"),
        ("cryptominer_name", "xmrig", ""), ("cryptominer_name", "kdevtmpfsi", ""),
        ("cryptominer_name", "cpuminer-avx2", "-c x.json"),
        ("cryptominer_combination", "a", "-a rx/0 -o pool.example.com:443"),
        ("cryptominer_combination", "a", "--algo kawpow --server h.example.com:1 --user w"),
        ("cryptominer_combination", "a", "-o pool.example.com:443 -u WALLET.rig1"),
        ("cryptominer_combination", "a", "-pool1 pool.example.com:443 -wallet WALLET"),
    ])
    func `find and block`(id: String, name: String, arguments: String) {
        let list = arguments.replacing("WALLET", with: Self.wallet).split(separator: " ")
        let (ids, isBlocked) = blocked(exec(name, list.map(String.init)))
        #expect(ids.contains(id))
        #expect(isBlocked)
    }

    @Test(arguments: [
        ("POOL_URL=db.example.com:5432", false), ("POOL_USER=a", false),
        ("POOL_URL=stratum+tcp://h:1", true), ("DONATE_LEVEL=1", true),
        ("POOL_USER=w POOL_PASS=x", true), ("POOL_URL=xmr.example.com:443", true),
    ])
    func `find miner environments, and block those that leave no doubt`(
        environment: String,
        expected: Bool
    ) {
        let list = environment.split(separator: " ").map(String.init)
        let (ids, isBlocked) = blocked(exec("a", environment: list))
        #expect(ids == ["cryptominer_envs"])
        #expect(isBlocked == expected)
    }

    @Test(arguments: [
        ("/usr/bin/grep", "-r stratum+tcp://pool /etc"), ("/usr/bin/pkill", "-f donate-level=1"),
        ("/usr/bin/pgrep", "-f stratum+tcp:"), ("/usr/bin/vim.basic", "--cpu-priority=5"),
        ("/usr/bin/gcc", "-c pool.c -o pool.o"), ("/usr/bin/openssl", "enc -a -in x -out y"),
        ("/usr/sbin/zpool", "import -c /etc/zfs/zpool.cache"),
        ("/usr/bin/git", "commit -m stratum+tcp:"), ("/usr/bin/gunicorn", "--pool=prefork -w 4"),
        ("/usr/bin/sha", "--algo=sha256 -o file"), ("/usr/bin/curl", "-o pool.html https://x.io/a"),
        ("/usr/bin/geth", "--http --miner.etherbase 0xabc"), ("/usr/bin/find", "/ -name xmrig"),
        ("/usr/bin/cast", "send 0x1234567890123456789012345678901234567890"),
        ("/usr/bin/wallet-cli", "-u WALLET"), ("/usr/bin/t-rex", "serve --config c.toml"),
    ])
    func `leave others alone`(path: String, arguments: String) {
        let list = arguments.replacing("WALLET", with: Self.wallet).split(separator: " ")
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let (ids, _) = blocked(exec(name, list.map(String.init), path: path))
        #expect(ids.isEmpty)
    }

    @Test func `a miner under the name of grep is still found`() {
        let arguments = ["-o", "stratum+tcp://pool.example.com:3333"]
        let event = exec("grep", arguments, path: "/tmp/grep")
        #expect(blocked(event).isBlocked)
    }

    @Test(arguments: [
        ("memfd:a", true), ("memfd:runc_cloned:/proc/self/exe", false), ("ls", false),
    ])
    func `see what runs from memory, and never block it`(name: String, expected: Bool) throws {
        let event = try EventDescription(["exec.file.name": .text(name)])
        let (ids, isBlocked) = blocked(event)
        #expect(ids == (expected ? ["fileless_execution"] : []))
        #expect(!isBlocked)
    }
}
