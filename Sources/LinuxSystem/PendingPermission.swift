// One held exec and the duty to answer it exactly once.

import Glibc

/// One kernel permission request.
///
/// The task is blocked in execve until it is answered.
///
/// Owns the event's descriptor. Exactly one answer is sent: by `answer(_:)`, by the deadline
/// thread through the slot, or by the end of the value with the fallback if a path forgets.
/// Not copyable, so two answers cannot compile. Closing the descriptor without an answer would
/// leave the task blocked for ever (fanotify(7)), therefore it is closed only after one.
package struct PendingPermission: ~Copyable, Sendable {
    private let group: FanotifyGroup
    private let slot: VerdictSlot
    private let ticket: UInt64
    private let fallback: Answer
    private var isAnswered = false

    /// The file being opened for execution; usable until the answer.
    ///
    /// Owned by this value. Reads through it raise no events (`FMODE_NONOTIFY`).
    package let file: CInt
    /// The thread in execve, in the initial pid namespace; 0 if it is not visible from here.
    package let task: Int32
    /// When it was taken off the queue; monotonic clock, nanoseconds.
    package let takenNanoseconds: UInt64

    init(group: FanotifyGroup, slot: VerdictSlot, event: CInt, task: Int32, fallback: Answer) {
        self.group = group
        self.slot = slot
        self.file = event
        self.task = task
        self.fallback = fallback
        takenNanoseconds = KernelClock.monotonic.nanoseconds
        ticket = slot.open(descriptor: event, task: task, now: takenNanoseconds)
    }

    /// Sends the answer and gives back the file, for work that may be done after the task is free.
    package consuming func answer(_ answer: Answer) -> Answered {
        let delivery = send(answer)
        isAnswered = true
        return Answered(delivery: delivery, file: OwnedFD(file))
    }

    private func send(_ answer: Answer) -> Delivery {
        guard slot.claim(ticket) else {
            return .late(slot.otherAnswer(ticket))
        }
        let delivery = group.respond(to: file, answer)
        slot.close()
        return delivery
    }

    deinit {
        guard !isAnswered else { return }
        _ = send(fallback)
        _ = Glibc.close(file)
    }
}

/// An answered event: what became of the answer, and the file, which is still open.
package struct Answered: ~Copyable {
    package let delivery: Delivery
    package var file: OwnedFD
}
