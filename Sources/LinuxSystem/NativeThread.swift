// Threads of the daemon. No cooperative pool: a verdict must never wait for other work.

import CLinux
import Glibc
import SystemPackage

/// A thread with a name, detached: it lasts until its body ends or the process does.
package enum NativeThread {
    /// How a thread stands to others on the processors.
    package enum Urgency: Sendable {
        case ordinary
        /// Before all ordinary threads of the host, ours included: somebody waits for each of its
        /// short pieces of work. Ordinary where CAP_SYS_NICE is missing.
        case urgent
    }

    private final class Body {
        let name: String
        let urgency: Urgency
        let run: @Sendable () -> Void

        init(name: String, urgency: Urgency, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.urgency = urgency
            self.run = run
        }
    }

    /// Starts a thread; all signals are blocked in it except the fatal ones.
    ///
    /// The name has at most 15 bytes and is shown by ps and gdb. The stack is small unless the body
    /// reads what people wrote, which may be nested deep.
    ///
    /// - Throws: `pthread_create`: EAGAIN at the limit of threads.
    package static func start(
        _ name: String,
        urgency: Urgency = .ordinary,
        stackKibibytes: Int = 512,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, stackKibibytes << 10)
        let argument = unsafe Unmanaged.passRetained(Body(name: name, urgency: urgency, run: body))
        var thread = pthread_t()
        let status = unsafe pthread_create(&thread, &attributes, threadMain, argument.toOpaque())
        guard status == 0 else {
            unsafe argument.release()
            throw SystemError(
                call: "pthread_create",
                errno: Errno(rawValue: status),
                subject: name
            )
        }
    }

    fileprivate static func main(_ argument: UnsafeMutableRawPointer?) {
        guard let argument = unsafe argument else { return }
        let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        unsafe clinux_name_thread(body.name)
        clinux_use_alternate_stack()
        if body.urgency == .urgent { clinux_make_urgent() }
        body.run()
    }
}

/// A free function: a closure made in an actor's context would trap when another thread runs it.
private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    unsafe NativeThread.main(argument)
    return nil
}
