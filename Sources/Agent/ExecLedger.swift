// The execs between their verdict and their confirmation. Verdict threads write before they
// answer; the confirmation reads after the kernel reports the exec. One lock, never held across
// a system call except the close of an evicted file.

import LinuxSystem
import Synchronization

/// The execs that were allowed and not yet seen running, by thread.
final class ExecLedger: Sendable {
    private struct State {
        var records: [Int32: ExecRecord] = [:]
        /// Threads other than the leader with a record, by process.
        var others: [Int32: [Int32]] = [:]
    }

    private let state = Mutex(State())
    /// An exec that fails after its verdict leaves its record until the thread's next exec or exit;
    /// without the proc connector nobody reports either.
    private let capacity: Int

    init(capacity: Int = 1024) { self.capacity = capacity }

    func record(of thread: Int32) -> ExecRecord? {
        state.withLock { $0.records[thread] }
    }

    /// Puts or replaces the record of a thread.
    func store(_ record: ExecRecord) {
        let dropped = state.withLock { state -> [Int32: ExecRecord]? in
            var dropped: [Int32: ExecRecord]?
            if state.records.count >= capacity, state.records[record.thread] == nil {
                // Whoever is confirmed later than this is judged again, not lost.
                dropped = state.records
                state.records = [:]
                state.others = [:]
            }
            let previous = state.records.updateValue(record, forKey: record.thread)
            if record.thread != record.process, previous == nil {
                state.others[record.process, default: []].append(record.thread)
            }
            return dropped
        }
        // Their files are closed here, outside the lock.
        _ = consume dropped
    }

    /// Forgets a thread that has ended or whose exec was refused.
    func forget(thread: Int32, process: Int32) {
        let dropped = state.withLock { state in
            Self.remove(thread, of: process, from: &state)
        }
        _ = consume dropped
    }

    /// Takes the records of all threads of a process that now runs a new program: one of them did
    /// it, the others are gone.
    func take(process: Int32) -> [ExecRecord] {
        state.withLock { state in
            var taken: [ExecRecord] = []
            if let record = state.records.removeValue(forKey: process) { taken.append(record) }
            for thread in state.others.removeValue(forKey: process) ?? [] {
                if let record = state.records.removeValue(forKey: thread) { taken.append(record) }
            }
            return taken
        }
    }

    /// How many execs wait for their confirmation.
    var count: Int { state.withLock { $0.records.count } }

    private static func remove(
        _ thread: Int32,
        of process: Int32,
        from state: inout State
    ) -> ExecRecord? {
        if thread != process, var threads = state.others[process] {
            threads.removeAll { $0 == thread }
            state.others[process] = threads.isEmpty ? nil : threads
        }
        return state.records.removeValue(forKey: thread)
    }
}
