// Tells the service manager about the daemon's state: sd_notify(3) without its library.
// Any thread; never blocks.

import Glibc
import SystemPackage

/// The notification socket of the service manager.
package struct SdNotify: ~Copyable, Sendable {
    /// What can be told.
    package enum Message: Sendable, Equatable {
        /// The service has started, or a reload is done.
        case ready
        /// A reload has begun, at this monotonic time.
        case reloading(monotonicMicroseconds: UInt64)
        /// The service is about to end.
        case stopping
        /// One line for `systemctl status`.
        case status(String)
        /// The watchdog may wait another period.
        case watchdog

        /// The text of the protocol, without a newline.
        package var text: String {
            switch self {
            case .ready: "READY=1"
            case .reloading(let now): "RELOADING=1\nMONOTONIC_USEC=\(now)"
            case .stopping: "STOPPING=1"
            // A newline would begin another assignment.
            case .status(let line):
                "STATUS=" + String(line.map { $0.isNewline ? " " : $0 })
            case .watchdog: "WATCHDOG=1"
            }
        }
    }

    private let socket: DatagramSocket

    /// Opens the socket that NOTIFY_SOCKET names; nil without one (not started by a manager).
    ///
    /// - Parameter address: The value of the variable: a path, or `@` and an abstract name.
    /// - Throws: EINVAL for an address of another kind.
    package init?(address: String?) throws(SystemError) {
        guard let address, !address.isEmpty else { return nil }
        guard address.hasPrefix("/") || address.hasPrefix("@"), address.utf8.count > 1 else {
            throw SystemError(call: "socket", errno: .invalidArgument, subject: "NOTIFY_SOCKET")
        }
        socket = try DatagramSocket(address: Array(address.utf8))
    }

    /// Sends some messages as one datagram.
    package borrowing func send(_ messages: Message...) throws(SystemError) {
        let text = messages.map(\.text).joined(separator: "\n")
        try socket.send(Array(text.utf8).span)
    }
}
