// Test execs, and what the service manager hears of them.

import Glibc
import Testing

@Suite("LiveTests: the watchdog", .serialized, .requiresLiveKernel)
struct WatchdogTests {
    @Test func `is fed while test execs are held and answered, and only then`() throws {
        let manager = try ServiceManager()
        var settings = LiveSettings()
        settings.hasCanary = true
        settings.launcher = ["env", Bytes("NOTIFY_SOCKET=\(manager.address)")]
        let host = try LiveHost(settings)
        #expect(manager.hears("READY=1", upTo: .seconds(2)), "\(host.record)")
        // A few periods: the first proof is there, and each counts for seven seconds.
        usleep(5_000_000)
        manager.forget()
        #expect(manager.hears("WATCHDOG=1", upTo: .seconds(2)), "\(host.record)")

        // An exec that is not held is answered, too: by the kernel.
        unlink(host.root + "/canary")
        usleep(8_500_000)
        manager.forget()
        #expect(!manager.hears("WATCHDOG=1", upTo: .seconds(3)), "\(host.record)")

        try LiveHost.writeCanary(host.root + "/canary")
        #expect(manager.hears("WATCHDOG=1", upTo: .seconds(5)), "\(host.record)")
        // It is an exec as any other, and no rule matches it.
        #expect(host.signals.allSatisfy { $0.rule == nil }, "\(host.record)")
        #expect(try host.start().answer == "EPERM")
    }

    @Test func `a stopped canary is no reason to replace the daemon`() throws {
        var settings = LiveSettings()
        settings.hasCanary = true
        let host = try LiveHost(settings)
        usleep(2_500_000)
        let canary = try #require(host.children.last)
        let worker = try host.worker
        #expect(canary != worker)
        kill(canary, SIGSTOP)
        usleep(3_000_000)
        #expect(try host.worker == worker)
        #expect(try host.start().answer == "EPERM", "\(host.record)")
        kill(canary, SIGKILL)
        #expect(
            host.waitUntil(.seconds(3)) {
                host.children.last != canary && host.children.count == 2
            },
            "the guardian has a new one"
        )
    }
}

/// Who hears what a service says of itself.
private final class ServiceManager {
    /// The value of NOTIFY_SOCKET: an abstract name.
    let address: String
    private let descriptor: CInt

    init() throws {
        address = "@minewarden-test-\(getpid())-\(UInt32.random(in: .min ... .max))"
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        let name = [0] + Array(address.utf8.dropFirst())
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let result = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard descriptor >= 0, result == 0 else { throw LiveError("no socket: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// What was said and not yet heard.
    private func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    func forget() { while next() != nil {} }

    /// Waits for a datagram with this line.
    func hears(_ line: String, upTo limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            while let text = next() {
                if text.split(separator: "\n").contains(line[...]) { return true }
            }
            usleep(20_000)
        }
        return false
    }
}
