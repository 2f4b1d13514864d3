// An overlay and the filesystem of its layers: which path is told, and how often.

import Glibc
import Testing

@Suite("LiveTests: overlays", .serialized, .requiresLiveKernel)
struct OverlayTests {
    /// Which filesystems are held besides the one of the layers.
    enum Held: String, CaseIterable, Sendable {
        case layers = "the filesystem of the layers"
        case both = "the overlay as well"
    }

    @Test(arguments: Held.allCases)
    func `a program is told of once, by the path that its process sees`(held: Held) throws {
        let host = try OverlayHost(held)
        for name in ["/static", "/dynamic", "/script"] {
            let result = try host.start(host.merged + name)
            #expect(result.answer == "ok" && result.end == "exit:0", "\(result)")
            host.expectOne(result, path: host.merged + name)
        }
    }

    @Test(arguments: Held.allCases)
    func `a program written to the upper layer is told of by its path`(held: Held) throws {
        let host = try OverlayHost(held)
        let path = host.merged + "/new"
        try Files.copy(host.merged + "/static", to: path)
        host.expectOne(try host.start(path), path: path)
        // By a relative path, and by a symbolic link.
        let relative = try host.start("./new", launcher: ["env", Bytes("--chdir=\(host.merged)")])
        host.expectOne(relative, path: path)
        try #require(symlink("new", host.merged + "/link") == 0)
        host.expectOne(try host.start(host.merged + "/link"), path: path)
    }

    @Test(arguments: Held.allCases)
    func `a rule about the path that the process sees denies`(held: Held) throws {
        let host = try OverlayHost(held, protection: .blocking)
        let program = host.merged + "/static"
        let result = try host.start(program, arguments: ["tool", "harmless"])
        #expect(result.answer == "EPERM", "\(result)\n\(host.live.record)")
        // Nobody has the path in the layer.
        let lower = host.live.root + "/lower/static"
        let other = try host.start(lower, arguments: ["tool", "harmless"])
        #expect(other.answer == "ok", "\(other)\n\(host.live.record)")
    }

    @Test func `in a root of its own the path is that of the root`() throws {
        let host = try OverlayHost(.layers)
        try Files.copy("\(StandIns.directory)/starter-static", to: host.merged + "/starter")
        let result = try host.start(
            "/static",
            starter: "/starter",
            launcher: ["chroot", Bytes(host.merged)]
        )
        host.expectOne(result, path: "/static")
    }
}

/// A live host with an overlay on its filesystem; the overlay is taken down with the value.
private final class OverlayHost {
    let live: LiveHost
    let merged: String

    init(_ held: OverlayTests.Held, protection: Protection = .monitoring) throws {
        let rules = """
            rules:
              - id: by_path
                expression: exec.file.path =~ "/tmp/*/watched/merged/static" && exec.args == "harmless"
                actions: [{kill: {signal: SIGKILL}}]

            """
        live = try LiveHost(
            LiveSettings(
                protection: protection,
                ruleFiles: ["path.yaml": rules],
                protectedRules: ["by_path"],
                watched: held == .both ? ["merged"] : [],
                prepare: Self.mountOverlay
            )
        )
        merged = live.root + "/merged"
    }

    deinit {
        live.daemon.kill(SIGKILL)
        _ = try? live.daemon.wait(upTo: .seconds(10))
        umount2(merged, CInt(MNT_DETACH))
    }

    private static func mountOverlay(on root: String) throws {
        for name in ["lower", "upper", "work", "merged"] {
            try Files.makeDirectory("\(root)/\(name)")
        }
        let lower = root + "/lower"
        try Files.copy("\(StandIns.directory)/standin-static", to: lower + "/static")
        try Files.copy("\(StandIns.directory)/standin-dynamic", to: lower + "/dynamic")
        try Files.write("#!\(root)/merged/static\n", to: lower + "/script", mode: 0o755)
        let options = "lowerdir=\(lower),upperdir=\(root)/upper,workdir=\(root)/work"
        guard mount("overlay", root + "/merged", "overlay", 0, options) == 0 else {
            throw LiveError("cannot mount an overlay: errno \(errno)")
        }
    }

    func start(
        _ program: String,
        starter: String = "\(StandIns.directory)/starter",
        arguments: [Bytes]? = nil,
        launcher: [Bytes] = []
    ) throws -> StartResult {
        try live.launch(
            [Bytes(starter), "execve"],
            program,
            arguments: arguments ?? [Bytes(program), live.minerArgument],
            environment: ["MW_SLEEP=200"],
            launcher: launcher
        ).finish()
    }

    func expectOne(_ result: StartResult, path: String) {
        let signals = live.signals(about: result.pid)
        #expect(signals.map(\.executable) == [path], "\(result)\n\(live.record)")
        #expect(signals.map(\.detectedBy) == ["held"], "\(live.record)")
    }
}
