// The execs between their verdict and their confirmation. Verdict threads write before they
// answer; the confirmation reads after the kernel reports the exec. One lock, never held across
// a system call except the close of an evicted file.

import LinuxSystem
import Synchronization

/// The execs that were allowed and not yet seen running, by thread, oldest first.
///
/// A thread may have several: what it ran may exec again before the first exec is confirmed.
final class ExecLedger: Sendable {
    private struct State {
        var records: [Int32: [ExecRecord]] = [:]
        /// Threads other than the leader with a record, by process.
        var others: [Int32: [Int32]] = [:]
    }

    private let state = Mutex(State())
    /// An exec that fails after its verdict leaves its record until the thread's exit or until
    /// others push it out; without the proc connector nobody reports either.
    private let capacity: Int
    /// Records of one thread; the oldest is judged again if there are more.
    private static let depth = 8

    /// Makes a ledger for so many threads at once.
    init(capacity: Int = 1024) { self.capacity = capacity }

    /// The last record of a thread.
    func record(of thread: Int32) -> ExecRecord? {
        state.withLock { $0.records[thread]?.last }
    }

    /// Adds a record of a thread; with `former`, a record of the same exec, takes its place.
    func store(_ record: ExecRecord, replacing former: ExecRecord? = nil) {
        let dropped = state.withLock { state -> [Int32: [ExecRecord]]? in
            var dropped: [Int32: [ExecRecord]]?
            if state.records.count >= capacity, state.records[record.thread] == nil {
                // Whoever is confirmed later than this is judged again, not lost.
                dropped = state.records
                state.records = [:]
                state.others = [:]
            }
            var list = state.records.removeValue(forKey: record.thread) ?? []
            if list.isEmpty, record.thread != record.process {
                state.others[record.process, default: []].append(record.thread)
            }
            if let former { list.removeAll { $0 === former } }
            if list.count >= Self.depth { list.removeFirst() }
            list.append(record)
            state.records[record.thread] = list
            return dropped
        }
        // Their files are closed here, outside the lock.
        _ = consume dropped
    }

    /// Forgets an exec that was refused after all; false if its record is not here any more.
    @discardableResult
    func drop(_ record: ExecRecord) -> Bool {
        let former = state.withLock { state -> [ExecRecord] in
            let list = state.records[record.thread] ?? []
            Self.set(list.filter { $0 !== record }, of: record.thread, record.process, in: &state)
            return list
        }
        return former.contains { $0 === record }
    }

    /// Forgets a thread that has ended.
    func forget(thread: Int32, process: Int32) {
        let dropped = state.withLock { state -> [ExecRecord]? in
            let list = state.records[thread]
            Self.set([], of: thread, process, in: &state)
            return list
        }
        _ = consume dropped
    }

    /// What the ledger has of a process.
    struct Entries {
        /// Verdicts from before the exec that is looked at; no longer in the ledger.
        var earlier: [ExecRecord] = []
        /// Verdicts of further execs, which are still to be looked at; oldest first.
        var later: [ExecRecord] = []
    }

    /// Takes the records of all threads of a process that runs a new program since `exec`: one of
    /// them did it, the others are gone.
    ///
    /// `exec` is on the monotonic clock, in nanoseconds.
    func take(process: Int32, before exec: UInt64 = .max) -> Entries {
        state.withLock { state in
            var entries = Entries()
            for thread in [process] + (state.others[process] ?? []) {
                guard let list = state.records[thread] else { continue }
                let later = list.filter { $0.storedNanoseconds >= exec }
                entries.earlier += list.filter { $0.storedNanoseconds < exec }
                entries.later += later
                Self.set(later, of: thread, process, in: &state)
            }
            return entries
        }
    }

    /// True if an exec of some thread of the process was judged and waits for its confirmation.
    func hasRecord(ofProcess process: Int32) -> Bool {
        state.withLock { $0.records[process] != nil || $0.others[process] != nil }
    }

    /// How many threads have execs that wait for their confirmation.
    var count: Int { state.withLock { $0.records.count } }

    private static func set(
        _ list: [ExecRecord],
        of thread: Int32,
        _ process: Int32,
        in state: inout State
    ) {
        guard list.isEmpty else {
            state.records[thread] = list
            return
        }
        state.records[thread] = nil
        if thread != process, var threads = state.others[process] {
            threads.removeAll { $0 == thread }
            state.others[process] = threads.isEmpty ? nil : threads
        }
    }
}
