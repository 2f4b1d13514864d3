// What the canary, the guardian and the process that holds execs know about test execs, in memory
// that the three share.

/// Test execs: when one began, when it was answered, and whether it was held.
package final class CanaryRecord: Sendable {
    private enum Place {
        static let process = 0
        static let began = 1
        static let ended = 2
        static let held = 3
        static let proven = 4
        static let count = 5
    }

    private let numbers: SharedNumbers

    /// - Throws: `mmap`: ENOMEM.
    package init() throws(SystemError) {
        numbers = try SharedNumbers(count: Place.count)
    }

    /// Forgets what was known about a holder that has ended.
    package func reset() {
        numbers[Place.held] = 0
        numbers[Place.proven] = 0
    }

    // MARK: - The canary

    /// Says which process the calling one is; execs of it are test execs.
    package func adopt(process: Int32) {
        numbers[Place.process] = UInt64(process)
        numbers[Place.ended] = 0
        numbers[Place.began] = 0
    }

    /// A test exec begins.
    package func begin(now: UInt64) { numbers[Place.began] = now }

    /// It was answered.
    ///
    /// It proves something only if it was held since it began: without a mark the kernel answers by itself.
    package func end(now: UInt64) {
        if numbers[Place.held] >= numbers[Place.began] { numbers[Place.proven] = now }
        numbers[Place.ended] = now
    }

    // MARK: - Who holds execs

    /// True if this task is the canary.
    package func isCanary(task: Int32) -> Bool { numbers[Place.process] == UInt64(task) }

    /// Its exec is held and was judged.
    package func noteHeld(now: UInt64) { numbers[Place.held] = now }

    // MARK: - The guardian

    /// How long the exec in progress has been waiting for its answer; 0 if there is none.
    package func waitingNanoseconds(now: UInt64) -> UInt64 {
        let began = numbers[Place.began]
        return began == 0 || numbers[Place.ended] >= began || began > now ? 0 : now - began
    }

    /// When the last test exec was held and answered, monotonic; 0 if none was under this holder.
    package var lastProof: UInt64 { numbers[Place.proven] }
}
