// The fanotify group that holds execs. Owns the group descriptor; answers are written here only.
// Closing it releases every held task. The process must never fork or exec while it is open:
// a child that inherits the descriptor keeps every exec on the marked filesystems waiting.

import CLinux
import Glibc
import Synchronization
import SystemPackage

/// The answer to a held exec.
package enum Answer: Sendable, Equatable {
    case allow
    /// The task's execve fails with EPERM.
    case deny
}

/// What became of an answer.
package enum Delivery: Sendable, Equatable {
    /// The kernel took it.
    case delivered
    /// The task no longer waits: it was killed.
    case gone
    /// The deadline had passed: this was answered before.
    case late(Answer)
    /// The group is closed; the kernel let the task go.
    case closed
}

/// A fanotify(7) group with permission events for execs (`FAN_OPEN_EXEC_PERM`, Linux 5.0).
///
/// Reading and answering may happen on several threads at once.
package final class FanotifyGroup: Sendable {
    let descriptor: CInt
    /// Takes the group's place when it is closed, so that a late answer cannot reach an unrelated
    /// file that got the same number.
    private let sentinel: OwnedFD
    private let isClosed = Atomic<Bool>(false)

    /// Makes a group that reports thread ids and has no limits on its queue and marks.
    ///
    /// - Throws: `fanotify_init`: EPERM without CAP_SYS_ADMIN in the initial user namespace,
    ///   ENOSYS or EINVAL on a kernel without permission events.
    package init() throws(SystemError) {
        sentinel = OwnedFD(
            try retrying("open", on: "/dev/null") { unsafe open("/dev/null", O_RDWR | O_CLOEXEC) }
        )
        let flags =
            UInt32(FAN_CLASS_CONTENT) | UInt32(FAN_UNLIMITED_QUEUE) | UInt32(FAN_UNLIMITED_MARKS)
            | UInt32(FAN_CLOEXEC) | UInt32(FAN_NONBLOCK) | UInt32(FAN_REPORT_TID)
        // The event's file is opened by our read(2), before the task's own open goes on: whoever has
        // a write lease on it (fcntl(2), F_SETLEASE) could keep a blocking open waiting for
        // fs.lease-break-time, 45 s, and with it every other exec of the host.
        let fileFlags = UInt32(O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let number = fanotify_init(flags, fileFlags)
        guard number >= 0 else {
            throw Self.explained(SystemError(call: "fanotify_init", errno: .current))
        }
        descriptor = number
        clinux_close_on_fatal_signal(number)
    }

    /// Makes a fatal signal end the process at once, even without a group: Swift's own crash
    /// reporter is a program that would have to be started first.
    package static func forbidCrashReporter() {
        clinux_close_on_fatal_signal(-1)
    }

    /// For epoll: readable while an exec waits.
    ///
    /// Owned by the group.
    package var pollDescriptor: Int32 { descriptor }

    private static func explained(_ error: SystemError) -> SystemError {
        let remedy: String? =
            switch error.errno {
            case .notPermitted: "needs CAP_SYS_ADMIN in the initial user namespace"
            case .noFunction, .invalidArgument:
                "needs Linux 5.0 with CONFIG_FANOTIFY_ACCESS_PERMISSIONS"
            case .tooManyOpenFiles: "raise fs.fanotify.max_user_groups or LimitNOFILE"
            default: nil
            }
        return SystemError(
            call: error.call,
            errno: error.errno,
            subject: error.subject,
            remedy: remedy
        )
    }

    /// Holds every exec of a file on the filesystem that `path` lies on, seen from any mount
    /// namespace.
    ///
    /// - Throws: `fanotify_mark`: EPERM without CAP_SYS_ADMIN, EINVAL or ENODEV for filesystems
    ///   of the kernel's own, EACCES for FUSE of another user. Resolving `path` may block.
    package func markFilesystem(of path: String) throws(SystemError) {
        let flags = UInt32(FAN_MARK_ADD) | UInt32(FAN_MARK_FILESYSTEM)
        try retrying("fanotify_mark", on: path) {
            unsafe fanotify_mark(
                descriptor,
                flags,
                UInt64(FAN_OPEN_EXEC_PERM),
                AT_FDCWD,
                path
            )
        }
    }

    /// Stops holding execs of the filesystem that `path` lies on.
    package func unmarkFilesystem(of path: String) throws(SystemError) {
        let flags = UInt32(FAN_MARK_REMOVE) | UInt32(FAN_MARK_FILESYSTEM)
        try retrying("fanotify_mark", on: path) {
            unsafe fanotify_mark(
                descriptor,
                flags,
                UInt64(FAN_OPEN_EXEC_PERM),
                AT_FDCWD,
                path
            )
        }
    }

    /// Releases every held task, with allow, and stops holding.
    ///
    /// Later calls do nothing. Safe while other threads read and answer: they find the group `closed`.
    package func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        clinux_close_on_fatal_signal(-1)
        // dup2(2) replaces and closes in one step: the number never becomes free for another file.
        _ = dup2(sentinel.raw, descriptor)
    }

    deinit {
        close()
        _ = Glibc.close(descriptor)
    }

    /// Writes one response; the kernel finds the event by its descriptor's number.
    func respond(to event: CInt, _ answer: Answer) -> Delivery {
        var response = fanotify_response(
            fd: event,
            response: answer == .allow ? UInt32(FAN_ALLOW) : UInt32(FAN_DENY)
        )
        guard !isClosed.load(ordering: .acquiring) else { return .closed }
        while true {
            let written = unsafe write(
                descriptor,
                &response,
                MemoryLayout<fanotify_response>.size
            )
            if written >= 0 { return isClosed.load(ordering: .acquiring) ? .closed : .delivered }
            switch Errno.current {
            case .interrupted: continue
            case .noSuchFileOrDirectory: return .gone
            default: return .closed
            }
        }
    }
}

