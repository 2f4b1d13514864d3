// The control socket under peers that are slow, silent or hostile.

import Glibc
import Testing

@Suite("LiveTests: control socket", .serialized, .requiresLiveKernel)
struct ControlTests {
    /// One connection of this process to a host's daemon.
    private final class Connection {
        private let descriptor: CInt

        init(_ host: LiveHost) throws {
            descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                for (index, byte) in "\(host.scratch)/run/control.sock".utf8.enumerated() {
                    bytes[index] = byte
                }
            }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard result == 0 else { throw LiveError("cannot connect: errno \(errno)") }
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(
                descriptor,
                SOL_SOCKET,
                SO_RCVTIMEO,
                &limit,
                socklen_t(MemoryLayout<timeval>.size)
            )
        }

        deinit { close(descriptor) }

        /// False if the daemon has closed the connection.
        func send(_ bytes: [UInt8]) -> Bool {
            Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
        }

        /// Everything up to the end.
        func receive() -> String {
            var all: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 {
                all += chunk[..<count]
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    @Test func `peers that say nothing delay neither requests nor verdicts`() throws {
        let host = try LiveHost()
        let silent = try (0..<20).map { _ in try Connection(host) }
        let start = ContinuousClock.now
        #expect(try host.minewarden("status").code == 0)
        #expect(try host.start().answer == "EPERM")
        #expect(ContinuousClock.now - start < .seconds(3))
        // They are dropped in the end.
        let before = ContinuousClock.now
        #expect(silent[0].receive() == "")
        #expect(ContinuousClock.now - before < .seconds(8))
    }

    @Test func `one user cannot take all connections`() throws {
        let host = try LiveHost()
        let hog = try host.run(
            ["/usr/bin/python3", "-c", Self.hog, "\(host.scratch)/run/control.sock"],
            by: .stranger
        )
        #expect(hog.output == "4 held\n", "\(hog)")
        #expect(try host.minewarden("status").code == 0)
    }

    /// Opens ten connections and counts those that are not turned away.
    private static let hog = """
        import socket, sys, time
        all = []
        for _ in range(10):
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            s.settimeout(1)
            all.append(s)
        held = 0
        for s in all:
            try:
                assert b'"busy"' in s.recv(4096)
            except TimeoutError:
                held += 1
        print(held, "held")
        """

    @Test(arguments: ["\n", "{}\n", "[[[[[[[[[[[[\n", "\u{0}\u{1}\n", "{\"minewarden\":2}\n"])
    func `a line that is no request is refused`(line: String) throws {
        let host = try LiveHost()
        let connection = try Connection(host)
        #expect(connection.send(Array(line.utf8)))
        #expect(connection.receive().contains("bad-request"))
        #expect(try host.minewarden("status").code == 0)
    }

    @Test func `a request without an end is dropped at the limit`() throws {
        let host = try LiveHost()
        let connection = try Connection(host)
        let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 16)
        var count = 0
        while count < 100, connection.send(chunk) { count += 1 }
        #expect(count < 100)
        #expect(try host.minewarden("status").code == 0)
    }

    @Test func `a second daemon does not take the socket away`() throws {
        let host = try LiveHost()
        let other = try Child(
            [
                Bytes(StandIns.daemon), "--no-guardian", "--config-dir",
                Bytes(host.scratch + "/config"), "--state-dir", Bytes(host.scratch + "/state2"),
                "--runtime-dir", Bytes(host.scratch + "/run"), "--rules-dir",
                Bytes(host.scratch + "/rules"), "--watch", Bytes(host.root), "--output", "json",
            ],
            scratch: host.scratch
        )
        host.waitUntil(.seconds(10)) { other.output.contains("\"started\"") }
        #expect(other.errorOutput.contains("another minewardend is running"))
        other.kill(SIGKILL)
        _ = try other.wait(upTo: .seconds(5))
        #expect(try host.minewarden("status").code == 0)
    }
}
