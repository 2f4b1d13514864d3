// Waking a thread that waits in epoll or read.

import CLinux
import Glibc

/// An eventfd(2) counter: any thread may signal, one waits.
///
/// Non-blocking.
package final class EventDescriptor: Sendable {
    private let descriptor: OwnedFD

    package init() throws(SystemError) {
        descriptor = OwnedFD(
            try retrying("eventfd") { eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK)) }
        )
    }

    /// The descriptor to wait for; owned by this object.
    package var raw: Int32 { descriptor.raw }

    /// Makes the descriptor readable.
    package func signal() {
        // EAGAIN: it is readable already.
        _ = eventfd_write(descriptor.raw, 1)
    }

    /// Waits until it is signalled; false after the timeout.
    ///
    /// Without a timeout it waits for ever.
    package func wait(timeout: Duration?) throws(SystemError) -> Bool {
        try poll(descriptor.raw, for: POLLIN, timeout: timeout, subject: "eventfd") != 0
    }

    /// Makes it unreadable until the next signal.
    package func clear() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.raw, &count)
    }
}
