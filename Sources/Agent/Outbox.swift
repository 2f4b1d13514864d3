// The way from a verdict to the record: a bounded queue and a wake-up. Nothing here waits.

import LinuxSystem
import Signals
import Synchronization

/// Where all threads put signals; one thread takes them out.
package final class Outbox: Sendable {
    private let ring: SignalRing
    private let wake: EventDescriptor
    private let counter = Atomic<UInt32>(0)
    /// Signals in the ring or in the writer's hands.
    private let unwritten = Atomic<Int>(0)
    private let instance: UInt32
    /// The state of Active Protection, which every signal tells.
    private let isProtecting = Atomic<Bool>(false)
    /// What came of each rule's matches.
    let hits = RuleHits()
    private let host: HostRecord

    init(host: HostRecord) throws(SystemError) {
        let wake = try EventDescriptor()
        self.wake = wake
        self.host = host
        ring = SignalRing(wake: { wake.signal() })
        var generator = SystemRandomNumberGenerator()
        instance = generator.next()
    }

    /// The descriptor that is readable when there is something to take out.
    var wakeDescriptor: EventDescriptor { wake }

    /// Records a detection; never blocks, drops and counts when full.
    func post(_ detection: Detection, at time: Timestamp) {
        hits.note(detection, at: time)
        push(Signal(id: nextID(time), time: time, host: host, detection: detection))
    }

    /// Records a service event.
    func post(_ event: ServiceEvent) {
        let time = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
        let whole = event.noting(activeProtection: isProtecting.load(ordering: .relaxed))
        push(Signal(id: nextID(time), time: time, host: host, event: whole))
    }

    /// Active Protection is on or off from now on.
    func note(activeProtection isEnabled: Bool) {
        isProtecting.store(isEnabled, ordering: .relaxed)
    }

    private func push(_ signal: Signal) {
        // Counted before the push: the writer may be done with it at once.
        unwritten.wrappingAdd(1, ordering: .relaxed)
        if !ring.push(signal) { unwritten.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// The writer is done with this many.
    func noteWritten(_ count: Int) {
        unwritten.wrappingSubtract(count, ordering: .relaxed)
    }

    /// How many signals wait to be recorded.
    var waitingCount: Int { max(0, unwritten.load(ordering: .relaxed)) }

    /// True if every signal so far has been written.
    var isEmpty: Bool { unwritten.load(ordering: .relaxed) <= 0 }

    /// Takes everything out.
    func drain() -> SignalRing.Batch { ring.drain() }

    private func nextID(_ time: Timestamp) -> SignalID {
        SignalID(
            time: time,
            instance: instance,
            counter: counter.wrappingAdd(1, ordering: .relaxed).newValue
        )
    }
}
