// How often each rule matched and what came of it, since the daemon started. Counted where signals
// are recorded, so after the answer.

import Signals
import Synchronization

/// Counts of signals per rule; any thread.
final class RuleHits: Sendable {
    /// What came of a rule's matches.
    struct Count: Sendable, Equatable {
        /// The program ran: monitored, or not stopped.
        var monitored: UInt64 = 0
        var denied: UInt64 = 0
        var killed: UInt64 = 0
        /// When it matched last.
        var last: Timestamp?
    }

    private let counts = Mutex<[String: Count]>([:])

    /// Counts a detection.
    func note(_ detection: Detection, at time: Timestamp) {
        guard let rule = detection.rule else { return }
        counts.withLock { counts in
            var count = counts[rule.id] ?? Count()
            switch detection.outcome {
            case .denied, .deniedUnreadable: count.denied += 1
            case .killed: count.killed += 1
            case .monitored, .killFailed, .allowedLate, .allowedUnreadable, .gone:
                count.monitored += 1
            }
            count.last = time
            counts[rule.id] = count
        }
    }

    /// The counts of a rule.
    func count(ofRule id: String) -> Count { counts.withLock { $0[id] ?? Count() } }
}
