// What is taken out of a record, and what must stay because it is the evidence.

import Signals
import Testing

@Suite struct SecretScrubberTests {
    private func scrub(_ arguments: [String]) -> [String] {
        SecretScrubber.scrub(arguments: arguments.map { [UInt8]($0) }).map(\.text)
    }

    @Test(arguments: [
        ("--password=hunter2 and more", "--password=********"),
        ("password=hunter2", "password=********"),
        ("--db-password=hunter2", "--db-password=********"),
        ("-Dhttp.proxyPassword=hunter2", "-Dhttp.proxyPassword=********"),
        ("DB_PASS=hunter2", "DB_PASS=********"),
        ("userPass=hunter2", "userPass=********"),
        ("pwd=hunter2;server=db", "pwd=********;server=db"),
        ("--api-key=abc", "--api-key=********"),
        ("API_KEY: abc", "API_KEY: ********"),
        ("clientSecret=abc", "clientSecret=********"),
        ("https://x.example/?api_key=abc&pool=1", "https://x.example/?api_key=********&pool=1"),
        ("https://u:pa:ss@x.example/a@b", "https://u:********@x.example/a@b"),
        ("postgres://u:p@db/x?sslmode=a", "postgres://u:********@db/x?sslmode=a"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ********"),
        ("authorization:Basic dTpw", "authorization:Basic ********"),
        ("Authorization: abcdef", "Authorization: ********"),
        ("Cookie: session=a; other=b", "Cookie:********"),
        ("--password=stratum1", "--password=********"),
        ("token=stratum1", "token=********"),
        ("X-Api-Key: abc", "X-Api-Key: ********"),
        (
            "{\"password\": \"a b\", \"pool\": \"p\"}",
            "{\"password\": \"********\", \"pool\": \"p\"}"
        ),
        (#"{\"token\":\"abc\",\"pool\":\"p\"}"#, #"{\"token\":\"********\",\"pool\":\"p\"}"#),
        ("mysql --password=abc -h db; ./x", "mysql --password=******** -h db; ./x"),
        ("tool --password abc --pool p", "tool --password ******** --pool p"),
        (
            "curl -H 'Authorization: Bearer abc' http://x",
            "curl -H 'Authorization: Bearer ********' http://x"
        ),
        ("AWS_SECRET_ACCESS_KEY=abc/def+g", "AWS_SECRET_ACCESS_KEY=********"),
        ("id AKIAIOSFODNN7EXAMPLE end", "id ******** end"),
        ("https://ghp_0123456789abcdefghij@github.com/x", "https://********@github.com/x"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "********"),
    ])
    func `takes secrets out of one argument`(argument: String, expected: String) {
        #expect(scrub(["program", argument]) == ["program", expected])
        // The same argument is scrubbed again without change.
        #expect(scrub(["program", expected]) == ["program", expected])
    }

    @Test(arguments: [
        "stratum+tcp://pool.example:3333",
        "--user=48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD",
        "--algo=rx/0", "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", "--donate-level=1",
        "-px", "--tokenizer=llama", "--max_tokens=5", "bypass=1", "compass: north",
        "--password-file=/etc/x", "--password-stdin", "docker.io/secret:latest",
        "wallet:worker1", "--pwdump", "PWD", "git@github.com:org/repo.git", "passwords",
        "user@host:/path", "--passive", "http://[::1]:8080/x@y", "AKIAIOSFODNN7", "password", "",
    ])
    func `leaves what is no secret`(argument: String) {
        #expect(scrub(["program", argument, "next"]) == ["program", argument, "next"])
    }

    @Test(
        arguments: [
            (["x", "--password", "hunter2", "y"], ["x", "--password", "********", "y"]),
            (["x", "--token", "a b", "-o"], ["x", "--token", "********", "-o"]),
            (["x", "--ask-password", "--host", "h"], ["x", "--ask-password", "--host", "h"]),
            (["x", "--password"], ["x", "--password"]),
            (["--password", "x"], ["--password", "x"]),
            (
                ["xmrig", "-o", "p:1", "-u", "wallet", "-p", "x"],
                ["xmrig", "-o", "p:1", "-u", "wallet", "-p", "x"]
            ),
            (
                ["xmrig", "-o", "stratum+ssl://wallet.rig:secret@pool:443"],
                ["xmrig", "-o", "stratum+ssl://wallet.rig:********@pool:443"]
            ),
            (
                ["x", "--token", "stratum+tcp://w:x@pool:1"],
                ["x", "--token", "stratum+tcp://w:********@pool:1"]
            ),
            (["x", "--secret=stratum+tcp://pool:1"], ["x", "--secret=stratum+tcp://pool:1"]),
            (
                ["sh", "-c", "password=a; ./xmrig -o stratum+tcp://pool:1 -u w"],
                ["sh", "-c", "password=********; ./xmrig -o stratum+tcp://pool:1 -u w"]
            ),
            (["/usr/bin/mysql", "-phunter2", "db"], ["/usr/bin/mysql", "-p********", "db"]),
            (["nmap", "-p1-1000"], ["nmap", "-p1-1000"]),
            (["sshpass", "-p", "hunter2", "ssh"], ["sshpass", "-p", "********", "ssh"]),
            (["curl", "-u", "bob:hunter2", "u"], ["curl", "-u", "bob:********", "u"]),
            (
                ["curl", "-H", "Authorization: Bearer abc"],
                ["curl", "-H", "Authorization: Bearer ********"]
            ),
        ] as [([String], [String])]
    )
    func `takes secrets out of an argument vector`(arguments: [String], expected: [String]) {
        #expect(scrub(arguments) == expected)
    }

    @Test(arguments: [
        ("MYSQL_PASSWORD=a b;c", "MYSQL_PASSWORD=********"),
        ("GITHUB_TOKEN=abc", "GITHUB_TOKEN=********"),
        ("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_ACCESS_KEY_ID=********"),
        ("PWD=/home/x", "PWD=/home/x"), ("OLDPWD=/", "OLDPWD=/"),
        ("http_proxy=http://u:p@proxy:1", "http_proxy=http://u:********@proxy:1"),
        ("DD_SERVICE=api", "DD_SERVICE=api"), ("TOKEN=", "TOKEN="), ("no equals", "no equals"),
    ])
    func `takes secrets out of an environment`(string: String, expected: String) {
        #expect(SecretScrubber.scrub(environmentString: [UInt8](string)).text == expected)
    }

    @Test func `replaces secrets of any length by the same marker`() {
        for length in [1, 2, 7, 100, 131_000] {
            let secret = String(repeating: "s", count: length)
            #expect(scrub(["x", "--password", secret])[2] == "********")
            #expect(scrub(["x", "--password=\(secret)"])[1] == "--password=********")
        }
    }

    @Test func `keeps bytes that are not text`() {
        let argument: [UInt8] = [0xFF] + [UInt8]("password=") + [0xFE, 0x20, 0xC3]
        let scrubbed = SecretScrubber.scrub(text: argument)
        #expect(scrubbed == [0xFF] + [UInt8]("password=********") + [0x20, 0xC3])
    }

    @Test(arguments: [
        "password=", "a://", "a:b@", "password=stratum", "token \"", "Bearer ", "=", "-",
    ])
    func `reads hostile repetition in linear time`(unit: String) {
        // A quadratic reader would take minutes here.
        let text = [UInt8](String(repeating: unit, count: 131_072 / unit.utf8.count))
        let clock = ContinuousClock()
        let elapsed = clock.measure { _ = SecretScrubber.scrub(text: text) }
        #expect(elapsed < .seconds(10))
    }

    @Test func `is never confused by where a string ends`() {
        let text = [UInt8](
            "curl --password 'a' \"token\": \\\"b\\\" https://u:p@h Bearer abcdefghij"
        )
        for length in 0...text.count {
            let scrubbed = SecretScrubber.scrub(text: Array(text.prefix(length)))
            #expect(scrubbed.count <= length + 8 * 4)
        }
    }
}

@Suite struct ArgumentRecordTests {
    @Test func `bounds what a signal keeps, and says so`() {
        let argv = (0..<5000).map { [UInt8]("argument-\($0)") }
        let record = ArgumentRecord(argv: argv)
        let total = record.values.reduce(record.argv0.count) { $0 + $1.count + 1 }
        #expect(record.isTruncated)
        #expect(total <= ArgumentRecord.defaultLimitBytes + 64)
        #expect(record.argv0.text == "argument-0")
        #expect(record.values.first?.text == "argument-1")
    }

    @Test func `scrubs before it cuts`() {
        let long = "https://user:" + String(repeating: "s", count: 9000) + "@host/"
        let record = ArgumentRecord(argv: [[UInt8]("x"), [UInt8](long)])
        #expect(record.values.map(\.text) == ["https://user:********@host/"])
    }

    @Test func `keeps a short vector whole`() {
        let record = ArgumentRecord(argv: [[UInt8]("x"), [0xFF], []])
        #expect(record.argv0.text == "x")
        #expect(record.values == [[0xFF], []])
        #expect(!record.isTruncated)
        #expect(ArgumentRecord(argv: [[UInt8]("x")], isTruncated: true).isTruncated)
    }

    @Test func `keeps the names of variables, and the values of harmless ones`() {
        let record = EnvironmentRecord(
            envp: [
                "HOME=/root", "API=s3cret", "DD_SERVICE=api", "DD_SERVICE=b", "nonsense",
                "https_proxy=http://u:p@h",
            ].map { [UInt8]($0) }
        )
        #expect(
            record.names.map(\.text) == ["HOME", "API", "DD_SERVICE", "DD_SERVICE", "https_proxy"]
        )
        #expect(
            record.values.map(\.text)
                == ["DD_SERVICE=api", "DD_SERVICE=b", "https_proxy=http://u:********@h"]
        )
        #expect(record.service.text == "api")
        #expect(record.isTruncated)
    }

    @Test func `finds the service behind a flood of variables`() {
        let flood = (0..<10_000).map { [UInt8]("VARIABLE_\($0)=x") }
        let record = EnvironmentRecord(envp: flood + [[UInt8]("DD_SERVICE=api")])
        #expect(record.service.text == "api")
        #expect(record.isTruncated)
        #expect(record.names.reduce(0) { $0 + $1.count } <= EnvironmentRecord.limitBytes)
    }
}
