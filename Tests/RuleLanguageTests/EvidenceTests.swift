// What is found in arguments and environment: addresses, hosts, schemes, algorithms, programs.
// The addresses are made up, with valid checksums; nobody has their keys.

import RuleLanguage
import Testing

@Suite struct EvidenceTests {
    private func found(
        _ attribute: Attribute,
        _ argv: [String],
        _ envp: [String] = []
    ) -> [String] {
        let arguments = ProgramArguments(argv: ByteStringList(argv), envp: ByteStringList(envp))
        return arguments.evidence(attribute)?.map { String(decoding: $0, as: UTF8.self) } ?? ["?"]
    }

    @Test(arguments: [
        ("MINER_ARGS=-a rx/0 -o pool.example.org:3333 -u me", ["o"], ["rx/0"]),
        ("opts=--algo=kawpow --pool 'pool.example.org:1'", ["pool"], ["kawpow"]),
        ("APP_FLAGS=./worker -w me -o \"a.example.org:1\"", ["o"], []),
        // Neither who it is for nor what.
        ("OTEL_ARGS=-o otel.example.org:4317", [], []),
        // A host to look at or to keep away from.
        ("FIREWALL_OPTS=-d pool.example.org:3333 -u me", [], []),
        // What somebody typed is inherited by every child; what is not called options is none.
        ("LAST_ARGS=-o pool.example.org:3333 -u me", [], []),
        ("SUDO_COMMAND=pkill -f x -o pool.example.org:3333 -u me", [], []),
        ("NOTE=-o pool.example.org:3333 -u me", [], []),
        ("ARGS=a-o pool.example.org:3333 u-u me", [], []),
        ("ARGS=-", [], []), ("ARGS=- -- -", [], []), ("ARGS=-o", [], []), ("ARGS=", [], []),
    ])
    func `a line of options in a variable is read as options`(
        entry: String,
        endpoints: [String],
        algorithms: [String]
    ) {
        #expect(found(.envsEndpointOptions, ["a"], [entry]) == endpoints)
        #expect(found(.envsAlgorithms, ["a"], [entry]) == algorithms)
        // A container client hands the same on as the arguments of the program.
        let client = ["docker", "run", "-e", entry, "image"]
        #expect(found(.argsEndpointOptions, client) == endpoints)
    }

    @Test func `an address of Nimiq has check digits`() {
        let address = "NQ60NQE95B9EE0YBGJ09SPL83VRRRR6XR3C4"
        let isValid = found(.argsWallets, ["a", address]) == ["nimiq"]
        let other = "NQ61" + address.dropFirst(4)
        #expect(isValid)
        #expect(found(.argsWallets, ["a", other]) != ["nimiq"])
    }

    /// The identities of nobody and of a contract: only their checksums tell them from other letters.
    @Test func `an identity of Qubic has a checksum`() {
        let none = String(repeating: "A", count: 56)
        let contract = "B" + none.dropFirst()
        #expect(found(.argsWallets, ["a", none + "FXIB"]) == ["qubic"])
        #expect(found(.argsWallets, ["a", "-w", contract + "RMID"]) == ["qubic"])
        for other in [
            none + "FXIC", contract + "FXIB", none + "RMID", "A" + contract.dropLast() + "RMID",
            // Four digits of this are more than 64 bits.
            String(repeating: "Z", count: 60), String(repeating: "ACGT", count: 15),
        ] {
            #expect(found(.argsWallets, ["a", other]).isEmpty, "\(other)")
        }
        #expect(found(.argsWallets, ["a", (none + "FXIB").lowercased()]).isEmpty)
    }

    private static let monero =
        "44ibjUrhxhr3eUGvWHkP8SXVDnrPDhETWX1XKsMKZLfgKRqm3TEdk1FTzreXSF2XtuUjxRDKGvHEAWTm15Ah4846DLceRyr"

