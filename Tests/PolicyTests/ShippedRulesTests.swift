// The rules of the package: they load clean, find what they are for and leave others alone.
// Command lines are made up; wallets are not anybody's.

import Diagnostics
import Foundation
import Policy
import RuleLanguage
import Testing

@Suite struct ShippedRulesTests {
    static let sources: [PolicySource] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "rules")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { name in
            let text = try? Data(contentsOf: folder.appending(path: name))
            return PolicySource(name: name, bytes: Array(text ?? Data()), origin: .shipped)
        }
    }()

    static let loaded: LoadResult = {
        let ids = PolicyLoader.load(sources: sources).ruleSet.rules.filter(\.isBlockable).map(\.id)
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
        #expect(Self.loaded.ruleSet.rules.count > 25)
        for rule in Self.loaded.ruleSet.rules {
            let tags = ["technique", "evidence", "confidence", "severity"].map { rule.tag($0) }
            #expect(!tags.contains(nil), "\(rule.id) lacks a tag")
            // What is not certain enough to stop a program only signals.
            #expect(rule.isBlockable == (rule.tag("confidence") != "low"), "\(rule.id)")
        }
    }

    @Test func `lists are sorted, and none has an entry twice`() throws {
        for source in Self.sources where source.name.hasPrefix("lists-") {
            // A comment begins a list of its own: entries of one source.
            var entries: [Substring] = []
            var all: Set<Substring> = []
            for line in String(decoding: source.bytes, as: UTF8.self).split(separator: "\n") {
                let entry = line.drop { $0 == " " || $0 == "-" }
                if line.hasPrefix("  - id: ") { all = [] }
                guard
                    line.hasPrefix("      - ") || line.hasPrefix("        \"")
                        || line.hasPrefix("        ~\"")
                else {
                    entries = []
                    continue
                }
                let word = entry.drop { $0 == "~" || $0 == "\"" }.prefix { $0 != "\"" }
                #expect(all.insert(word).inserted, "\(source.name): \(word) is there twice")
                let key = word.replacing("*", with: "")
                if let last = entries.last {
                    #expect(String(last) <= String(key), "\(source.name): \(word) is out of order")
                }
                entries.append(key[...])
            }
            #expect(!all.isEmpty)
        }
    }

    @Test(arguments: [
        ("cryptominer_args", "a", "--donate-level 1 -o 203.0.113.5:3333"),
        ("cryptominer_args", "a", "--donate-level=0"),
        ("cryptominer_args", "a", "--cpu-priority 5"),
        ("cryptominer_args", "a", "--randomx-1gb-pages"),
        ("cryptominer_args", "a", "--wallet-address dero1xyz --daemon-rpc-address h:10100"),
        ("cryptominer_pool_uri", "a", "-o stratum+tcp://pool.example.com:3333 -u w"),
        ("cryptominer_pool_uri", "a", "--url=stratum2+tcp://pool.example.com:3333"),
        ("cryptominer_pool_uri", "a", "-P ethproxy+ssl://w@pool.example.com:4444"),
        ("cryptominer_name", "xmrig", ""), ("cryptominer_impostor", "kdevtmpfsi", ""),
        ("cryptominer_name", "cpuminer-avx2", "-c x.json"),
        ("cryptominer_combination", "a", "-a rx/0 -o pool.example.com:443"),
        ("cryptominer_combination", "a", "--algo kawpow --server h.example.com:1 --user w"),
        ("cryptominer_wallet", "a", "-o pool.example.com:443 -u WALLET.rig1"),
        ("cryptominer_wallet", "a", "-pool1 pool.example.com:443 -wallet WALLET"),
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
        ("POOL_USER=w POOL_PASS=x", false), ("POOL_URL=xmr.example.com:443", true),
        ("POOL_URL=pool.example.com:5432 POOL_USER=app POOL_PASS=x", false),
        ("POOL_USER=w POOL_PW=x", true), ("POOL_USER=a POOL_URL=rx.unmineable.com:3333", true),
    ])
    func `find miner environments, and block those that leave no doubt`(
        environment: String,
        expected: Bool
    ) {
        let list = environment.split(separator: " ").map(String.init)
        let (ids, isBlocked) = blocked(exec("a", environment: list))
        #expect(ids.contains("cryptominer_envs"))
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
        ("/usr/bin/sudo", "grep -r stratum+tcp://h:1 /etc"), ("/usr/bin/docker", "exec miner ls"),
        ("/usr/libexec/tracker-miner-fs-3", ""), ("/opt/hash", "-a hex -o out.txt"),
        ("/opt/mqtt", "--host 10.0.0.2:1883 --username u --keepalive 60"),
        ("/opt/argocd", "login --server a.example.com:443 --username a --no-color"),
        ("/opt/search", "--algo cuckoo --pool 16"), ("/usr/bin/besu", "--miner-enabled=false"),
        ("/usr/bin/monero-wallet-cli", "--daemon-address h:18089 --command transfer WALLET 1"),
        ("/usr/bin/bash", "pay.sh WALLET 1.5"), ("/usr/bin/docker", "run example/log-miner"),
        ("/usr/bin/find", "/ -exec grep xmrig {} +"),
    ])
    func `leave others alone`(path: String, arguments: String) {
        let list = arguments.replacing("WALLET", with: Self.wallet).split(separator: " ")
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let (ids, _) = blocked(exec(name, list.map(String.init), path: path))
        #expect(ids.isEmpty)
    }

    @Test(arguments: [
        ("tracker", "-u WALLET"), ("t-rex", "serve --config c.toml"), ("bench", "--algo rx/0"),
        ("sh", "-c \u{1F}pkill -f xmrig; pkill -f kinsing; pkill -f minerd"),
        ("modprobe", "msr allow_writes=on"),
        ("dbtool", "--pool db.example.com:6432 --user app --password x"),
        ("copy", "-o db.example.com:5432 -u app -p secret"),
        ("client", "--url api.example.com:443 --user app --pass x --tls"),
        ("rule-finder-miner", "--server db.example.com:5432 --user me"),
        ("watch-pool", "--host pool.supportxmr.com:3333"), ("libexec", ""),
    ])
    func `signal, but never block, what is not certain`(name: String, arguments: String) {
        let (head, tail) = (
            arguments.prefix { $0 != "\u{1F}" }, arguments.split(separator: "\u{1F}")
        )
        var list = head.replacing("WALLET", with: Self.wallet).split(separator: " ").map(
            String.init
        )
        list += tail.dropFirst().map(String.init)
        let (ids, isBlocked) = blocked(exec(name, list))
        #expect(!ids.isEmpty)
        #expect(!isBlocked)
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
