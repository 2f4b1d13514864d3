// Finds the records of minewarden in a journal.

internal import JournalReading
internal import Signals

/// Which signals are wanted.
struct SignalQuery {
    /// A directory of journal files; nil for the journal of this host.
    var directory: String?
    /// Only those of programs that were stopped.
    var isBlockedOnly = false
    /// Only those of one rule.
    var rule: String?
    /// From this moment on; nil for the last `count`.
    var since: Timestamp?
    var count = 50

    private static let blocked: [SignalKind] = [.threatDenied, .threatKilled, .deniedUnreadable]

    /// Opens the journal with only these signals in it.
    ///
    /// Records of root alone: anybody can write to the journal what looks like a signal, but
    /// journald itself says who it was.
    func open() throws(CommandFailure) -> SignalSource {
        do throws(JournalFailure) {
            let journal = try JournalReader(directory: directory)
            try journal.require("_UID", "0")
            try journal.require("SYSLOG_IDENTIFIER", "minewarden")
            for kind in isBlockedOnly ? Self.blocked : SignalKind.allCases {
                try journal.require("MESSAGE_ID", kind.messageID)
            }
            if let rule { try journal.require("MINEWARDEN_RULE_ID", rule) }
            return SignalSource(journal: journal)
        } catch {
            throw CommandFailure(error.description)
        }
    }
}

/// An open journal that shows the wanted signals only.
struct SignalSource: ~Copyable {
    fileprivate let journal: JournalReader

    /// Hands over the signals of a query, the oldest first; with `isFollowing` never ends.
    ///
    /// - Returns: how many there were.
    func read(
        _ query: SignalQuery,
        isFollowing: Bool = false,
        _ body: (RecordedSignal) -> Void
    ) throws(CommandFailure) -> Int {
        do throws(JournalFailure) {
            var count = 0
            func take() throws(JournalFailure) {
                guard let signal = try current() else { return }
                // The journal's order is that of writing, which may be later.
                if let since = query.since, signal.time < since { return }
                count += 1
                body(signal)
            }
            if try start(query) { try take() }
            while true {
                while try journal.next() { try take() }
                guard isFollowing else { return count }
                try journal.wait()
            }
        } catch {
            throw CommandFailure(error.description)
        }
    }

    /// Goes to where a query starts; true if that is a record, and not the place before one.
    private func start(_ query: SignalQuery) throws(JournalFailure) -> Bool {
        if let since = query.since {
            try journal.seek(toMicroseconds: UInt64(max(0, since.nanoseconds / 1000)))
            return false
        }
        try journal.seekTail()
        var isAtRecord = false
        for _ in 0..<query.count {
            guard try journal.previous() else { break }
            isAtRecord = true
        }
        return isAtRecord
    }

    /// The signals whose identity begins so, the newest first; two at most.
    func find(_ prefix: String) throws(CommandFailure) -> [RecordedSignal] {
        do throws(JournalFailure) {
            var found: [RecordedSignal] = []
            try journal.seekTail()
            while found.count < 2, try journal.previous() {
                if let signal = try current(), signal.id.hasPrefix(prefix),
                    signal.id != found.first?.id
                {
                    found.append(signal)
                }
            }
            return found
        } catch {
            throw CommandFailure(error.description)
        }
    }

    private func current() throws(JournalFailure) -> RecordedSignal? {
        RecordedSignal(try journal.fields(), writtenMicroseconds: try journal.microseconds())
    }
}
