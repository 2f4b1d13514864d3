// Every way to start a program, with monitoring and with blocking.

import Glibc
import Testing

@Suite("LiveTests: ways to start", .serialized, .requiresLiveKernel)
struct StartTests {
    @Test(arguments: Way.all)
    func `with monitoring it runs and leaves one signal`(way: Way) throws {
        try monitor(way)
    }

    @Test(arguments: Way.all)
    func `with blocking it never runs to its end and leaves one signal`(way: Way) throws {
        try block(way)
    }

    #if arch(x86_64)
    @Test(arguments: Way.compatible)
    func `a 32-bit caller with monitoring runs and leaves one signal`(way: Way) throws {
        try monitor(way)
    }

    @Test(arguments: Way.compatible)
    func `a 32-bit caller with blocking never starts its program`(way: Way) throws {
        try block(way)
    }

    @Test func `an x32 caller with blocking never starts its program`() throws {
        let host = try LiveHost()
        let result = try host.start("x32")
        // A kernel without the x32 interface knows no such call: nothing can be started by it.
        guard result.answer != "ENOSYS" else { return }
        #expect(result.answer == "EPERM", "\(result)\n\(host.record)")
        #expect(result.marker == nil, "\(result)")
    }

    @Test(.requires32Bit, arguments: [Protection.monitoring, .blocking])
    func `a 32-bit program is judged like any other`(protection: Protection) throws {
        let way = Way("a 32-bit program") { host in
            let path = "\(host.root)/standin-32"
            try Files.copy("\(StandIns.directory)/standin-32", to: path)
            return (path, [Bytes(path), host.minerArgument])
        }
        if protection == .monitoring { try monitor(way) } else { try block(way) }
    }
    #endif

    @Test(arguments: [Protection.monitoring, .blocking])
    func `a harmless program leaves no signal`(protection: Protection) throws {
        let host = try LiveHost(LiveSettings(protection: protection))
        for file in ["standin-static", "standin-dynamic"] {
            let path = "\(host.root)/\(file)"
            let result = try host.start("execve", path, arguments: [Bytes(path), "--help"])
            #expect(result.answer == "ok")
            #expect(result.end == "exit:0")
            #expect(result.marker == "RAN --help\nEND\n")
        }
        usleep(500_000)
        let detections = host.signals.filter { $0.rule != nil }
        #expect(detections.isEmpty, "\(host.record)")
    }

    @Test func `a disabled rule leaves the program and the journal alone`() throws {
        let host = try LiveHost(LiveSettings(protection: .disabled))
        let result = try host.start()
        #expect(result.end == "exit:0")
        #expect(host.signals(of: LiveHost.rule, atLeast: 1).isEmpty, "\(host.record)")
    }

    @Test func `a check of executability is refused and is not recorded as an exec`() throws {
        let host = try LiveHost()
        let result = try host.start("check")
        guard result.answer != "EINVAL" else { return }  // before Linux 6.14
        #expect(result.answer == "EPERM")
        let signals = host.signals(about: result.pid)
        #expect(signals.count == 1, "\(host.record)")
        #expect(signals.first?.isCheckOnly == true, "\(host.record)")
    }

    private func monitor(_ way: Way) throws {
        let host = try LiveHost(LiveSettings(protection: .monitoring))
        let (program, arguments) = try way.prepare(host)
        let result = try host.start(
            way.kind,
            program,
            arguments: arguments,
            environment: ["MW_SLEEP=200"]
        )
        #expect(result.answer == "ok", "\(result)")
        #expect(result.end == "exit:0", "\(result)")
        #expect(result.marker?.hasPrefix("RAN") == true, "\(result)")
        let signals = host.signals(about: result.pid)
        #expect(signals.count == 1, "\(result)\n\(host.record)")
        #expect(signals.first?.outcome == "monitored", "\(host.record)")
        #expect(signals.first?.whyMonitored == "monitoring", "\(host.record)")
    }

    private func block(_ way: Way) throws {
        let host = try LiveHost()
        let (program, arguments) = try way.prepare(host)
        let result = try host.start(
            way.kind,
            program,
            arguments: arguments,
            environment: ["MW_SLEEP=3000"]
        )
        let signals = host.signals(about: result.pid)
        #expect(signals.count == 1, "\(result)\n\(host.record)")
        switch way.stop {
        case .denied:
            #expect(result.answer == "EPERM", "\(result)")
            #expect(result.marker == nil, "\(result)")
            #expect(signals.first?.outcome == "denied", "\(host.record)")
        case .killed:
            #expect(result.answer == "ok", "\(result)")
            #expect(result.end == "signal:9", "\(result)")
            #expect(result.marker?.contains("END") != true, "\(result)")
            #expect(signals.first?.outcome == "killed", "\(host.record)")
        }
    }
}
