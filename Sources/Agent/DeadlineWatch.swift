// The thread that keeps a stalled verdict from holding up anybody: past the deadline it answers
// for the stalled thread, and long before that it starts another thread when all are stuck.
// It takes no lock that is held across I/O and reads nothing that could block.

import LinuxSystem
import Synchronization

/// Watches the threads that may get stuck; one thread.
final class DeadlineWatch: Sendable {
    /// How often the threads are looked at while they work.
    private static let tickMilliseconds: CInt = 5
    /// Ticks without work before the watch sleeps until the next event.
    private static let idleTicks = 200

    private let wake: EventDescriptor
    private let epoll: Epoll
    private let isAsleep = Atomic<Bool>(false)
    /// Monotonic time of the last look; 0 before the first.
    private let lastLook = Atomic<UInt64>(0)
    /// A watch that has not looked for this long is stuck.
    private static let stuckNanoseconds: UInt64 = 2_000_000_000

    init() throws(SystemError) {
        wake = try EventDescriptor()
        epoll = try Epoll()
        try epoll.add(wake.raw, token: 0)
    }

    /// False if the watch itself is stuck.
    func isHealthy(now: UInt64) -> Bool {
        let last = lastLook.load(ordering: .relaxed)
        return last == 0 || isAsleep.load(ordering: .sequentiallyConsistent) || last > now
            || now - last < Self.stuckNanoseconds
    }

    /// Called by a thread that has begun to work: an idle host costs no wake-ups.
    func noteWork() {
        if isAsleep.load(ordering: .sequentiallyConsistent) { wake.signal() }
    }

    /// Runs for as long as the process does.
    ///
    /// - Parameters:
    ///   - pools: The pools to reinforce.
    ///   - look: One look at everything else that can be late, with the monotonic time and the
    ///     pools that have no thread left that could work.
    func run(_ pools: [WorkerPool], look: (_ now: UInt64, _ exhausted: [WorkerPool]) -> Void) {
        var idle = 0
        while true {
            let now = KernelClock.monotonic.nanoseconds
            lastLook.store(now, ordering: .relaxed)
            look(now, pools.filter { $0.reinforce(now: now) })
            idle = pools.contains { $0.isBusy } ? 0 : idle + 1
            if idle > Self.idleTicks {
                isAsleep.store(true, ordering: .sequentiallyConsistent)
                // Whoever began before the store is seen here, whoever begins after it wakes us.
                if !pools.contains(where: { $0.isBusy }) { _ = try? epoll.wait() }
                isAsleep.store(false, ordering: .sequentiallyConsistent)
                idle = 0
            } else {
                _ = try? epoll.wait(milliseconds: Self.tickMilliseconds)
            }
            wake.clear()
        }
    }
}
