// Hands framed entries to journald. Knows nothing about fields: the bytes come framed.
// Any thread; never blocks, never retries: what was not taken is the caller's to keep.

import CLinux
import Glibc
import SystemPackage

/// The native socket of the journal.
package struct JournalSocket: ~Copyable, Sendable {
    /// What became of an entry.
    package enum Outcome: Sendable, Equatable {
        /// The journal has it.
        case sent
        /// The journal is too slow; try again later.
        case full
        /// There is no journal now: no socket, or nobody behind it.
        case absent
        /// The entry cannot be sent at all, or the system is out of something.
        case failed(SystemError)
    }

    /// Where journald listens.
    package static let systemPath = "/run/systemd/journal/socket"

    private let socket: DatagramSocket

    /// Opens a socket; journald need not be there yet.
    package init(path: String = Self.systemPath) throws(SystemError) {
        socket = try DatagramSocket(address: Array(path.utf8))
    }

    /// Sends one entry: in the datagram, or in a sealed memory file if that is too small.
    ///
    /// `entry` is one whole entry in the native protocol.
    package borrowing func send(_ entry: Span<UInt8>) -> Outcome {
        do throws(SystemError) {
            try socket.send(entry)
            return .sent
        } catch {
            guard error.errno == .messageTooLong || error.errno == .noBufferSpace else {
                return Self.outcome(error)
            }
        }
        do throws(SystemError) {
            try sendInMemoryFile(entry)
            return .sent
        } catch {
            return Self.outcome(error)
        }
    }

    private borrowing func sendInMemoryFile(_ entry: Span<UInt8>) throws(SystemError) {
        let file = OwnedFD(
            try retrying("memfd_create") {
                unsafe entry.withUnsafeBytes { bytes in
                    guard let start = bytes.baseAddress else { return -1 }
                    return unsafe clinux_sealed_memory("journal-entry", start, bytes.count)
                }
            }
        )
        // The number alone would not keep the file open until it is sent.
        try withExtendedLifetime(file) { () throws(SystemError) in
            try socket.send(Span(), passing: file.raw)
        }
    }

    private static func outcome(_ error: SystemError) -> Outcome {
        switch error.errno {
        case .resourceTemporarilyUnavailable: .full
        case .noSuchFileOrDirectory, .connectionRefused: .absent
        default: .failed(error)
        }
    }
}