extension FanotifyGroup {
    /// What one read of the group gave.
    package enum Reading: ~Copyable {
        /// A held exec; it must be answered.
        case held(PendingPermission)
        /// Nothing is waiting.
        case empty
        /// The kernel dropped events: their execs went unjudged.
        case overflow
        /// The group is closed.
        case closed
    }

    /// Takes the next held exec, if there is one; does not block.
    ///
    /// The slot is the calling verdict thread's and must be idle. `fallback` is answered if the
    /// returned value ends without an answer.
    ///
    /// - Returns: What one read of the group gave. `empty` also if the file of the event has a write
    ///   lease: the kernel has denied that exec and has told the holder, so the next try goes on.
    /// - Throws: `read`: EMFILE or ENFILE when we are out of descriptors (the kernel has denied
    ///   that exec), or EINVAL if the kernel's records are of an unknown kind.
    package func next(
        into slot: VerdictSlot,
        fallback: Answer
    ) throws(SystemError) -> Reading {
        guard !isClosed.load(ordering: .acquiring) else { return .closed }
        var record = fanotify_event_metadata()
        let size = MemoryLayout<fanotify_event_metadata>.size
        let count: Int
        do {
            count = try retrying("read", on: "fanotify group") {
                unsafe read(descriptor, &record, size)
            }
        } catch  where error.errno == .wouldBlock {
            return .empty
        }
        // The sentinel reads as end of file.
        guard count == size else { return .closed }
        guard record.vers == UInt8(FANOTIFY_METADATA_VERSION) else {
            throw SystemError(
                call: "read",
                errno: .invalidArgument,
                subject: "fanotify record version"
            )
        }
        if record.mask & UInt64(FAN_Q_OVERFLOW) != 0 { return .overflow }
        return .held(
            PendingPermission(
                group: self,
                slot: slot,
                event: record.fd,
                task: record.pid,
                fallback: fallback
            )
        )
    }

    /// Answers an event whose verdict thread is late; false if that thread was faster after all.
    ///
    /// For the deadline thread. The event stays the verdict thread's to clean up; `look` may use
    /// its descriptor meanwhile and must be short.
    package func expire(
        _ open: VerdictSlot.Open,
        in slot: VerdictSlot,
        with answer: Answer,
        look: (CInt) -> Void
    ) -> Bool {
        guard slot.claim(open.ticket) else { return false }
        _ = respond(to: open.descriptor, answer)
        look(open.descriptor)
        slot.close(late: answer)
        return true
    }
}
