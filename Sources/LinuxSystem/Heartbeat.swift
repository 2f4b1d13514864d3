// A sign of life from one process to another, in memory they share. No system call per beat.

import Glibc
import Synchronization

/// The time of the last beat, shared by a process and the children it forks afterwards.
///
/// Never unmapped: it lasts as long as the processes do.
@safe package final class Heartbeat: @unchecked Sendable {
    // @unchecked: the pointer never changes, and what it leads to is atomic.
    private let monotonic: UnsafeMutablePointer<Atomic<UInt64>>
    private let realtime: UnsafeMutablePointer<Atomic<UInt64>>

    /// - Throws: `mmap`: ENOMEM.
    package init() throws(SystemError) {
        let size = 4096
        let page = unsafe mmap(
            nil,
            size,
            PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS,
            -1,
            0
        )
        guard let page = unsafe page, unsafe page != MAP_FAILED else {
            throw SystemError(call: "mmap", errno: .current)
        }
        unsafe monotonic = page.bindMemory(to: Atomic<UInt64>.self, capacity: 2)
        unsafe realtime = monotonic + 1
        unsafe monotonic.initialize(to: Atomic(0))
        unsafe realtime.initialize(to: Atomic(0))
    }

    /// Says that all is well now.
    package func beat() {
        unsafe realtime.pointee.store(KernelClock.realtime.nanoseconds, ordering: .relaxed)
        unsafe monotonic.pointee.store(KernelClock.monotonic.nanoseconds, ordering: .releasing)
    }

    /// Forgets the beats of a process that has ended.
    package func reset() {
        unsafe monotonic.pointee.store(0, ordering: .releasing)
    }

    /// Monotonic time of the last beat, nanoseconds; 0 before the first.
    package var last: UInt64 { unsafe monotonic.pointee.load(ordering: .acquiring) }

    /// The same in nanoseconds since 1970.
    package var lastRealtime: UInt64 { unsafe realtime.pointee.load(ordering: .relaxed) }
}
