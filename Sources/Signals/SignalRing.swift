// The bounded queue between the threads that detect and the thread that records.
// Pushing takes a short lock, never waits for the drainer's I/O and never grows beyond its bounds.

import Synchronization

/// A bounded first-in first-out queue of signals, shared between threads.
///
/// Bounded in number and in bytes. A signal that finds no place is dropped and counted: what is in
/// the queue came first and tells how it began.
package final class SignalRing: Sendable {
    /// What a drainer takes at once.
    package struct Batch: Sendable {
        /// The signals, in the order in which they were pushed.
        package let signals: [Signal]
        /// How many signals were dropped since the last batch; report them as `eventsLost`.
        package let droppedCount: UInt64

        /// Whether there is nothing to do.
        package var isEmpty: Bool { signals.isEmpty && droppedCount == 0 }
    }

    private struct State {
        var signals: [Signal] = []
        var sizeBytes = 0
        var droppedCount: UInt64 = 0
        var totalDroppedCount: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let capacityBytes: Int
    private let wake: @Sendable () -> Void

    /// Makes an empty queue.
    ///
    /// - Parameters:
    ///   - capacity: how many signals it holds.
    ///   - capacityBytes: how many bytes of strings they may have together.
    ///   - wake: called on the pushing thread, outside the lock, whenever the queue stops being
    ///     empty; must not block.
    package init(
        capacity: Int = 1024,
        capacityBytes: Int = 4 << 20,
        wake: @escaping @Sendable () -> Void = {}
    ) {
        self.capacity = capacity
        self.capacityBytes = capacityBytes
        self.wake = wake
    }

    /// Puts a signal at the end; returns false and counts it if there is no place.
    @discardableResult
    package func push(_ signal: Signal) -> Bool {
        let sizeBytes = signal.approximateSizeBytes
        let (isTaken, isFirst) = state.withLock { state in
            let isFirst = state.signals.isEmpty && state.droppedCount == 0
            guard state.signals.count < capacity, state.sizeBytes + sizeBytes <= capacityBytes
            else {
                state.droppedCount += 1
                state.totalDroppedCount += 1
                return (false, isFirst)
            }
            state.signals.append(signal)
            state.sizeBytes += sizeBytes
            return (true, isFirst)
        }
        if isFirst { wake() }
        return isTaken
    }

    /// Takes everything that is in the queue, and the count of what was dropped.
    package func drain() -> Batch {
        state.withLock { state in
            let batch = Batch(signals: state.signals, droppedCount: state.droppedCount)
            state.signals = []
            state.sizeBytes = 0
            state.droppedCount = 0
            return batch
        }
    }

    /// How many signals were dropped since the start.
    package var totalDroppedCount: UInt64 {
        state.withLock { $0.totalDroppedCount }
    }
}

extension Signal {
    /// About how much memory the signal's strings take, in bytes.
    var approximateSizeBytes: Int {
        guard case .detection(let detection) = body else { return 1024 }
        let processes = detection.ancestors.reduce(detection.process.approximateSizeBytes) {
            $0 + $1.approximateSizeBytes
        }
        return 2048 + processes
    }
}

extension ProcessRecord {
    fileprivate var approximateSizeBytes: Int {
        let strings = (arguments.values + environment.names + environment.values)
            .reduce(arguments.argv0.count) { $0 + $1.count + 32 }
        let files = [executable, interpreter].reduce(0) { $0 + ($1?.path.count ?? 0) }
        return 512 + strings + files + workingDirectory.count + cgroup.count + unit.count
    }
}
