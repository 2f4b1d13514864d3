// The execs that decisions are measured on.

import RuleLanguage

/// Ordinary execs, and one of a miner.
struct Execs {
    let benign = [
        exec("/usr/bin/ls", ["-la", "/srv/app"]),
        exec(
            "/usr/bin/gcc",
            "-DHAVE_CONFIG_H -I. -I.. -O2 -g -Wall -Wextra -fPIC -fstack-protector-strong -c pool.c -o pool.o"
                .split(separator: " ").map(String.init)
        ), exec("/usr/bin/python3", ["-m", "http.server", "--bind", "127.0.0.1", "8080"]),
        exec("/usr/bin/git", ["commit", "-m", "describe the thread pool and its proxy"]),
        exec("/bin/sh", ["-c", "for f in /etc/cron.daily/*; do test -x $f && $f; done"]),
    ]
    /// The last rule of the set matches it.
    let miner = exec(
        "/opt/m/xmrig",
        ["-o", "stratum+tcp://pool.example.net:3333", "--donate-level=1"]
    )
    static let minerRule = """
        rules:
          - id: miner
            expression: exec.args =~ "*stratum+tcp://*" || exec.args_options in [~"donate-level=*"]
            actions:
              - kill: {signal: SIGKILL}
        """
}

private func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }

private func exec(_ path: String, _ arguments: [String]) -> EventDescription {
    let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
        "LANG=C.UTF-8", "PWD=/srv/app", "SHELL=/bin/bash", "TERM=xterm-256color", "USER=root",
        "DD_SERVICE=web", "DD_ENV=production", "KUBERNETES_SERVICE_HOST=10.0.0.1",
    ]
    let ancestors: EventDescription.Value = .records([
        ["comm": .text("bash"), "file.path": .text("/usr/bin/bash"), "pid": .integer(200)],
        ["comm": .text("sshd"), "file.path": .text("/usr/sbin/sshd"), "pid": .integer(100)],
        [
            "comm": .text("systemd"), "file.path": .text("/usr/lib/systemd/systemd"),
            "pid": .integer(1),
        ],
    ])
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do {
        return try EventDescription(
            executable: Array(path.utf8),
            argv: bytes([name] + arguments),
            envp: bytes(environment),
            values: ["process.uid": .integer(1000), "process.ancestors": ancestors]
        )
    } catch {
        preconditionFailure(error.message)
    }
}
