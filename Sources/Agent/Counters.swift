// What the agent counts about itself. Relaxed atomics: exact sums, no order between them.

import Synchronization

/// Counts since the start of the daemon; any thread.
package final class Counters: Sendable {
    /// Held execs that were judged.
    let judged = Atomic<UInt64>(0)
    /// Further events of an exec that was judged: interpreters and loaders.
    let continued = Atomic<UInt64>(0)
    let denied = Atomic<UInt64>(0)
    let killed = Atomic<UInt64>(0)
    /// Answered by the deadline.
    let late = Atomic<UInt64>(0)
    /// Let go without a verdict because every thread was stuck.
    let unjudged = Atomic<UInt64>(0)
    /// Memory of the task could not be read.
    let unreadable = Atomic<UInt64>(0)
    /// Held outside execve: helpers that the kernel itself starts.
    let unattributed = Atomic<UInt64>(0)
    /// Execs that were seen running and were what was judged.
    let confirmed = Atomic<UInt64>(0)
    /// Execs that were judged after they had started.
    let judgedAfter = Atomic<UInt64>(0)
    /// Processes that ended before they could be looked at.
    let unconfirmed = Atomic<UInt64>(0)
    /// Reading the group failed: the kernel denied an exec by itself.
    let failedReads = Atomic<UInt64>(0)
    let overflows = Atomic<UInt64>(0)
    /// Verdict threads started because the others were all waiting for something.
    let reinforcements = Atomic<UInt64>(0)

    package init() {}
}

extension Atomic where Value == UInt64 {
    /// Adds one.
    borrowing func count() {
        wrappingAdd(1, ordering: .relaxed)
    }

    var current: UInt64 { load(ordering: .relaxed) }
}
