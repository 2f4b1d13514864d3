// Ways around the judge that need no privilege: each of them once ran a program that a rule blocks,
// or kept others from running.

import Glibc
import Testing

@Suite("LiveTests: evasions", .serialized, .requiresLiveKernel)
struct EvasionTests {
    private static let nameRule = """
        rules:
          - id: live_name
            expression: exec.file.name == "miner-@TOKEN@"
            actions:
              - kill:
                  signal: SIGKILL

        """

    private static let unlimitedRule = """
        rules:
          - id: live_unlimited
            expression: exec.args =~ "*stratum+tcp://@TOKEN@.example*"
            every: 0
            actions:
              - kill:
                  signal: SIGKILL

        """

    private func hostWithNames() throws -> LiveHost {
        try LiveHost(
            LiveSettings(
                ruleFiles: ["name.yaml": Self.nameRule],
                protectedRules: ["live_name"]
            )
        )
    }

    /// Reading the group opens the event's file, and that waits for a lease to be given back.
    @Test func `leases on executables hold up nobody else's exec`() throws {
        let host = try LiveHost()
        let harmless = { () throws -> StartResult in
            let path = host.root + "/standin-static"
            return try host.start(arguments: [Bytes(path), "--help"])
        }
        var lessees: [Child] = []
        for number in 0..<8 {
            let path = "\(host.root)/leased-\(number)"
            try Files.copy("\(StandIns.directory)/standin-static", to: path)
            lessees.append(
                try Child(
                    [Bytes("\(StandIns.directory)/lessee"), Bytes(path)],
                    scratch: host.scratch
                )
            )
        }
        defer { for lessee in lessees { lessee.kill(SIGKILL) } }
        for lessee in lessees {
            let isReady = host.waitUntil(.seconds(3)) { lessee.output.contains("leased") }
            #expect(isReady, "\(lessee.errorOutput)")
        }
        for _ in 0..<4 {
            let result = try harmless()
            #expect(result.answer == "ok", "\(result)")
            #expect(result.microseconds < 500_000, "\(result)")
        }
    }

    /// An answer to one task wakes all that wait, and a task that is awake shows no call.
    @Test func `among many execs at once every miner is denied`() throws {
        let host = try LiveHost(
            LiveSettings(
                ruleFiles: ["unlimited.yaml": Self.unlimitedRule],
                protectedRules: ["live_unlimited"]
            )
        )
        let shells = 6
        let rounds = 100
        // No miner's word in the shell's own arguments: it would not be held, but it would be judged.
        let script = """
            denied=0 i=0
            while [ $i -lt \(rounds) ]; do
                i=$((i + 1))
                "$1" --help; "$1" --help; "$1" --help
                "$1" "$MW_ARGUMENT" 2>/dev/null
                [ $? -eq 126 ] && denied=$((denied + 1))
            done
            echo "denied=$denied"
            """
        let path = host.root + "/standin-static"
        let variable = Bytes(
            "MW_ARGUMENT=\(String(decoding: host.minerArgument.value, as: UTF8.self))"
        )
        let children = try (0..<shells).map { _ in
            try Child(
                ["/bin/sh", "-c", Bytes(script), "sh", Bytes(path)],
                environment: Child.plainEnvironment + [variable],
                scratch: host.scratch
            )
        }
        for child in children {
            _ = try child.wait(upTo: .seconds(60))
            #expect(child.output == "denied=\(rounds)\n", "\(child.errorOutput)")
        }
        // One signal each, of a rule without a limit; of the other as many as its rate lets pass.
        let all = shells * rounds
        host.waitUntil(.seconds(20)) {
            usleep(100_000)
            let lines = host.daemon.output.split(separator: "\n")
            return lines.count { $0.contains("\"live_unlimited\"") } >= all
        }
        let signals = host.signals
        let unlimited = signals.filter { $0.rule == "live_unlimited" }
        let limited = signals.filter { $0.rule == LiveHost.rule }
        #expect(unlimited.count == all, "\(unlimited.count)\n\(host.daemon.errorOutput)")
        #expect(limited.count >= 40 && limited.count < all, "\(limited.count)")
        #expect((unlimited + limited).allSatisfy { $0.outcome == "denied" }, "\(host.record)")
    }

    /// The failed exec is reported by nobody; the next one must not pass for its continuation.
    @Test func `an exec after a failed script is judged for itself`() throws {
        let host = try hostWithNames()
        let miner = "\(host.root)/miner-\(host.token)"
        try Files.copy("\(StandIns.directory)/standin-static", to: miner)
        _ = try host.addScript("miner-\(host.token).first", interpreter: "/no/such/interpreter")
        let result = try host.start("second-try", miner, arguments: [Bytes(miner), "--help"])
        expectDenied(result, host)
    }

    @Test func `an exec of a loader after a failed program is judged for itself`() throws {
        let host = try hostWithNames()
        let program = try host.addOwnLoader()
        let miner = "\(host.root)/miner-\(host.token)"
        try Files.copy("\(StandIns.directory)/standin-dynamic", to: miner)
        // A program whose loader is not there any more, and the loader under a name of its own.
        try Files.copy(program, to: "\(host.root)/loader.first")
        try Files.copy("\(host.root)/ld.so", to: "\(host.root)/loader")
        unlink("\(host.root)/ld.so")
        let loader = "\(host.root)/loader"
        let result = try host.start("second-try", loader, arguments: [Bytes(loader), Bytes(miner)])
        expectDenied(result, host)
    }

    @Test func `a loader behind a symbolic link does not hide what it loads`() throws {
        let host = try hostWithNames()
        _ = try host.addOwnLoader()
        let miner = "\(host.root)/miner-\(host.token)"
        try Files.copy("\(StandIns.directory)/standin-dynamic", to: miner)
        let link = "\(host.root)/run"
        symlink("ld.so", link)
        let result = try host.start("execve", link, arguments: [Bytes(link), Bytes(miner)])
        expectDenied(result, host)
    }

    /// A path beyond PATH_MAX has no text in /proc.
    @Test func `a loader in a directory too deep for a path is judged all the same`() throws {
        let host = try LiveHost()
        _ = try host.addOwnLoader()
        let script = """
            cd "$1" && i=0
            while [ $i -lt 25 ]; do
                n=$(printf '%0200d' $i); mkdir "$n" && cd -P "./$n" 2>/dev/null || exit 9
                i=$((i + 1))
            done
            cp "$1/ld.so" ./loader && exec ./loader "$1/standin-dynamic" "$2"
            """
        let shell = try Child(
            ["/bin/sh", "-c", Bytes(script), "sh", Bytes(host.root), host.minerArgument],
            scratch: host.scratch
        )
        let code = try shell.wait(upTo: .seconds(10))
        #expect(code == 126, "exit code \(code)\n\(shell.errorOutput)\n\(host.record)")
        // The shell itself is started with the miner's words, but does not lie on the host.
        let outcomes = host.signals(about: shell.pid).compactMap(\.outcome)
        #expect(outcomes == ["denied"], "\(host.record)")
    }

    private func expectDenied(_ result: StartResult, _ host: LiveHost) {
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(result.marker == nil, "\(result)")
        let signals = host.signals(of: "live_name")
        #expect(signals.map(\.outcome) == ["denied"], "\(host.record)")
    }
}
