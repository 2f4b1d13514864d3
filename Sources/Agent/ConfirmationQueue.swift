// From the sensor to the threads that look at processes. Bounded: beyond the bound everything is
// looked at once, in one sweep, instead of one by one.

import LinuxSystem
import Synchronization

/// Processes that are to be looked at, in the order of their execs.
final class ConfirmationQueue: Sendable {
    private struct State {
        var waiting: [Confirmation] = []
        var next = 0
        var isSweepDue = false
        /// When each process was last looked at; monotonic nanoseconds.
        var looks: [Int32: UInt64] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int
    let wake: EventDescriptor

    init(capacity: Int = 16_384) throws(SystemError) {
        self.capacity = capacity
        wake = try EventDescriptor()
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count - $0.next } }

    /// Adds one; never blocks.
    func push(_ confirmation: Confirmation) {
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.next == state.waiting.count
            if state.waiting.count - state.next < capacity {
                state.waiting.append(confirmation)
            } else if !state.isSweepDue {
                state.isSweepDue = true
            }
            return wasEmpty
        }
        if wasEmpty { wake.signal() }
    }

    /// True if a process must be looked at, which is then noted; false if it has been since the exec.
    ///
    /// A process may exec again before its first exec is looked at: one look sees the last image,
    /// and one is enough. A look at what runs already takes the place of none: it may not kill.
    func beginLook(at confirmation: Confirmation, now: UInt64) -> Bool {
        guard confirmation.cause != .alreadyRunning else { return true }
        return state.withLock { state in
            if let last = state.looks[confirmation.process], last > confirmation.execNanoseconds,
                confirmation.execNanoseconds > 0
            {
                return false
            }
            state.looks[confirmation.process] = now
            return true
        }
    }

    /// The process has ended; its number may be used again.
    func forget(_ process: Int32) {
        state.withLock { $0.looks[process] = nil }
    }

    /// Takes the oldest one.
    func pop() -> Confirmation? {
        let (confirmation, isMore) = state.withLock { state -> (Confirmation?, Bool) in
            guard state.next < state.waiting.count else {
                wake.clear()
                guard state.isSweepDue else { return (nil, false) }
                state.isSweepDue = false
                return (Confirmation(process: 0, cause: .sweep), false)
            }
            let confirmation = state.waiting[state.next]
            state.next += 1
            if state.next == state.waiting.count {
                state.waiting.removeAll(keepingCapacity: state.waiting.capacity <= 1024)
                state.next = 0
                return (confirmation, state.isSweepDue)
            }
            return (confirmation, true)
        }
        // Another thread may sleep while this one is busy with what it took.
        if isMore { wake.signal() }
        return confirmation
    }
}
