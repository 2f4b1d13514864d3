// Which image a container was made of. Verdict threads only look up what is known already; threads
// of its own read what the runtimes left on disk, once per container.
//
// One exception, bounded: a verdict that depends on the image of a container nobody has looked at
// yet may wait a few milliseconds. The runtime writes its files before the container's first exec,
// and that exec is the one to stop if the image's own entry point is a miner.

import Containers
import LinuxSystem
import Synchronization

/// What is known of the containers of this host; any thread.
final class ContainerImages: Sendable {
    /// How long a verdict may wait for the files of one container, once per container.
    static let patience = Duration.milliseconds(20)
    /// How long a record may wait for them, when nobody is held any more.
    private static let recordPatience = Duration.milliseconds(500)
    /// Threads that may wait so long at once: names of control groups can be made up, and the files
    /// of users may never answer, so that more could keep every verdict thread busy.
    private static let recordWaiters = 4
    private let waitingRecords = Atomic<Int>(0)

    /// What nobody knew is asked for again after this time.
    private static let retryNanoseconds: UInt64 = 2_000_000_000
    /// What is known is read again after this time; nobody waits for that.
    private static let refreshNanoseconds: UInt64 = 600_000_000_000
    /// More containers than a host runs; the longest known go first.
    private let capacity: Int

    private struct Entry {
        var description: ContainerDescription?
        /// Monotonic nanoseconds; 0 before the first look is finished.
        var lookedAt: UInt64 = 0
        var isQueued = false
        var waiting: [EventDescriptor] = []
    }

    private struct State {
        var entries: [[UInt8]: Entry] = [:]
    }

    private let state = Mutex(State())
    /// Of runtimes that run as root.
    private let ofHost: DescriptionQueue
    /// Of users' runtimes: their directories may be on a filesystem that never answers.
    private let ofUsers: DescriptionQueue

    init(capacity: Int = 4096) throws(SystemError) {
        self.capacity = capacity
        ofHost = try DescriptionQueue()
        ofUsers = try DescriptionQueue()
    }

    /// Starts the threads that read.
    func start(reading reader: DescriptionReader) throws(SystemError) {
        try NativeThread.start("images") { [self] in
            ofHost.serve { request in
                let found = reader.description(ofHost: request.container)
                // A description without a name may be better known to somebody else.
                if found?.reference == nil, request.user != nil, ofUsers.push(request) { return }
                finish(request.container, found)
            }
        }
        try NativeThread.start("user-images") { [self] in
            ofUsers.serve { request in
                finish(
                    request.container,
                    reader.description(ofUser: request.user ?? 0, request.container)
                )
            }
        }
    }

    // MARK: - Asking

    /// What is known of the container of a cgroup; nil outside containers and while unknown.
    ///
    /// Asks for what is not known or old. Waits only if nobody has ever looked, and only so long.
    func description(
        of cgroup: CgroupPath,
        patience: Duration = .zero
    ) -> ContainerDescription? {
        guard let id = cgroup.containerID.map({ Array($0) }) else { return nil }
        let now = KernelClock.monotonic.nanoseconds
        var signal: EventDescriptor?
        let (known, isNew, mustAsk) = state.withLock { state in
            if state.entries[id] == nil { Self.makeRoom(in: &state, capacity: capacity) }
            let entry = state.entries[id, default: Entry()]
            let mustAsk = !entry.isQueued && Self.isDue(entry, now: now)
            state.entries[id, default: Entry()].isQueued = entry.isQueued || mustAsk
            return (entry.description, entry.lookedAt == 0, mustAsk)
        }
        if isNew, patience > .zero, let wake = try? EventDescriptor() {
            signal = wake
            // Before the question: the answer may be there at once.
            let isAnswered = state.withLock { state in
                guard state.entries[id]?.lookedAt == 0 else { return true }
                state.entries[id]?.waiting.append(wake)
                return false
            }
            if isAnswered { signal = nil }
        }
        if mustAsk { ask(DescriptionQueue.Request(container: id, user: cgroup.userNumber)) }
        guard isNew, patience > .zero else { return known }
        if let signal { _ = try? signal.wait(timeout: patience) }
        return state.withLock { $0.entries[id]?.description }
    }

    /// What is known of a container for a record, when nobody is held any more.
    func descriptionForRecord(of cgroup: CgroupPath) -> ContainerDescription? {
        let waiting = waitingRecords.wrappingAdd(1, ordering: .relaxed).newValue
        defer { waitingRecords.wrappingSubtract(1, ordering: .relaxed) }
        return description(
            of: cgroup,
            patience: waiting <= Self.recordWaiters ? Self.recordPatience : Self.patience
        )
    }

    /// Asks for what is not known yet, without an answer.
    func note(_ cgroup: CgroupPath) { _ = description(of: cgroup) }

    private func ask(_ request: DescriptionQueue.Request) {
        // A full queue forgets; whoever asks next asks again.
        if !ofHost.push(request) {
            state.withLock { $0.entries[request.container]?.isQueued = false }
        }
    }

    private func finish(_ container: [UInt8], _ description: ContainerDescription?) {
        let now = KernelClock.monotonic.nanoseconds
        let waiting = state.withLock { state -> [EventDescriptor] in
            guard var entry = state.entries[container] else { return [] }
            // The runtime removes its files while the last processes still run.
            entry.description = description ?? entry.description
            entry.lookedAt = now
            entry.isQueued = false
            let waiting = entry.waiting
            entry.waiting = []
            state.entries[container] = entry
            return waiting
        }
        for wake in waiting { wake.signal() }
    }

    private static func isDue(_ entry: Entry, now: UInt64) -> Bool {
        guard entry.lookedAt > 0 else { return true }
        let age = now > entry.lookedAt ? now - entry.lookedAt : 0
        return age >= (entry.description?.reference == nil ? retryNanoseconds : refreshNanoseconds)
    }

    /// Drops a quarter when full, so that the cost is paid rarely.
    private static func makeRoom(in state: inout State, capacity: Int) {
        guard state.entries.count >= capacity else { return }
        let oldest = state.entries.sorted { $0.value.lookedAt < $1.value.lookedAt }
        for (id, entry) in oldest.prefix(max(1, capacity / 4)) {
            for wake in entry.waiting { wake.signal() }
            state.entries[id] = nil
        }
    }
}
