// Lines for the service log from threads that must not wait for it. Bounded; the thread that
// records signals writes them.

import Diagnostics
import LinuxSystem
import Policy
import Synchronization

/// One line for the service log.
struct ServiceNote: Sendable {
    let level: LogDefinition.Level
    let text: String

    init(level: LogDefinition.Level, text: String) {
        self.level = level
        self.text = text
    }

    /// What a `log` action says about an attempt.
    init(_ log: LogDefinition, of rule: Rule, about attempt: Attempt) {
        level = log.level
        let path = Escaping.terminal(attempt.path)
        let message = Escaping.terminal(log.message ?? rule.description)
        text = "rule \(rule.id): \(message) (process \(attempt.process.pid), \(path))"
    }

    /// That a rule has sent fewer signals than it had detections.
    init(suppressed count: UInt64, of rule: Rule) {
        level = .warning
        text = "rule \(rule.id): \(count) detections were not signalled, more than its rate allows"
    }
}

/// Lines waiting to be written; any thread.
final class ServiceNotes: Sendable {
    private struct State {
        var waiting: [ServiceNote] = []
        var dropped = 0
    }

    private let state = Mutex(State())
    private static let capacity = 256

    /// Adds lines; never blocks, drops and counts when full.
    func push(_ notes: [ServiceNote]) {
        state.withLock { state in
            let room = max(0, Self.capacity - state.waiting.count)
            state.waiting += notes.prefix(room)
            state.dropped += max(0, notes.count - room)
        }
    }

    /// Writes what waits; may block as stderr does.
    func write() {
        let (notes, dropped) = state.withLock { state in
            defer { state = State() }
            return (state.waiting, state.dropped)
        }
        for note in notes {
            switch note.level {
            case .debug: ServiceLog.debug(note.text)
            case .info: ServiceLog.info(note.text)
            case .warning: ServiceLog.warning(note.text)
            case .error: ServiceLog.error(note.text)
            }
        }
        if dropped > 0 { ServiceLog.warning("\(dropped) lines of log actions were dropped") }
    }
}

extension AgentState {
    /// Has lines written by the thread that records signals.
    func post(_ lines: [ServiceNote]) {
        notes.push(lines)
        outbox.wakeDescriptor.signal()
    }
}
