// Datagrams to the service manager and to the journal, received by sockets of the test.

import Glibc
import LinuxSystem
import Testing

/// A datagram socket with an address, as the service manager and journald have.
private final class Receiver {
    let address: String
    let descriptor: CInt

    /// Binds in the abstract namespace, or to a path.
    init(_ address: String, bufferBytes: CInt? = nil) throws {
        self.address = address
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = address.hasPrefix("@")
        withUnsafeMutableBytes(of: &name.sun_path) { path in
            path.copyBytes(from: address.utf8)
            if isAbstract { path[0] = 0 }
        }
        let length = socklen_t(2 + address.utf8.count + (isAbstract ? 0 : 1))
        let code = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length)
            }
        }
        try #require(code == 0, "bind \(address): \(errno)")
    }

    deinit {
        close(descriptor)
        if address.hasPrefix("/") { unlink(address) }
    }

    /// One datagram, and the descriptor that came with it.
    func receive() -> (bytes: [UInt8], descriptor: CInt?) {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var control = [UInt64](repeating: 0, count: 8)
        var passed: CInt?
        var count = 0
        bytes.withUnsafeMutableBytes { payload in
            control.withUnsafeMutableBytes { space in
                var part = iovec(iov_base: payload.baseAddress, iov_len: payload.count)
                withUnsafeMutablePointer(to: &part) { parts in
                    var message = msghdr()
                    message.msg_iov = parts
                    message.msg_iovlen = 1
                    message.msg_control = space.baseAddress
                    message.msg_controllen = space.count
                    count = recvmsg(descriptor, &message, CInt(MSG_DONTWAIT))
                    // struct cmsghdr: length, level, type; then the descriptor.
                    if message.msg_controllen >= 20 {
                        passed = space.load(fromByteOffset: 16, as: CInt.self)
                    }
                }
            }
        }
        return (Array(bytes.prefix(max(0, count))), passed)
    }

    func text() -> String { String(decoding: receive().bytes, as: UTF8.self) }
}

/// The macros of the testing library cannot hold a value that is not copyable.
private func notifier(_ address: String) throws -> SdNotify {
    guard let notify = try SdNotify(address: address) else { throw CancellationError() }
    return notify
}

private func uniqueName(_ prefix: String) -> String {
    "\(prefix)minewarden-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
}

struct `Service manager notification` {
    @Test(arguments: ["@", "/tmp/"])
    func `arrives as one datagram`(prefix: String) throws {
        let receiver = try Receiver(uniqueName(prefix))
        let notify = try notifier(receiver.address)
        try notify.send(.ready, .status("3 rules\nREADY=0\u{2028}active"))
        #expect(receiver.text() == "READY=1\nSTATUS=3 rules READY=0 active")
        try notify.send(.reloading(monotonicMicroseconds: 12_345))
        #expect(receiver.text() == "RELOADING=1\nMONOTONIC_USEC=12345")
        try notify.send(.stopping)
        #expect(receiver.text() == "STOPPING=1")
        try notify.send(.watchdog)
        #expect(receiver.text() == "WATCHDOG=1")
    }

    @Test func `needs a manager that asked for it`() throws {
        let absent = try SdNotify(address: nil) == nil
        let empty = try SdNotify(address: "") == nil
        #expect(absent && empty)
    }

    @Test(arguments: ["relative", "/", "@", "vsock:2:1"])
    func `refuses addresses of another kind`(address: String) {
        #expect(throws: SystemError.self) { _ = try SdNotify(address: address) }
    }

    @Test func `refuses an address that does not fit`() throws {
        let notify = try notifier("/" + String(repeating: "x", count: 200))
        #expect(throws: SystemError.self) { try notify.send(.ready) }
    }
}

struct `Journal socket` {
    @Test func `sends an entry in a datagram`() throws {
        let receiver = try Receiver(uniqueName("/tmp/"))
        let journal = try JournalSocket(path: receiver.address)
        let entry = Array("MESSAGE=hello\n".utf8)
        #expect(outcome(journal, entry) == .sent)
        #expect(receiver.receive().bytes == entry)
    }

    @Test func `passes an entry that is too big in a sealed file`() throws {
        let receiver = try Receiver(uniqueName("@"))
        let journal = try JournalSocket(path: receiver.address)
        var entry = Array("MESSAGE=".utf8)
        for index in 0..<(4 << 20) { entry.append(UInt8(ascii: "a") + UInt8(index % 26)) }
        #expect(outcome(journal, entry) == .sent)
        let received = receiver.receive()
        #expect(received.bytes.isEmpty)
        let file = try #require(received.descriptor)
        defer { close(file) }
        #expect(try FileIdentity(descriptor: file).sizeBytes == UInt64(entry.count))
        var content = [UInt8](repeating: 0, count: entry.count)
        #expect(pread(file, &content, content.count, 0) == content.count)
        #expect(content == entry)
        #expect(pwrite(file, "x", 1, 0) == -1)
        #expect(ftruncate(file, 0) == -1)
    }

    @Test func `says that the journal is slow, and goes on when it is not`() throws {
        let receiver = try Receiver(uniqueName("@"))
        let journal = try JournalSocket(path: receiver.address)
        let entry = Array("MESSAGE=x\n".utf8)
        var sent = 0
        while outcome(journal, entry) == .sent, sent < 100_000 { sent += 1 }
        #expect(sent < 100_000)
        #expect(outcome(journal, entry) == .full)
        _ = receiver.receive()
        #expect(outcome(journal, entry) == .sent)
    }

    @Test func `says that there is no journal, and finds it when there is`() throws {
        let path = uniqueName("/tmp/")
        let journal = try JournalSocket(path: path)
        let entry = Array("MESSAGE=x\n".utf8)
        #expect(outcome(journal, entry) == .absent)
        var receiver: Receiver? = try Receiver(path)
        #expect(outcome(journal, entry) == .sent)
        #expect(receiver?.receive().bytes == entry)
        receiver = nil
        #expect(outcome(journal, entry) == .absent)
    }

    private func outcome(_ journal: borrowing JournalSocket, _ entry: [UInt8])
        -> JournalSocket.Outcome
    {
        journal.send(entry.span)
    }
}
