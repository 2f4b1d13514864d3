// A copy of this process that does its work while this one looks after it. Made before any thread
// and before fanotify_init: never afterwards, a child would keep a group alive.

import CLinux
import Glibc
import SystemPackage

/// A child that runs the same program; signals reach nobody but it.
package struct ChildProcess: ~Copyable {
    /// How a child ended.
    package enum End: Sendable, Equatable {
        case exit(status: CInt)
        case signal(CInt)
    }

    /// Which of the two processes runs after a fork.
    package enum Side: ~Copyable {
        case parent(ChildProcess)
        case child
    }

    /// Its number; ours to wait for, so it cannot be anybody else's.
    package let pid: Int32

    /// Splits the process in two; the child dies with its parent.
    ///
    /// Only while there is one thread: the locks of others would stay taken in the child.
    ///
    /// - Returns: The side that runs.
    /// - Throws: `fork`: EAGAIN, ENOMEM.
    package static func fork() throws(SystemError) -> Side {
        let parent = getpid()
        let pid = try retrying("fork") { clinux_fork() }
        guard pid == 0 else { return .parent(ChildProcess(pid: pid)) }
        _ = clinux_die_with_parent()
        // The parent may have died before the call.
        if getppid() != parent { _exit(1) }
        return .child
    }

    /// Executes a file that is no program: comes back when the exec was answered and has failed.
    ///
    /// The kernel asks whoever holds execs before it looks into the file.
    package static func tryExec(of path: String) {
        _ = unsafe clinux_try_exec(path)
    }

    /// Sends a signal.
    package borrowing func send(_ signal: CInt) {
        _ = kill(pid, signal)
    }

    /// How it ended; nil while it runs.
    ///
    /// Reports the end once.
    package borrowing func ended() -> End? { wait(isBlocking: false) }

    /// Kills it, whatever it does or is stopped in, and waits for its end.
    package consuming func destroy() {
        send(SIGKILL)
        _ = wait(isBlocking: true)
    }

    private borrowing func wait(isBlocking: Bool) -> End? {
        var value: CInt = 0
        while true {
            switch unsafe clinux_wait_child(pid, isBlocking ? 1 : 0, &value) {
            case 0: return nil
            case 1: return .exit(status: value)
            case 2: return .signal(value)
            default:
                if Errno.current == .interrupted { continue }
                // Not our child any more: somebody else has waited for it.
                return .exit(status: 1)
            }
        }
    }
}