    @Test(arguments: [
        (Self.monero, "monero"),
        (
            "4ERGkHgCZyN3eUGvWHkP8SXVDnrPDhETWX1XKsMKZLfgKRqm3TEdk1FTzreXSF2XtuUjxRDKGvHEAWTm15Ah4846KEvUU9Mvz1t4tZgTMg",
            "monero"
        ),
        (
            "85Yk4rWYZ8G3eUGvWHkP8SXVDnrPDhETWX1XKsMKZLfgKRqm3TEdk1FTzreXSF2XtuUjxRDKGvHEAWTm15Ah4846DL77Tqh",
            "monero"
        ),
        (
            "Sumoo2nsnbXfbtnV9s87We5A4vGcxdvUxMiyzuhqr8BhdAEdXzji7MSJo29FVPRz4de8vuy55RD2o8EEA2WobBUZSLLLtiCgUHr",
            "cryptonote"
        ),
        ("18SoA28uFvTu3wvYHEbiAnBfcVRjMzK8zt", "bitcoin"),
        ("398p5ZdLopnH97cyQLGJbQYbm1iSvdFBMb", "bitcoin"),
        ("bc1q2x5uaehxezksl5wnd4r33k2lkezxndhelkuhxk", "bitcoin"),
        ("bc1p2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahq0k2j4v", "bitcoin"),
        ("ltc1q2x5uaehxezksl5wnd4r33k2lkezxndhem2xn7x", "litecoin"),
        ("LSfkRESjLahxJkchTNb1SoFRpho1VTsxQa", "litecoin"),
        ("DCathH5YZLNBax791pbGiYMGVdA2f1v617", "dogecoin"),
        ("Xi8dzGnoDdgVCtX897uw2JsTSq1RQD3t58", "dash"),
        ("RGizEY2BrkGU7xHjkQaqGJWsNktL1s6Xg8", "ravencoin"),
        ("THR1A5WdQearD7zAsWFRgvsoXHB3aP5Kuy", "tron"),
        ("t1RKQAMZ3EFFVeaySDfQqJbHas9cpBLG4yz", "zcash"),
        ("EQbhebyQgskp3FXQ65bEAvAdP8vrq3kiS8", "base58check"),
        ("0x51a9Cee6E6c8AD0fd1D36D4718D95fB64469b6f9", "ethereum"),
        ("0x51a9cee6e6c8ad0fd1d36d4718d95fb64469b6f9", "ethereum"),
        ("kaspa:2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzctw5996tj", "kaspa"),
        ("karlsen:2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzcpeajthte", "karlsen"),
        ("pebblecoin:2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzcnmcqy2rh", "kaspa-fork"),
        (
            "bitcoincash:2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzc6ya86ef0",
            "bitcoincash"
        ),
        ("cfx:mgy6731g3c0u9ysxrzdvv0m903cgxr13tpa76rh8yh", "conflux"),
        ("xel:2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzcfgzgws", "xel"),
        ("dero12x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahzemcrdkwh9", "dero"),
        ("EQBRqc7m5sitD9HTbUcY2V-2RGm2-XvmVbNphGGQ2C6PboAZ", "ton"),
        ("prl1p2x5uaehxezksl5wnd4r33k2lkezxndhe00n9tvmfs3sepkpw3ahqh9lrrc", "pearl"),
    ])
    func `an address is its coin's, wherever a miner writes it`(address: String, coin: String) {
        for form in [
            "W", "W.rig1", "W/rig/mail", "W+5000", "W#ref", "W@pool.example.com:1", "[1]W", "a,W",
            "stratum+tcp://W.rig@pool.example.com:3333", "COIN:W.rig#code",
        ] where !(form.hasPrefix("COIN") && address.contains(":")) {
            let argument = form.replacing("W", with: address, maxReplacements: 1)
            #expect(found(.argsWallets, ["a", argument]) == [coin], "\(argument)")
            #expect(found(.argsWallets, ["a", "--user=\(argument)"]) == [coin], "\(argument)")
        }
        #expect(found(.argsWalletOptions, ["a", "-u", address, "--x", "1"]) == ["u"])
        #expect(found(.argsWallets, ["a", "KEY=\(address)"]) == [coin])
        #expect(found(.envsWallets, ["a"], ["KEY=\(address)"]) == [coin])
        #expect(found(.argsWallets, ["a"], ["KEY=\(address)"]).isEmpty)
    }

