// The claim on an answer. A verdict thread and the deadline thread may both want to answer one
// event; the slot decides who does, without a lock on the ordinary path. Owns no descriptor.

import Synchronization

/// What a verdict thread is doing with the event it took; decides which default applies when late.
package enum VerdictPhase: UInt8, Sendable {
    /// Reading the held task's memory, files or `/proc`: may block for as long as the task likes.
    case reading
    /// Evaluating rules.
    case judging
    /// A rule blocks: the answer is deny, whoever gives it. What led to the exec is still being read
    /// for the record.
    case denying
}

/// The event one verdict thread has taken and not answered, as the deadline thread sees it.
///
/// One per verdict thread; reused for every event. All members may be used from any thread.
package final class VerdictSlot: Sendable {
    /// Zero while idle.
    ///
    /// Otherwise the sequence number of the event and its descriptor; the top bit is set
    /// while somebody writes the answer.
    private let ticket = Atomic<UInt64>(0)
    private let startedNanoseconds = Atomic<UInt64>(0)
    private let task = Atomic<Int32>(0)
    private let phase = Atomic<UInt8>(VerdictPhase.reading.rawValue)
    private let sequence = Atomic<UInt32>(0)
    private let isLateDeny = Atomic<Bool>(false)

    private static let answering: UInt64 = 1 << 63

    package init() {}

    /// Publishes a new event; returns the ticket that claims its answer.
    func open(descriptor: CInt, task: Int32, now: UInt64) -> UInt64 {
        let number = sequence.wrappingAdd(1, ordering: .relaxed).newValue & 0x7fff_ffff
        let value = UInt64(number) << 32 | UInt64(UInt32(bitPattern: descriptor)) + 1
        self.task.store(task, ordering: .relaxed)
        phase.store(VerdictPhase.reading.rawValue, ordering: .relaxed)
        startedNanoseconds.store(now, ordering: .relaxed)
        ticket.store(value, ordering: .releasing)
        return value
    }

    /// True for exactly one caller per ticket, who must write the answer and then call `close()`.
    func claim(_ value: UInt64) -> Bool {
        ticket.compareExchange(
            expected: value,
            desired: value | Self.answering,
            ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// The claimer has written the answer.
    func close() {
        ticket.store(0, ordering: .releasing)
    }

    /// The deadline thread has written this answer.
    func close(late answer: Answer) {
        isLateDeny.store(answer == .deny, ordering: .relaxed)
        close()
    }

    /// Waits until the other claimer's answer is written, and says which it was.
    ///
    /// The descriptor may be closed only then, or its number could come to name another event.
    /// Lasts as long as one write(2).
    func otherAnswer(_ value: UInt64) -> Answer {
        while ticket.load(ordering: .acquiring) == value | Self.answering {}
        return isLateDeny.load(ordering: .relaxed) ? .deny : .allow
    }

    /// Says what the verdict thread is doing now.
    package func enter(_ phase: VerdictPhase) {
        self.phase.store(phase.rawValue, ordering: .relaxed)
    }

    /// An event that is not answered yet.
    package struct Open: Sendable {
        let ticket: UInt64
        /// The thread that waits in exec.
        package let task: Int32
        /// Monotonic clock, nanoseconds.
        package let startedNanoseconds: UInt64
        package let phase: VerdictPhase
        /// The event's descriptor; owned by the verdict thread, so only good while claimed.
        var descriptor: CInt { CInt(truncatingIfNeeded: ticket & 0xffff_ffff) - 1 }
    }

    /// The event being worked on; nil while idle or while an answer is being written.
    package var current: Open? {
        let value = ticket.load(ordering: .acquiring)
        guard value != 0, value & Self.answering == 0 else { return nil }
        let open = Open(
            ticket: value,
            task: task.load(ordering: .relaxed),
            startedNanoseconds: startedNanoseconds.load(ordering: .relaxed),
            phase: VerdictPhase(rawValue: phase.load(ordering: .relaxed)) ?? .reading
        )
        // A newer event may have been published in between: its times would be mixed with ours.
        return ticket.load(ordering: .acquiring) == value ? open : nil
    }
}
