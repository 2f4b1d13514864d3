// A sign of life from one process to another, in memory they share. No system call per beat.

/// The time of the last beat, shared by a process and the children it forks afterwards.
package final class Heartbeat: Sendable {
    private static let monotonic = 0
    private static let realtime = 1
    private let numbers: SharedNumbers

    /// - Throws: `mmap`: ENOMEM.
    package init() throws(SystemError) {
        numbers = try SharedNumbers(count: 2)
    }

    /// Says that all is well now.
    package func beat() {
        numbers[Self.realtime] = KernelClock.realtime.nanoseconds
        numbers[Self.monotonic] = KernelClock.monotonic.nanoseconds
    }

    /// Forgets the beats of a process that has ended.
    package func reset() { numbers[Self.monotonic] = 0 }

    /// Monotonic time of the last beat, nanoseconds; 0 before the first.
    package var last: UInt64 { numbers[Self.monotonic] }

    /// The same in nanoseconds since 1970.
    package var lastRealtime: UInt64 { numbers[Self.realtime] }
}