    @Test func `a changed digit makes every address with a checksum one no longer`() {
        for (digit, other) in [("h", "j"), ("x", "y")] {
            let changed = Self.monero.replacing(digit, with: other, maxReplacements: 1)
            #expect(found(.argsWallets, ["a", changed]) == ["monero-like"])
        }
        for (wrong, expected) in [
            ("RGizEY2BrkGU7xHjkQaqGJWsNktL1s6Xg9", ["ravencoin-like"]),
            ("0x51A9cee6E6c8AD0fd1D36D4718D95fB64469b6f9", ["ethereum-like"]),
            ("bc1q2x5uaehxezksl5wnd4r33k2lkezxndhelkuhxl", []),
            ("EQBRqc7m5sitD9HTbUcY2V-2RGm2-XvmVbNphGGQ2C6PboAX", ["ton-like"]),
        ] {
            #expect(found(.argsWallets, ["a", wrong]) == expected)
            #expect(found(.argsWalletOptions, ["a", "-u", wrong]).isEmpty)
        }
    }

    @Test(arguments: [
        "/var/lib/RGizEY2BrkGU7xHjkQaqGJWsNktL1s6Xg8",
        "aRGizEY2BrkGU7xHjkQaqGJWsNktL1s6Xg8aaa", "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPdtg", "0x51a9cee6e6c8ad0fd1d36d4718d95fb6",
        "libstdcppaccumulatorsandsuch", "the 18SoA28uFvTu3wvYHEbiAnBfcVRjMzK8zt in a sentence",
    ])
    func `what is no address is none`(word: String) {
        #expect(found(.argsWallets, ["a", word, "--x=\(word)"]).isEmpty)
    }

    @Test(arguments: [
        ("pool.example.com:3333", ["pool.example.com", "example.com", "pool.example.com:3333"]),
        ("A.B.Example.COM", ["a.b.example.com", "example.com", "b.example.com"]),
        (
            "stratum+tcp://w.r:p@eu1.pool.example.com:443/x",
            [
                "eu1.pool.example.com", "example.com", "pool.example.com",
                "eu1.pool.example.com:443",
            ]
        ),
        ("203.0.113.5:14444", ["203.0.113.5", "203.0.113.5:14444"]),
        ("localhost:3333", ["localhost", "localhost:3333"]), ("localhost", []),
        ("http://node/", ["node"]), ("a.example.org:tls33333", ["a.example.org", "example.org"]),
        ("x@example.com", ["example.com"]), ("h1:1,h2:2", ["h1", "h1:1", "h2", "h2:2"]),
        (
            "pool.example.com:443#xnsub",
            ["pool.example.com", "example.com", "pool.example.com:443"]
        ),
        ("/etc/pool.example.com", []), ("pool.example.com is down", []), ("a:b", []),
        ("a:123456", []),
        ("-", []), (".hidden", []),
    ])
    func `hosts are whole names, with the domains above and the port`(
        value: String,
        expected: [String]
    ) {
        #expect(found(.argsHosts, ["a", value]) == expected)
        #expect(found(.argsHosts, ["a", "--x=\(value)"]) == expected)
        #expect(found(.envsHosts, ["a"], ["X=\(value)"]) == expected)
    }

