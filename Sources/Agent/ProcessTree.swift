// Who started whom: built from events and listings of /proc, asked when an exec is judged. Makes no
// system call. Any thread; one lock, never held across I/O.

package import LinuxSystem
import Synchronization

/// The processes of the host and the dead ancestors of the living.
///
/// A process's parent is the one that forked it and stays so: a parent that ends does not hand
/// its children's lineage to init. An ended process is remembered as long as a living one descends
/// from it. Everything is O(1), except ancestors (their number), `synchronize` (all processes) and
/// an eviction (all processes, but of a sixteenth of them at once).
package final class ProcessTree: Sendable {
    private let storage: Mutex<ProcessTreeStorage>

    /// Makes an empty tree that holds at most so many processes, living and ended.
    package init(capacity: Int = 65_536) {
        precondition(capacity >= 16, "a tree of less is of no use")
        storage = Mutex(ProcessTreeStorage(capacity: capacity))
    }

    /// Follows one event; those that say nothing about processes are ignored.
    package func apply(_ event: ProcEvent) {
        storage.withLock { storage in
            let time = event.timestampNanoseconds
            switch event.kind {
            case .fork(let parent, let child):
                storage.fork(parent: parent, child: child, time: time)
            case .exec(let task): storage.exec(task, time: time)
            case .exit(let task, _, _, _): storage.exit(task, time: time)
            case .name(let task, let name):
                guard task.isLeader else { return }
                storage.update(task.process) { $0.name = name }
            case .user(let task, let real, let effective):
                storage.update(task.process) {
                    $0.realUser = real
                    $0.effectiveUser = effective
                }
            case .group, .session, .trace, .coredump, .acknowledged, .unknown, .overrun, .lost:
                return
            }
        }
    }

    /// Makes the tree agree with a listing of all processes: adds and ends what differs.
    ///
    /// At the start and after lost events. `start` is when the listing was begun, monotonic clock: what
    /// was forked since need not be in it. Events that were waiting meanwhile may be applied
    /// afterwards, they do no harm.
    package func synchronize(with snapshots: [ProcessSnapshot], begunAt start: UInt64) {
        storage.withLock { $0.synchronize(with: snapshots, begunAt: start) }
    }

    /// Tells what program a process runs, once that is known; false if the process is not.
    @discardableResult
    package func setImage(_ image: ProcessImage, of pid: Int32) -> Bool {
        storage.withLock { $0.update(pid) { $0.image = image } }
    }

    /// A living process.
    package func process(_ pid: Int32) -> ProcessNode? { storage.withLock { $0.living(pid) } }

    /// The process a living thread belongs to; its own number for a first thread.
    package func process(ofThread thread: Int32) -> Int32? {
        storage.withLock { $0.process(ofThread: thread) }
    }

    /// The processes that led to a living one; nil if that one is not known.
    ///
    /// At most `limit` of them: a process can make its own line long, but not the answer.
    package func lineage(of pid: Int32, limit: Int = 1024) -> Lineage? {
        storage.withLock { $0.lineage(of: pid, limit: limit) }
    }

    /// How full the tree is and what it had to drop.
    package var statistics: Statistics { storage.withLock { $0.statistics } }

    /// Numbers for status reports.
    package struct Statistics: Sendable, Equatable {
        package var living: Int
        /// Ended, but remembered for their descendants.
        package var remembered: Int
        /// Dropped or not taken in for lack of room, since the start.
        package var evicted: UInt64

        package init(living: Int = 0, remembered: Int = 0, evicted: UInt64 = 0) {
            self.living = living
            self.remembered = remembered
            self.evicted = evicted
        }
    }
}
