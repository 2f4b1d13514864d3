// Signals as a table: one line each. Everything that comes from a record is escaped.

internal import Signals

/// Renders signals one per line, in columns.
struct SignalTable {
    /// How wide a line may be; nil for any width.
    var width: Int?
    var usesColor = false
    /// Seconds that local time is ahead of UTC, at a moment.
    var utcOffset: (Timestamp) -> Int = { _ in 0 }

    private static let columns = [
        ("TIME", 19), ("OUTCOME", 17), ("THREAT", 16), ("RULE", 26), ("SERVICE OR IMAGE", 22),
        ("USER", 10),
    ]

    /// The names of the columns.
    var header: String {
        line(Self.columns.map(\.0) + ["ID"], color: nil)
    }

    /// The line of a signal.
    func line(of signal: RecordedSignal) -> String {
        let time = signal.time.readable(utcOffsetSeconds: utcOffset(signal.time))
        guard let outcome = signal.outcome else {
            // What happened to the service is a sentence.
            let start = pad(time, 19) + "  " + pad(signal.kind, 17) + "  "
            return cut(start + signal.message) + "\n"
        }
        return line(
            [
                time, outcome.rawValue, signal.text("THREAT"), signal.text("RULE_ID"), signal.place,
                signal.user, String(signal.id.prefix(Self.idDigits)),
            ],
            color: Self.color(outcome)
        )
    }

    /// So many digits of an identity are its time in nanoseconds: enough to tell signals apart.
    static let idDigits = 16

    private func line(_ values: [String], color: String?) -> String {
        var text = ""
        for (index, value) in values.enumerated() {
            guard index < Self.columns.count else {
                text += value
                break
            }
            let width = Self.columns[index].1
            // What is too long pushes the rest to the right: a cut name cannot be copied.
            var cell = pad(value.isEmpty ? "-" : value, width)
            if index == 1, usesColor, let color { cell = "\u{1B}[\(color)m\(cell)\u{1B}[0m" }
            text += cell + "  "
        }
        return text + "\n"
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func cut(_ text: String) -> String {
        guard let width, text.count > width, width > 8 else { return text }
        return text.prefix(width - 1) + "…"
    }

    /// Green for what was stopped, yellow for what was only seen, red for what runs on.
    private static func color(_ outcome: Outcome) -> String {
        switch outcome {
        case .denied, .killed, .deniedUnreadable: "32"
        case .monitored, .gone: "33"
        case .killFailed, .allowedLate, .allowedUnreadable: "31"
        }
    }
}
