// What came of killing a process after it had started. Doing it is not the business of this module.

/// What was done to kill a process that had started, and what was seen of it.
package struct KillReport: Sendable, Equatable {
    /// How far the kill went beyond the one process.
    package enum Scope: String, Sendable, CaseIterable {
        case process, container, cgroup
    }

    /// What came of it; the spellings are those of a CWS action report.
    package enum Status: String, Sendable, CaseIterable {
        /// Every target got the signal.
        case performed
        /// Some targets got the signal.
        case partiallyPerformed = "partially_performed"
        /// The process itself could not be signalled.
        case error
        /// The process exited by itself first.
        case aborted = "kill_aborted"
    }

    /// The name of the signal, like `SIGKILL`.
    package var signal: String
    /// How far the kill went.
    package var scope: Scope
    /// What came of it.
    package var status: Status
    /// Why it failed, in words, like `operation not permitted`.
    package var failure: String?
    /// When the process started.
    package var createdAt: Timestamp?
    /// When the detection was made.
    package var detectedAt: Timestamp
    /// When the signal was sent; nil if it was not.
    package var killedAt: Timestamp?
    /// When the exit was seen; nil if it was not.
    ///
    /// This alone makes an outcome `killed`.
    package var exitedAt: Timestamp?
    /// The processor time the process used in its life, in nanoseconds.
    package var cpuTimeNanoseconds: UInt64?
    /// How many processes were in the scope; 1 for a process.
    package var targetCount: Int = 1

    /// Makes a report of an attempt to kill; what was seen later is filled in.
    package init(
        signal: String = "SIGKILL",
        scope: Scope = .process,
        status: Status,
        detectedAt: Timestamp
    ) {
        self.signal = signal
        self.scope = scope
        self.status = status
        self.detectedAt = detectedAt
    }

    /// What this report entitles one to claim: `killed` only if the exit was seen.
    package var outcome: Outcome {
        switch status {
        case .aborted: .gone
        case .error: .killFailed
        case .performed, .partiallyPerformed: exitedAt == nil ? .killFailed : .killed
        }
    }

    /// The nanoseconds from the start of the process to its exit; nil if either is not known.
    package var timeToResponseNanoseconds: Int64? {
        guard let createdAt, let exitedAt else { return nil }
        return max(0, exitedAt.nanoseconds(since: createdAt))
    }
}
