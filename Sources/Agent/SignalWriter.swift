// The thread that writes signals where people read them. It may wait for journald or for a pipe;
// nobody waits for it: what it cannot take in time stays in the ring, and beyond that is counted.

import LinuxSystem
import Signals

/// Writes signals to one output; one thread.
final class SignalWriter {
    /// Where signals go.
    enum Output: String, CaseIterable, Sendable {
        case journal, json, console
    }

    private let agent: AgentState
    private let output: Output
    private let journal: JournalSocket
    private let console = ConsoleRenderer()
    private let epoll: Epoll
    /// Signals that were not written when the journal was full or away, oldest first.
    private var pending: [Signal] = []

    /// Writes to one of the outputs; `journalPath` is where journald listens.
    init(
        agent: AgentState,
        output: Output,
        journalPath: String = JournalSocket.systemPath
    ) throws(SystemError) {
        self.agent = agent
        self.output = output
        journal = try JournalSocket(path: journalPath)
        epoll = try Epoll()
        try epoll.add(agent.outbox.wakeDescriptor.raw, token: 0)
    }

    /// How long a full or absent journal is left alone.
    private static let retryMilliseconds: CInt = 100

    /// Runs for as long as the process does.
    func run() {
        while true {
            _ = try? epoll.wait(milliseconds: pending.isEmpty ? -1 : Self.retryMilliseconds)
            agent.outbox.wakeDescriptor.clear()
            agent.names.refresh()
            agent.notes.write()
            writeAll()
        }
    }

    /// Writes what is there; what the journal does not take stays for the next time.
    func writeAll() {
        // A backlog leaves the rest in the ring, which is bounded and counts.
        if pending.isEmpty {
            let batch = agent.outbox.drain()
            pending = batch.signals
            if batch.droppedCount > 0 {
                agent.outbox.post(.eventsLost(.signals, lostCount: batch.droppedCount))
            }
        }
        var written = 0
        for signal in pending {
            guard write(signal) else { break }
            written += 1
        }
        pending.removeFirst(written)
        agent.outbox.noteWritten(written)
    }

    /// True if the signal is out, or can never be.
    private func write(_ signal: Signal) -> Bool {
        switch output {
        case .json: return Host.write(signal.jsonLine() + [UInt8(ascii: "\n")], to: 1)
        case .console: return Host.write(Array(console.render(signal).utf8), to: 1)
        case .journal: return send(signal.journalRecord.encoded())
        }
    }

    private func send(_ entry: [UInt8]) -> Bool {
        switch journal.send(entry.span) {
        case .sent: return true
        case .full, .absent: return false
        case .failed(let error):
            ServiceLog.warning("a signal was lost: \(error)")
            return true
        }
    }
}
