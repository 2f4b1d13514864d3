// Execs that were held and let go wait a moment before anybody looks whether what runs is what was
// judged: most programs have ended by then, and to look at one takes the processor from it. What was
// not held never waits. Of the sensor's thread.

/// Processes that are to be looked at, but not yet.
struct DeferredConfirmations {
    private struct Place {
        let process: Int32
        let dueNanoseconds: UInt64
    }

    private var confirmations: [Int32: Confirmation] = [:]
    /// In the order of their times; those that were forgotten are still among them.
    private var order: [Place] = []
    private var next = 0

    /// How long one waits.
    ///
    /// It bounds how long a program runs whose arguments were changed while it
    /// was held, and is long for a program that only comes and goes.
    static let delayNanoseconds: UInt64 = 10_000_000
    /// More than this wait for nothing.
    private static let capacity = 16_384

    /// Adds a process; false if there is no room.
    ///
    /// A process that waits already keeps its time: a row of execs puts nothing off.
    mutating func add(_ confirmation: Confirmation, now: UInt64) -> Bool {
        let process = confirmation.process
        if confirmations[process] == nil {
            guard confirmations.count < Self.capacity else { return false }
            order.append(
                Place(process: process, dueNanoseconds: now + Self.delayNanoseconds)
            )
        }
        confirmations[process] = confirmation
        return true
    }

    /// Takes out a process before its time; nil if it does not wait.
    mutating func take(_ process: Int32) -> Confirmation? {
        confirmations.removeValue(forKey: process)
    }

    /// Takes out the next process whose time has come; nil if there is none.
    mutating func takeDue(now: UInt64) -> Confirmation? {
        while next < order.count, order[next].dueNanoseconds <= now {
            let process = order[next].process
            next += 1
            if let confirmation = confirmations.removeValue(forKey: process) {
                return confirmation
            }
        }
        if next == order.count {
            order.removeAll(keepingCapacity: order.capacity <= 1024)
            next = 0
        } else if next >= 1024 {
            order.removeFirst(next)
            next = 0
        }
        return nil
    }

    /// How long until the next one is due; nil if none waits.
    func delay(now: UInt64) -> Duration? {
        guard next < order.count else { return nil }
        let due = order[next].dueNanoseconds
        return .nanoseconds(Int64(due > now ? due - now : 0))
    }
}