    /// ssh -L and socat: what is forwarded to.
    @Test(arguments: [
        (
            "3333:pool.example.com:443",
            ["pool.example.com", "example.com", "pool.example.com:443"]
        ),
        ("127.0.0.1:1:example.com:443", ["example.com", "example.com:443"]),
        ("tcp-connect:Example.com:443", ["example.com", "example.com:443"]),
        ("3333:localhost:443", []), ("127.0.0.1:8080:80", []),
        ("example.com:443:192.0.2.1", []), ("1:192.0.2.1:2", []), ("a:b.c:d", []),
        ("1:example.com:2/x", []), ("a:b.c:1:2", []), ("1:example.com:", []),
        ("a:b.c:s1", ["b.c"]),
    ])
    func `the host behind a tunnel is one in the arguments, not in the environment`(
        value: String,
        expected: [String]
    ) {
        #expect(found(.argsHosts, ["a", value]) == expected)
        #expect(found(.argsHosts, ["a", "-L", value]) == expected)
        #expect(found(.envsHosts, ["a"], ["X=\(value)"]).isEmpty)
    }

    @Test func `schemes and the options that hold an endpoint`() {
        let argv = [
            "a", "-o", "Stratum+TCP://h.example.com:1", "--url=ssl://h:2", "-x", "http://h/",
        ]
        #expect(found(.argsSchemes, argv) == ["stratum+tcp", "ssl", "http"])
        #expect(found(.argsEndpointOptions, argv) == ["o", "url"])
        #expect(found(.argsOptionNames, argv) == ["o", "url", "x"])
        #expect(found(.argsSchemes, ["a", "-ostratum+ssl://h:1"]) == ["stratum+ssl"])
        #expect(found(.argsSchemes, ["a", "see stratum+tcp://h:1", "://x", "1a://b"]).isEmpty)
    }

    @Test func `algorithms are the values of the options for them, one by one`() {
        #expect(found(.argsAlgorithms, ["a", "-a", "KawPow+ZIL"]) == ["kawpow", "zil"])
        #expect(found(.argsAlgorithms, ["a", "--algo=rx/0", "--b=c"]) == ["rx/0"])
        #expect(found(.argsAlgorithms, ["a", "-algo", "[1]ethash"]) == ["ethash"])
        #expect(found(.envsAlgorithms, ["a"], ["ALGO=randomx", "OTHER=x"]) == ["randomx"])
    }

    @Test(arguments: [
        ("sudo -u nobody nohup ./xmrig -c x", ["nohup", "xmrig"]),
        ("screen -dmS name ./t-rex -a b", ["t-rex"]), ("timeout -k 5 3600 /opt/m -x", ["m"]),
        ("nice -n 19 ionice -c 3 ./m", ["ionice", "m"]), ("cpulimit -l 5 -- ./m", ["m"]),
        ("env A=b C=d ./m", ["m"]), ("sudo systemctl stop xmrig", ["systemctl"]),
        ("taskset -c 0 ./m", ["m"]), ("sudo grep xmrig x", ["grep"]), ("pkill xmrig", []),
        ("docker run --rm -it -e A=b --name n -p 1:2 reg/x/image:tag ./m -o h:1", ["m"]),
        ("sudo", []), ("sudo -u", []), ("nice nice nice", ["nice", "nice"]),
        ("tmux new-session -d -s name ./m -c x", ["m"]), ("tmux kill-session -t m", []),
        ("ssh -p 22 host nohup ./m -B", ["nohup", "m"]), ("ssh host", []),
        ("flock -n /tmp/l ./m -c x", ["m"]), ("xargs -n 1 ./m -o", ["m"]),
        ("kubectl exec -n ns pod -c one -- ./m -x", ["m"]), ("kubectl logs m", []),
        ("docker exec -u root -e A=b name ./m", ["m"]), ("docker exec app npm run m", ["npm"]),
        ("lxc exec name -- ./m -c x", ["m"]), ("lxc list m", []),
        ("start-stop-daemon --start --exec /usr/bin/m -- -o x", ["m"]),
        ("find / -name x -exec rm {} ;", ["rm"]), ("find / -name m", []),
        ("python3.11 -u /opt/m.py -o x", ["m.py"]), ("java -Xmx1g -jar a/m.jar", ["m.jar"]),
        ("node --max-old-space-size=1 m.js", ["m.js"]), ("python3 -c import", []),
        ("bash -x ./m.sh -a b", ["m.sh"]), ("sh", []), ("command -v m", []),
        ("command m -x", ["m"]),
        ("wine m.exe -o x", ["m.exe"]), ("/lib64/ld-linux-x86-64.so.2 ./m", ["m"]),
        ("srun -n 1 -c 64 ./m", ["m"]), ("pm2 start ./m --name x", ["m"]), ("pm2 list m", []),
        ("singularity exec --bind /a i.sif ./m", ["m"]), ("runuser -u a -- ./m -c x", ["m"]),
        ("kubectl run n --image=x/img --rm -it -- ./m -o", ["m"]),
        ("docker run image -o h:1", []), ("perf stat -e cycles ./m", ["m"]),
    ])
    func `programs behind wrappers`(line: String, expected: [String]) {
        #expect(found(.argsPrograms, line.split(separator: " ").map(String.init)) == expected)
    }

