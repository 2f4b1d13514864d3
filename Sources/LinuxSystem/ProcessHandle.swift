// The only place of this program that can send a signal. A handle pins one process by pidfd, so a
// reused number cannot be hit; every signal names the identity it is meant for and is not sent if
// that does not hold any more. There is deliberately no call that takes a bare number.

import CLinux
import Glibc
import SystemPackage

/// Which program, started when, a signal is meant for.
package struct ProcessIdentity: Sendable, Hashable {
    package let pid: Int32
    /// `ProcessStat.startTicks`: with the number it names one process since boot.
    package let startTicks: UInt64
    /// The program it runs; another exec makes it somebody else.
    package let device: FileIdentity.Device
    package let inode: UInt64

    package init(pid: Int32, startTicks: UInt64, device: FileIdentity.Device, inode: UInt64) {
        self.pid = pid
        self.startTicks = startTicks
        self.device = device
        self.inode = inode
    }

    /// Reads what a process is now; nil if it is gone or is a kernel thread.
    package static func current(
        of pid: Int32,
        reading procfs: inout Procfs
    ) throws(SystemError) -> ProcessIdentity? {
        guard let stat = try procfs.stat(of: pid),
            let program = try procfs.identity(of: .program, pid: pid)
        else { return nil }
        return ProcessIdentity(
            pid: pid,
            startTicks: stat.startTicks,
            device: program.device,
            inode: program.inode
        )
    }
}

/// A signal by its number.
package struct ProcessSignal: Sendable, Hashable {
    /// The number, as in signal(7).
    package let number: CInt

    /// Takes one of the ordinary signals; nil for others and for none.
    package init?(number: CInt) {
        guard (1...31).contains(number) else { return nil }
        self.number = number
    }

    private init(_ number: CInt) { self.number = number }

    /// Ends a process, whether it wants to or not.
    package static let kill = ProcessSignal(SIGKILL)
    /// Asks a process to end.
    package static let terminate = ProcessSignal(SIGTERM)
}

/// Why a signal was not sent.
package enum ProcessHandleError: Error, Sendable, Equatable {
    /// The process had ended already.
    case gone
    /// This process is never signalled.
    case refused(Refusal)
    /// The process is another than was meant; the identity it has now.
    case changed(ProcessIdentity)
    /// A system call failed.
    case system(SystemError)

    /// What makes a process untouchable.
    package enum Refusal: Sendable, Hashable {
        /// Process 1 and everything below: numbers that mean groups or everybody.
        case systemProcess
        /// This program.
        case ownProcess
        /// A thread of the kernel.
        case kernelThread
    }
}

/// One process, pinned.
package struct ProcessHandle: ~Copyable, Sendable {
    private let pidfd: OwnedFD
    /// Its number; may mean another process once this one has ended.
    package let pid: Int32

    /// Pins a process.
    ///
    /// - Throws: `.refused` for process 1 and this program, `.gone`, `.system`.
    package init(pid: Int32) throws(ProcessHandleError) {
        guard pid > 1 else { throw .refused(.systemProcess) }
        guard pid != getpid() else { throw .refused(.ownProcess) }
        do throws(SystemError) {
            pidfd = OwnedFD(
                try retrying("pidfd_open", on: "process \(pid)") { pidfd_open(pid, 0) }
            )
        } catch {
            throw Self.wrap(error)
        }
        self.pid = pid
    }

    /// For poll(2) or epoll(7) by others: readable means ended; not to be closed.
    package var descriptor: CInt { pidfd.raw }

    /// Sends a signal if the process still is what `expected` says, and runs that very program.
    ///
    /// Between the check and the signal the process can only exec another program, not become
    /// another process.
    /// - Throws: `.changed` if it does not hold, `.gone`, `.refused` for kernel threads, `.system`.
    package borrowing func send(
        _ signal: ProcessSignal,
        ifStill expected: ProcessIdentity,
        reading procfs: inout Procfs
    ) throws(ProcessHandleError) {
        try verify(expected, reading: &procfs)
        do throws(SystemError) {
            try retrying("pidfd_send_signal", on: "process \(pid)") {
                pidfd_send_signal(pidfd.raw, signal.number, nil, 0)
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// Waits for the process to end.
    ///
    /// - Returns: Whether it has ended; its parent may not have collected it yet.
    package borrowing func waitForExit(timeout: Duration) throws(SystemError) -> Bool {
        try poll(pidfd.raw, for: POLLIN, timeout: timeout, subject: "process \(pid)") != 0
    }

    private borrowing func verify(
        _ expected: ProcessIdentity,
        reading procfs: inout Procfs
    ) throws(ProcessHandleError) {
        let stat: ProcessStat?
        let identity: ProcessIdentity?
        do throws(SystemError) {
            stat = try procfs.stat(of: pid)
            identity = try ProcessIdentity.current(of: pid, reading: &procfs)
        } catch {
            throw Self.wrap(error)
        }
        guard let stat, !stat.isZombie else { throw .gone }
        guard !stat.isKernelThread else { throw .refused(.kernelThread) }
        guard let identity else { throw .gone }
        guard identity == expected else { throw .changed(identity) }
    }

    private static func wrap(_ error: SystemError) -> ProcessHandleError {
        error.errno == .noSuchProcess ? .gone : .system(error)
    }
}
