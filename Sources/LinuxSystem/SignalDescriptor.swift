// Signals as records of a descriptor: no handlers, no reentrancy. Made by the main thread before
// any other thread exists, so that all inherit the mask.

import CLinux
import Glibc
import SystemPackage

/// Receives signals by reading.
package struct SignalDescriptor: ~Copyable, Sendable {
    /// One signal that was sent to this process.
    package struct Record: Sendable, Equatable {
        package let signal: CInt
        /// Who sent it; 0 for the kernel.
        package let senderPID: Int32
        package let senderUser: UInt32
    }

    private let file: OwnedFD

    /// Blocks these signals for the calling thread, and those it creates, and receives them here.
    package init(blocking signals: [CInt]) throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else {
            throw SystemError(call: "pthread_sigmask", errno: Errno(rawValue: code))
        }
        file = OwnedFD(try retrying("signalfd") { unsafe clinux_signalfd(&set) })
    }

    /// For poll(2) or epoll(7) by others: readable means a signal is pending.
    package var descriptor: CInt { file.raw }

    /// Takes one signal without blocking; nil if none is pending.
    package borrowing func next() throws(SystemError) -> Record? {
        var record = clinux_signal()
        let number = file.raw
        let count = try retrying("read", on: "signalfd") {
            unsafe clinux_read_signal(number, &record)
        }
        guard count > 0 else { return nil }
        return Record(
            signal: CInt(record.number),
            senderPID: Int32(bitPattern: record.sender_pid),
            senderUser: record.sender_uid
        )
    }
}
