// The parts of a running agent that exist only after its start, for whoever asks how it is doing.

import Synchronization

/// What was started; any thread.
final class RunningParts: Sendable {
    private struct State {
        var coverage: Coverage?
        var namespaces: NamespaceFollower?
        var verdicts: WorkerPool?
        var confirmations: WorkerPool?
    }

    private let state = Mutex(State())

    /// The marks; nil if nothing can be held.
    var coverage: Coverage? {
        get { state.withLock { $0.coverage } }
        set { state.withLock { $0.coverage = newValue } }
    }

    /// Who follows the mounts of other namespaces; nil with paths to watch.
    var namespaces: NamespaceFollower? {
        get { state.withLock { $0.namespaces } }
        set { state.withLock { $0.namespaces = newValue } }
    }

    /// The threads that hold execs.
    var verdicts: WorkerPool? {
        get { state.withLock { $0.verdicts } }
        set { state.withLock { $0.verdicts = newValue } }
    }

    /// The threads that look at what runs; nil if execs are not reported (any more).
    var confirmations: WorkerPool? {
        get { state.withLock { $0.confirmations } }
        set { state.withLock { $0.confirmations = newValue } }
    }
}
