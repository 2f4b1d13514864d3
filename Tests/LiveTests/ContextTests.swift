// What surrounds the exec: environment, strange bytes, great lengths, identities, namespaces.

import Glibc
import Testing

@Suite("LiveTests: context", .serialized, .requiresLiveKernel)
struct ContextTests {
    private static let limit = 128 * 1024

    @Test(arguments: [Protection.monitoring, .blocking])
    func `a rule about the environment sees the environment to be`(
        protection: Protection
    ) throws {
        let host = try LiveHost(LiveSettings(protection: protection))
        let path = host.root + "/standin-static"
        let result = try host.start(
            arguments: [Bytes(path)],
            environment: [Bytes("POOL_\(host.token)=x:3333")]
        )
        #expect(result.answer == (protection == .blocking ? "EPERM" : "ok"), "\(result)")
        let signals = host.signals(of: "live_envs", about: result.pid)
        #expect(signals.count == 1, "\(result)\n\(host.record)")
        #expect(signals.first?.outcome == (protection == .blocking ? "denied" : "monitored"))
    }

    @Test func `two rules that match leave one signal each`() throws {
        let host = try LiveHost()
        let result = try host.start(environment: [Bytes("POOL_\(host.token)=x")])
        #expect(result.answer == "EPERM")
        #expect(host.signals(of: LiveHost.rule, about: result.pid).count == 1, "\(host.record)")
        #expect(host.signals(of: "live_envs", about: result.pid).count == 1, "\(host.record)")
    }

