// An unconnected, non-blocking AF_UNIX datagram socket: what sd_notify and the journal have in
// common. Unconnected, so that it survives a restart of the receiver.

import CLinux
import Glibc
import SystemPackage

/// Sends datagrams to a local address.
struct DatagramSocket: ~Copyable, Sendable {
    private let socket: OwnedFD
    private let address: [UInt8]

    /// Opens a socket for an address that need not exist yet.
    ///
    /// The address is a path, or `@` and an abstract name.
    init(address: [UInt8]) throws(SystemError) {
        precondition(!address.isEmpty, "an address has a name")
        self.address = address
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socket = OwnedFD(
            try retrying("socket", on: "AF_UNIX") { Glibc.socket(AF_UNIX, kind, 0) }
        )
    }

    /// Sends one datagram, or one descriptor without bytes.
    borrowing func send(
        _ bytes: Span<UInt8>,
        passing descriptor: CInt = -1
    ) throws(SystemError) {
        let number = socket.raw
        try retrying("sendmsg", on: String(decoding: address, as: UTF8.self)) {
            unsafe bytes.withUnsafeBufferPointer { payload in
                unsafe address.withUnsafeBytes { path in
                    // The address is not empty, so there is a base address.
                    unsafe clinux_send_datagram(
                        number,
                        path.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped,
                        path.count,
                        payload.baseAddress,
                        payload.count,
                        descriptor
                    )
                }
            }
        }
    }
}
