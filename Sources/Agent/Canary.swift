// The process that tries to start a program now and then, to see whether execs are still answered:
// a heartbeat proves that a thread runs, this proves that nobody waits. Forked by the guardian, so it
// never holds the group: if it waits for an answer that does not come, it keeps nobody else waiting.

import LinuxSystem

/// Test execs, and what the guardian makes of them.
final class Canary {
    /// Shared with the canary and with the process that holds execs.
    let record: CanaryRecord
    private let file: String?
    private var process: ChildProcess?

    /// An exec that has waited so long will not be answered any more: the deadline of a verdict is
    /// ten seconds at most, and half a second as a rule.
    private let patience: UInt64
    /// Between two test execs.
    private static let periodMilliseconds: UInt32 = 2000
    /// A proof counts for so long.
    private static let validity: UInt64 = 7_000_000_000

    /// Without a file there are no test execs, and nothing is wrong.
    ///
    /// The file must be executable, lie on a filesystem that is held, and be no program: its exec
    /// ends with ENOEXEC after it was let go. Its first four bytes must be printable, otherwise the
    /// kernel looks for a module.
    init(file: String?, patience: UInt64) throws(SystemError) {
        self.file = file
        self.patience = patience
        record = try CanaryRecord()
    }

    /// Forks it, and again if it has ended.
    func keepAlive() {
        guard let file, !isRunning else { return }
        // No process to spare: the next look tries again.
        guard let side = try? ChildProcess.fork() else { return }
        switch consume side {
        case .child: sing(file)
        case .parent(let child): process = consume child
        }
    }

    private var isRunning: Bool {
        switch process {
        case .none: false
        case .some(let process): process.ended() == nil
        }
    }

    /// A new holder is about to be forked.
    func beginAnew() { record.reset() }

    /// True if a test exec waits for too long.
    func isUnanswered(now: UInt64) -> Bool { record.waitingNanoseconds(now: now) > patience }

    /// Whether all is well, as far as test execs can tell.
    ///
    /// Where the file cannot be held (a filesystem that cannot be marked) there is never a proof, and
    /// its absence means nothing.
    func isHealthy(now: UInt64) -> Bool {
        guard !isUnanswered(now: now) else { return false }
        let last = record.lastProof
        guard last > 0 else { return true }
        return last > now || now - last < Self.validity
    }

    /// Ends it; it may be what is stopped.
    func destroy() {
        guard let child = process.take() else { return }
        child.destroy()
    }

    /// The life of the process.
    private func sing(_ file: String) -> Never {
        record.adopt(process: Host.processID)
        while true {
            record.begin(now: KernelClock.monotonic.nanoseconds)
            ChildProcess.tryExec(of: file)
            record.end(now: KernelClock.monotonic.nanoseconds)
            Host.sleep(milliseconds: Self.periodMilliseconds)
        }
    }
}
