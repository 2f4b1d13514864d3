// Threads that may get stuck in somebody else's memory or files, and their replacement.
// A stuck thread cannot be freed from here (it waits for a page fault of another process), so the
// pool goes on with a new one; when the stuck one comes back, the surplus one retires.

import LinuxSystem
import Synchronization

/// One thread of a pool, as the others see it.
final class PoolMember: Sendable {
    /// The event it works on, if it is a verdict thread.
    let slot = VerdictSlot()
    /// Monotonic nanoseconds since when it works on one thing; 0 while it waits for more.
    private let busySince = Atomic<UInt64>(0)

    func begin(now: UInt64) { busySince.store(now, ordering: .sequentiallyConsistent) }

    func end() { busySince.store(0, ordering: .releasing) }

    /// How long it has worked on one thing.
    func busyNanoseconds(now: UInt64) -> UInt64 {
        let since = busySince.load(ordering: .sequentiallyConsistent)
        return since == 0 || since > now ? 0 : now - since
    }

    var isBusy: Bool { busySince.load(ordering: .sequentiallyConsistent) != 0 }
}

/// A pool of threads with one body.
final class WorkerPool: Sendable {
    /// What one thread does until the process ends or `shouldRetire` says so.
    typealias Body = @Sendable (PoolMember, WorkerPool) -> Void

    private struct State {
        var members: [PoolMember] = []
        var started = 0
    }

    private let name: String
    private let urgency: NativeThread.Urgency
    private let size: Int
    private let limit: Int
    private let body: Body
    private let state = Mutex(State())
    private let counters: Counters

    /// Threads busy for this long count as stuck: the next exec must not wait for them.
    private static let stuckNanoseconds: UInt64 = 4_000_000

    /// Makes a pool of `size` threads in ordinary times, and `limit` at most, the stuck ones
    /// included; of the name at most 11 bytes are seen, the threads are numbered.
    init(
        name: String,
        urgency: NativeThread.Urgency = .ordinary,
        size: Int,
        limit: Int,
        counters: Counters,
        body: @escaping Body
    ) {
        self.name = name
        self.urgency = urgency
        self.size = size
        self.limit = limit
        self.counters = counters
        self.body = body
    }

    /// Starts the ordinary threads.
    func start() throws(SystemError) {
        for _ in 0..<size { try startOne() }
    }

    private func startOne() throws(SystemError) {
        let member = PoolMember()
        let number = state.withLock { state in
            state.members.append(member)
            state.started += 1
            return state.started
        }
        do throws(SystemError) {
            try NativeThread.start("\(name)-\(number)", urgency: urgency) { [self] in
                body(member, self)
            }
        } catch {
            state.withLock { state in state.members.removeAll { $0 === member } }
            throw error
        }
    }

    /// All threads, stuck ones included.
    var members: [PoolMember] { state.withLock { $0.members } }

    /// Adds threads if all are stuck; true if none can be added: the limit is reached, or the
    /// host has no threads left to give (somebody may have taken them all on purpose).
    ///
    /// For the deadline thread.
    func reinforce(now: UInt64) -> Bool {
        let members = members
        let able = members.count { $0.busyNanoseconds(now: now) < Self.stuckNanoseconds }
        guard able == 0 else { return false }
        guard members.count < limit else { return true }
        // As many again as there are: however many get stuck at once, a few rounds are enough.
        var isExhausted = true
        for _ in 0..<min(limit - members.count, max(1, members.count)) {
            // EAGAIN leaves the pool as it is: the next tick tries again.
            guard (try? startOne()) != nil else { break }
            counters.reinforcements.count()
            isExhausted = false
        }
        return isExhausted
    }

    /// Asked by a thread between two pieces of work: true if it is surplus and must end now.
    func retires(_ member: PoolMember, now: UInt64) -> Bool {
        state.withLock { state in
            guard state.members.count > size else { return false }
            let able = state.members.count { $0.busyNanoseconds(now: now) < Self.stuckNanoseconds }
            guard able > size else { return false }
            state.members.removeAll { $0 === member }
            return true
        }
    }

    /// True if some thread works on something.
    var isBusy: Bool { members.contains { $0.isBusy } }
}
