// Stream sockets of this host (unix(7)): listening, connecting, and who is at the other end.

import CLinux
import Glibc
import SystemPackage

/// Who is at the other end of a connection, as the kernel noted it when the connection was made.
package struct PeerCredentials: Sendable, Equatable {
    /// The process that connected; 0 if it is of another pid namespace.
    package var pid: Int32
    package var user: UInt32
    package var group: UInt32
    /// Its further groups.
    package var groups: [UInt32]

    package init(pid: Int32, user: UInt32, group: UInt32, groups: [UInt32] = []) {
        self.pid = pid
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// Whether it is in a group.
    package func isMember(of other: UInt32) -> Bool { group == other || groups.contains(other) }
}

/// A socket with a name that others connect to; for one thread.
package struct ListeningSocket: ~Copyable, Sendable {
    private let socket: OwnedFD
    private let path: String

    /// Listens at a path that everybody may connect to; a leftover of a dead process is replaced.
    ///
    /// Missing directories are not made.
    /// - Throws: EADDRINUSE if somebody is listening there; what bind(2) says.
    package init(path: String) throws(SystemError) {
        let isAlive: Bool
        do throws(SystemError) {
            _ = try LocalConnection(path: path)
            isAlive = true
        } catch {
            isAlive = false
        }
        guard !isAlive else {
            throw SystemError(
                call: "bind",
                errno: .addressInUse,
                subject: path,
                remedy: "another minewardend is running"
            )
        }
        unsafe unlink(path)
        let opened = try openSocket()
        let number = opened.raw
        try unsafe withAddress(path) { (address, length) throws(SystemError) in
            try retrying("bind", on: path) { unsafe bind(number, address, length) }
        }
        // Who may ask for what is decided per request, by the peer's credentials.
        try retrying("chmod", on: path) { unsafe chmod(path, 0o666) }
        try retrying("listen", on: path) { listen(number, 64) }
        socket = opened
        self.path = path
    }

    /// The next connection; waits for it.
    package func accept() throws(SystemError) -> LocalConnection {
        while true {
            let number = socket.raw
            _ = try poll(number, for: POLLIN, timeout: nil, subject: path)
            do throws(SystemError) {
                return LocalConnection(
                    OwnedFD(try retrying("accept4", on: path) { clinux_accept(number) })
                )
            } catch {
                // The peer went away before it was its turn.
                guard
                    error.errno == .resourceTemporarilyUnavailable
                        || error.errno == .connectionAbort
                else { throw error }
            }
        }
    }
}

/// One connection; bytes in both directions, under deadlines.
package struct LocalConnection: ~Copyable, Sendable {
    private let socket: OwnedFD

    init(_ socket: consuming OwnedFD) { self.socket = socket }

    /// Connects to a listening socket.
    ///
    /// - Throws: ENOENT, ECONNREFUSED if nobody listens; EACCES; EAGAIN if its queue is full.
    package init(path: String) throws(SystemError) {
        let opened = try openSocket()
        let number = opened.raw
        try unsafe withAddress(path) { (address, length) throws(SystemError) in
            try retrying("connect", on: path) { unsafe connect(number, address, length) }
        }
        socket = opened
    }

    /// Who is at the other end.
    package func peer() throws(SystemError) -> PeerCredentials {
        var peer = PeerCredentials(pid: 0, user: .max, group: .max)
        let number = socket.raw
        try retrying("getsockopt", on: "SO_PEERCRED") {
            unsafe clinux_peer(number, &peer.pid, &peer.user, &peer.group)
        }
        // NGROUPS_MAX (limits.h): more than this nobody has.
        var groups = [UInt32](repeating: 0, count: 65_536)
        let count = try retrying("getsockopt", on: "SO_PEERGROUPS") {
            unsafe clinux_peer_groups(number, &groups, groups.count)
        }
        peer.groups = Array(groups.prefix(Int(count)))
        return peer
    }

    /// Reads up to the first newline, which is not returned; what follows is ignored.
    ///
    /// - Throws: ETIMEDOUT at the deadline (monotonic nanoseconds), EMSGSIZE past the limit,
    ///   ECONNRESET if the connection ends before.
    package func readLine(limitBytes: Int, deadline: UInt64) throws(SystemError) -> [UInt8] {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = try receive(into: &chunk, deadline: deadline)
            guard count > 0 else { throw failure("recv", .connectionReset) }
            if let end = chunk[..<count].firstIndex(of: UInt8(ascii: "\n")) {
                line += chunk[..<end]
                guard line.count <= limitBytes else { throw failure("recv", .messageTooLong) }
                return line
            }
            line += chunk[..<count]
            guard line.count <= limitBytes else { throw failure("recv", .messageTooLong) }
        }
    }

    /// Writes everything.
    ///
    /// - Throws: ETIMEDOUT at the deadline, EPIPE if the peer has gone.
    package func write(_ bytes: [UInt8], deadline: UInt64) throws(SystemError) {
        let number = socket.raw
        var offset = 0
        while offset < bytes.count {
            do throws(SystemError) {
                offset += try retrying("send", on: "control connection") {
                    unsafe bytes.withUnsafeBytes {
                        unsafe send(
                            number,
                            $0.baseAddress?.advanced(by: offset),
                            bytes.count - offset,
                            CInt(MSG_NOSIGNAL)
                        )
                    }
                }
            } catch {
                guard error.errno == .resourceTemporarilyUnavailable else { throw error }
                try wait(for: POLLOUT, until: deadline)
            }
        }
    }

    private func receive(
        into chunk: inout [UInt8],
        deadline: UInt64
    ) throws(SystemError) -> Int {
        let number = socket.raw
        while true {
            try wait(for: POLLIN, until: deadline)
            do throws(SystemError) {
                return try retrying("recv", on: "control connection") {
                    unsafe chunk.withUnsafeMutableBytes {
                        unsafe recv(number, $0.baseAddress, $0.count, 0)
                    }
                }
            } catch {
                guard error.errno == .resourceTemporarilyUnavailable else { throw error }
            }
        }
    }

    private func wait(for events: CInt, until deadline: UInt64) throws(SystemError) {
        let now = KernelClock.monotonic.nanoseconds
        guard now < deadline else { throw failure("poll", .timedOut) }
        let left = Duration.nanoseconds(Int64(clamping: deadline - now))
        let ready = try poll(
            socket.raw,
            for: events,
            timeout: left,
            subject: "control connection"
        )
        guard ready != 0 else { throw failure("poll", .timedOut) }
    }

    private func failure(_ call: String, _ errno: Errno) -> SystemError {
        SystemError(call: call, errno: errno, subject: "control connection")
    }
}

private func openSocket() throws(SystemError) -> OwnedFD {
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    return OwnedFD(try retrying("socket", on: "AF_UNIX") { socket(AF_UNIX, kind, 0) })
}

/// Gives a path as an address.
///
/// - Throws: ENAMETOOLONG past 107 bytes; what `body` throws.
private func withAddress(
    _ path: String,
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
) throws(SystemError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < capacity else {
        throw SystemError(call: "socket", errno: .fileNameTooLong, subject: path)
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
        for (index, byte) in path.utf8.enumerated() { unsafe bytes[index] = byte }
    }
    try unsafe withUnsafePointer(to: &address) { pointer throws(SystemError) in
        try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            raw throws(SystemError) in
            try unsafe body(raw, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
