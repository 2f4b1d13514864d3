// The kernel's clocks as plain nanoseconds; no time zone, no calendar, no allocation.

import Glibc

/// A clock of the kernel.
package enum KernelClock: Sendable, CaseIterable {
    /// Since boot without suspension; never set. Events of the proc connector use it.
    case monotonic
    /// Since boot with suspension; the start times in /proc use it.
    case boottime
    /// Since 1970; can be set and can jump.
    case realtime

    /// The time now, in nanoseconds.
    package var nanoseconds: UInt64 {
        var time = timespec()
        // Cannot fail: the clocks exist on every kernel, and the address is ours.
        unsafe clock_gettime(identifier, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private var identifier: clockid_t {
        switch self {
        case .monotonic: CLOCK_MONOTONIC
        case .boottime: CLOCK_BOOTTIME
        case .realtime: CLOCK_REALTIME
        }
    }

    /// How many of the ticks in `/proc/PID/stat` make a second.
    package static var ticksPerSecond: UInt64 { UInt64(max(1, sysconf(CInt(_SC_CLK_TCK)))) }

    /// When a process that started at these ticks did so, on the monotonic clock.
    ///
    /// As good as a tick is (10 ms), and too early by the suspensions since.
    package static func monotonicNanoseconds(ofStartTicks ticks: UInt64) -> UInt64 {
        // In this order: the later reading is never the smaller one.
        let monotonic = Self.monotonic.nanoseconds
        let suspended = Self.boottime.nanoseconds - monotonic
        let start = ticks &* (1_000_000_000 / ticksPerSecond)
        return start > suspended ? start - suspended : 0
    }

    /// When a process that started at these ticks did so, in nanoseconds since 1970.
    ///
    /// As good as a tick is (10 ms).
    package static func realtimeNanoseconds(ofStartTicks ticks: UInt64) -> UInt64 {
        let bootTime = Self.realtime.nanoseconds &- Self.boottime.nanoseconds
        return bootTime &+ ticks &* (1_000_000_000 / ticksPerSecond)
    }
}
