// Waiting for one or a few descriptors.

import CLinux
import Glibc

/// An epoll(7) instance; used by one thread.
package struct Epoll: ~Copyable, Sendable {
    private let descriptor: OwnedFD

    package init() throws(SystemError) {
        descriptor = OwnedFD(try retrying("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) })
    }

    /// Watches a descriptor for input, which `wait` then reports with `token`.
    ///
    /// With `exclusively`, of several threads that wait for the same descriptor one is woken, not
    /// all (EPOLLEXCLUSIVE, Linux 4.5).
    package func add(
        _ watched: CInt,
        token: UInt64,
        exclusively: Bool = false
    ) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue
        if exclusively { unsafe event.events |= EPOLLEXCLUSIVE.rawValue }
        unsafe event.data.u64 = token
        try retrying("epoll_ctl") {
            unsafe epoll_ctl(descriptor.raw, EPOLL_CTL_ADD, watched, &event)
        }
    }

    /// Waits for input: the token of a descriptor that has some, nil when the time is over.
    ///
    /// With -1 it waits for ever.
    package func wait(milliseconds: CInt = -1) throws(SystemError) -> UInt64? {
        var event = unsafe epoll_event()
        let count = try retrying("epoll_wait") {
            unsafe epoll_wait(descriptor.raw, &event, 1, milliseconds)
        }
        return count > 0 ? unsafe event.data.u64 : nil
    }
}
