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
    ])
    func `programs behind wrappers`(line: String, expected: [String]) {
        #expect(found(.argsPrograms, line.split(separator: " ").map(String.init)) == expected)
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
        #expect(found(.argsImages, ["docker", "ps"]).isEmpty)
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