    @Test func `bytes that are not UTF-8 survive`() throws {
        let host = try LiveHost()
        let path = host.root + "/standin-static"
        let odd = Bytes([0x2d, 0xff, 0xfe, 0x20, 0xc3, 0x28, 0x0a, 0x1b, 0x22])
        let result = try host.start(arguments: [Bytes(path), odd, host.minerArgument, ""])
        #expect(result.answer == "EPERM", "\(result)")
        let signal = try #require(host.signals(about: result.pid).first, "\(host.record)")
        #expect(signal.arguments.count == 3, "\(host.record)")
        #expect(
            signal.arguments.dropFirst().first
                == String(decoding: host.minerArgument.value, as: UTF8.self)
        )
        #expect(signal.arguments.last == "")
    }

    @Test func `an empty argument vector is judged by what is there`() throws {
        let host = try LiveHost()
        let result = try host.start(
            arguments: [],
            environment: [Bytes("POOL_\(host.token)=x")]
        )
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
    }

    @Test(arguments: [0, 1000, 20_000])
    func `a long argument vector is judged to its end`(count: Int) throws {
        let host = try LiveHost()
        let path = host.root + "/standin-static"
        let filler = [Bytes](repeating: "-filler", count: count)
        let result = try host.start(arguments: [Bytes(path)] + filler + [host.minerArgument])
        #expect(result.answer == "EPERM", "\(result)\n\(host.record.prefix(2000))")
        #expect(result.marker == nil)
    }

    /// The kernel itself refuses a string of more than 128 KiB, but only after the event.
    @Test func `an argument at the limit of the kernel is judged`() throws {
        let host = try LiveHost()
        let path = host.root + "/standin-static"
        let long = Bytes.repeated("a", Self.limit - 1)
        let result = try host.start(arguments: [Bytes(path), long, host.minerArgument])
        #expect(result.answer == "EPERM", "\(result)\n\(host.record.prefix(2000))")
        let signal = try #require(host.signals(about: result.pid).first)
        #expect(signal.argumentsTruncated, "what a signal cuts must be marked")
    }

    @Test func `an argument over the limit of the kernel leads to no claim that it ran`() throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        let path = host.root + "/standin-static"
        let long = Bytes.repeated("a", Self.limit + 10)
        let result = try host.start(arguments: [Bytes(path), host.minerArgument, long])
        #expect(result.answer == "E2BIG", "\(result)")
        let signals = host.signals(about: result.pid)
        #expect(signals.allSatisfy { $0.outcome != "killed" && $0.outcome != "denied" })
        #expect(signals.count <= 1, "\(host.record.prefix(2000))")
    }

    @Test func `two mebibytes of strings are judged to the end`() throws {
        let host = try LiveHost()
        let path = host.root + "/standin-static"
        let block = Bytes.repeated("b", 100_000)
        let filler = [Bytes](repeating: block, count: 19)
        let result = try host.start(
            arguments: [Bytes(path)] + filler + [host.minerArgument],
            launcher: ["prlimit", "--stack=unlimited"]
        )
        #expect(result.answer == "EPERM", "\(result)")
        let signal = try #require(host.signals(about: result.pid).first)
        #expect(signal.argumentsTruncated)
    }

    @Test func `a setuid program is denied to an ordinary user`() throws {
        let host = try LiveHost()
        let path = host.root + "/standin-static"
        chmod(path, 0o4755)
        let result = try host.start(launcher: [
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
        ])
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        let signal = try #require(host.signals(about: result.pid).first, "\(host.record)")
        #expect(signal.outcome == "denied")
        #expect(signal.uid == 65534, "\(host.record)")
    }

    @Test func `the path in a signal is the one the process sees in its chroot`() throws {
        let host = try LiveHost()
        try Files.makeDirectory(host.root + "/jail")
        try Files.copy(host.root + "/standin-static", to: host.root + "/jail/tool")
        try Files.copy("\(StandIns.directory)/starter-static", to: host.root + "/jail/starter")
        let start = try host.launch(
            ["/starter", "execve"],
            "/tool",
            arguments: ["/tool", host.minerArgument],
            launcher: ["chroot", Bytes(host.root + "/jail")]
        )
        let result = try start.finish()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        let signal = try #require(host.signals(about: result.pid).first, "\(host.record)")
        #expect(signal.executable == "/tool", "\(host.record)")
    }

    @Test func `another mount namespace with a bind mount is no way out`() throws {
        let host = try LiveHost()
        try Files.makeDirectory(host.scratch + "/elsewhere")
        let elsewhere = host.scratch + "/elsewhere"
        let script = "mount --bind '\(host.root)' '\(elsewhere)' && exec \"$@\""
        let start = try host.launch(
            [Bytes("\(StandIns.directory)/starter"), "execve"],
            elsewhere + "/standin-static",
            launcher: ["unshare", "--mount", "sh", "-c", Bytes(script), "sh"]
        )
        let result = try start.finish()
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(result.marker == nil)
    }

    @Test func `an overlay over the watched filesystem is no way out`() throws {
        let host = try LiveHost()
        for name in ["upper", "work", "merged"] {
            try Files.makeDirectory(host.root + "/" + name)
        }
        try Files.makeDirectory(host.root + "/lower")
        try Files.copy(host.root + "/standin-static", to: host.root + "/lower/tool")
        let options =
            "lowerdir=\(host.root)/lower,upperdir=\(host.root)/upper,workdir=\(host.root)/work"
        let merged = host.root + "/merged"
        try #require(mount("overlay", merged, "overlay", 0, options) == 0)
        defer { umount2(merged, CInt(MNT_DETACH)) }
        let result = try host.start(
            "execve",
            merged + "/tool",
            arguments: ["tool", host.minerArgument]
        )
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(host.signals(about: result.pid).count == 1, "\(host.record)")
    }

    @Test func `a miner outside the watched filesystem is left alone`() throws {
        let host = try LiveHost()
        let path = "\(StandIns.directory)/standin-static"
        let result = try host.start(
            "execve",
            path,
            arguments: [Bytes(path), host.minerArgument],
            environment: ["MW_SLEEP=300"]
        )
        #expect(result.answer == "ok", "\(result)")
        #expect(result.end == "exit:0", "\(result)\n\(host.record)")
        #expect(host.signals(about: result.pid, atLeast: 0).isEmpty, "\(host.record)")
    }

    /// Whatever is mounted anywhere on the machine: it is not ours to hold.
    @Test func `with a path to watch nothing but its filesystem is marked`() throws {
        let host = try LiveHost()
        let other = try Child(
            [
                "unshare", "--mount", "sh", "-c",
                "mount -t tmpfs tmpfs /mnt && echo mounted && exec sleep 30",
            ],
            scratch: host.scratch
        )
        defer { other.kill(SIGKILL) }
        #expect(host.waitUntil(.seconds(5)) { other.output.contains("mounted") })
        // Execs in the other namespace would be what makes the daemon look there.
        #expect(try host.start().answer == "EPERM", "\(host.record)")
        usleep(500_000)
        var marks: Set<Substring> = []
        let directory = "/proc/\(try host.worker)/fdinfo"
        for number in 0..<64 {
            for line in Files.text(at: "\(directory)/\(number)").split(separator: "\n")
            where line.hasPrefix("fanotify sdev:") {
                marks.insert(line)
            }
        }
        #expect(marks.count == 1, "\(marks)")
    }

    @Test func `rules see the parent and the ancestors`() throws {
        let rules = """
            rules:
              - id: live_parent
                expression: >-
                  process.parent.comm == "starter" && exec.args == "parent-@TOKEN@"
                actions:
                  - kill:
                      signal: SIGKILL
              - id: live_ancestor
                expression: >-
                  process.ancestors.comm == "starter" && exec.args == "ancestor-@TOKEN@"
                actions:
                  - kill:
                      signal: SIGKILL

            """
        let host = try LiveHost(
            LiveSettings(
                ruleFiles: ["family.yaml": rules],
                protectedRules: ["live_parent", "live_ancestor"]
            )
        )
        let path = host.root + "/standin-static"
        for name in ["parent", "ancestor"] {
            let result = try host.start(arguments: [Bytes(path), Bytes("\(name)-\(host.token)")])
            #expect(result.answer == "EPERM", "\(name): \(result)\n\(host.record)")
            #expect(host.signals(of: "live_\(name)", about: result.pid).count == 1)
        }
    }
}
