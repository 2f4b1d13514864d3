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
        file = OwnedFD(
            try retrying("signalfd") { unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK)) }
        )
    }

    /// For poll(2) or epoll(7) by others: readable means a signal is pending.
    package var descriptor: CInt { file.raw }

    /// Takes one signal without blocking; nil if none is pending.
    package borrowing func next() throws(SystemError) -> Record? {
        var record = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let number = file.raw
        do throws(SystemError) {
            let count = try retrying("read", on: "signalfd") {
                unsafe read(number, &record, size)
            }
            // The kernel hands out whole records only.
            precondition(count == size)
        } catch {
            if error.errno == .resourceTemporarilyUnavailable { return nil }
            throw error
        }
        return Record(
            signal: CInt(record.ssi_signo),
            senderPID: Int32(bitPattern: record.ssi_pid),
            senderUser: record.ssi_uid
        )
    }
}

extension SignalDescriptor {
    /// The signals a service manager steers a daemon with (signal(7)).
    package static var terminate: CInt { SIGTERM }
    package static var interrupt: CInt { SIGINT }
    package static var hangUp: CInt { SIGHUP }
    package static var childEnded: CInt { SIGCHLD }
}