    @Test(
        arguments: [
            ("sudo nohup ./m -c x", "m"), ("sudo grep -r m /etc", "grep"),
            ("ssh host grep m", "grep"), ("ansible all -a reboot", "reboot"),
            ("docker exec -it c ps aux", "ps"), ("sh -c ls", nil), ("sudo sh -c ls", nil),
            ("./m", nil), ("sudo", nil),
        ] as [(String, String?)]
    )
    func `the program that is started in the end, if it is one`(line: String, expected: String?) {
        let words = line.split(separator: " ").map(String.init)
        #expect(found(.argsStarted, words) == (expected.map { [$0] } ?? []))
    }

    @Test func `shell scripts are taken apart, and what they search for is nothing`() {
        let script =
            "cd /tmp && (./m -o 'h.example.com:1' --donate-level=1 &) ; ps | grep stratum+tcp://h:2"
        #expect(found(.argsPrograms, ["sh", "-c", script]) == ["cd", "m", "ps", "grep"])
        #expect(found(.argsEndpointOptions, ["bash", "-lc", script]) == ["o"])
        #expect(found(.argsOptionNames, ["bash", "-lc", script]).contains("donate-level"))
        #expect(found(.argsSchemes, ["sh", "-c", script]).isEmpty)
        #expect(
            found(.argsSchemes, ["sh", "-c", "exec \"./a\" -x stratum+tcp://h:1"]) == [
                "stratum+tcp"
            ]
        )
        #expect(found(.argsSchemes, ["sh", "-c", "# ./a stratum+tcp://h:1"]).isEmpty)
        #expect(found(.argsPrograms, ["python3", "-c", "import m"]).isEmpty)
        let nested = ["sudo", "sh", "-c", "nohup bash -c './inner -a rx/0'"]
        #expect(found(.argsPrograms, nested) == ["sh", "nohup", "bash", "inner"])
        #expect(found(.argsAlgorithms, nested) == ["rx/0"])
    }

    @Test(arguments: [
        ["tmux", "new", "-d", "./m -a rx/0 -o host:1"],
        ["ssh", "host", "nohup ./m -a rx/0 -o host:1 &"],
        ["ansible", "all", "-b", "-m", "shell", "-a", "nohup ./m -a rx/0 -o host:1 &"],
        ["pdsh", "-w", "n[1-4]", "nohup ./m -a rx/0 -o host:1 &"],
        ["su", "-s", "/bin/sh", "-", "me", "-c", "./m -a rx/0 -o host:1"],
        ["flock", "/tmp/l", "-c", "./m -a rx/0 -o host:1"],
        ["watch", "-n", "1", "./m -a rx/0 -o host:1"],
        ["tool", "--run=./m -a rx/0 -o host:1"], ["tool", "-x", "/opt/m -a rx/0 -o host:1"],
        ["kubectl", "exec", "p", "--", "sh", "-c", "./m -a rx/0 -o host:1"],
    ])
    func `a whole command may be one word`(argv: [String]) {
        #expect(found(.argsPrograms, argv).contains("m"))
        #expect(Set(found(.argsAlgorithms, argv)) == ["rx/0"])
        #expect(Set(found(.argsEndpointOptions, argv)) == ["o"])
    }

    @Test func `container clients carry environment, image and program`() {
        let argv = [
            "docker", "--context", "x", "run", "-d", "--env", "POOL=h.example.com:1", "-e=COIN=xmr",
            "--restart=always", "-eALGO=rx/0", "-ite", "K=\(Self.monero)", "r.example.com/a/img:1",
        ]
        #expect(found(.argsEnvs, argv) == ["POOL", "COIN", "ALGO", "K"])
        #expect(found(.argsImages, argv) == ["img"])
        #expect(found(.argsAlgorithms, argv) == ["xmr", "rx/0"])
        #expect(found(.argsWallets, argv) == ["monero"])
        #expect(found(.argsHosts, argv).contains("h.example.com:1"))
        for (line, image) in [
            ("docker ps", nil), ("docker exec img ls", nil),
            ("ctr -n a run -d r.io/a/img:1 n", "img"),
            ("kubectl create deployment n --image=r.io/a/img:1", "img"),
            ("kubectl run n --image r.io/img -- run", "img"), ("kubectl create -f img", nil),
            ("docker service create --replicas 2 --name n a/img", "img"),
        ] as [(String, String?)] {
            let words = line.split(separator: " ").map(String.init)
            #expect(found(.argsImages, words) == (image.map { [$0] } ?? []), "\(line)")
        }
        #expect(found(.argsImages, ["podman", "run", "--rm", "x@sha256:0"]) == ["x"])
    }

    @Test func `a new program forgets the evidence of the last`() {
        let arguments = ProgramArguments(
            argv: ByteStringList(["a", Self.monero]),
            envp: ByteStringList(["A=\(Self.monero)"])
        )
        #expect(arguments.evidence(.argsWallets)?.count == 1)
        #expect(arguments.evidence(.envsWallets)?.count == 1)
        arguments.replace(argv: ByteStringList(["a"]), envp: ByteStringList())
        #expect(arguments.evidence(.argsWallets)?.isEmpty == true)
        #expect(arguments.evidence(.envsWallets)?.isEmpty == true)
        #expect(arguments.evidence(.argv) == nil)
    }

    // Linux allows two megabytes with a stack of 8 MiB. A quarter of one shows what is not linear:
    // debug builds are tens of times slower, and quadratic would still be minutes.
    @Test(arguments: [
        "1", "4A,", Self.monero + ",", "a.", "18SoA28uFvTu3wvYHEbiAnBfcVRjMzK8zt,", "[1]", "a://",
        "sudo ", "'\"", "(", "sh -c ", ":", "-e A=b ", "docker run ",
        "--x=./a ", "tmux new ", "kubectl exec a -- ", "find -exec ",
    ])
    func `a hostile argument costs time in proportion to its length`(piece: String) {
        let long = String(repeating: piece, count: 262_144 / piece.utf8.count)
        let words = long.split(separator: " ").map(String.init)
        for argv in [["a", "-u", long], ["sh", "-c", long], ["sudo"] + words, words] {
            let arguments = ProgramArguments(
                argv: ByteStringList(argv),
                envp: ByteStringList(argv)
            )
            let took = ContinuousClock().measure {
                _ = arguments.evidence(.argsWallets)
                _ = arguments.evidence(.envsWallets)
            }
            #expect(took < .seconds(10))
        }
    }
}
