// Signals as lines for people at a terminal. Everything that comes from the host is escaped.

/// Renders signals for a terminal: a few aligned lines per detection, one per service event.
package struct ConsoleRenderer: Sendable {
    /// How wide a line may be, in characters; at least 40.
    package var width: Int
    /// Whether to colour what happened with terminal sequences.
    package var usesColor: Bool
    /// Added to the time of signals to show local time; 0 shows UTC.
    package var utcOffsetSeconds: Int

    /// Renders for a terminal of this width.
    package init(width: Int = 100, usesColor: Bool = false, utcOffsetSeconds: Int = 0) {
        self.width = max(40, width)
        self.usesColor = usesColor
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// The lines of a signal, each ended by a line feed.
    package func render(_ signal: Signal) -> String {
        let lines =
            switch signal.body {
            case .detection(let detection): self.lines(signal, detection)
            case .service(let event): [line(signal, event)]
            }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: - Lines

    private func line(_ signal: Signal, _ event: ServiceEvent) -> String {
        let word = signal.priority.rawValue <= SignalPriority.error.rawValue ? "ERROR" : "service"
        return head(signal, word, event.message)
    }

    private func lines(_ signal: Signal, _ detection: Detection) -> [String] {
        let rule = detection.rule.map { "  rule \(Escaping.shellWord(Array($0.id.utf8)))" } ?? ""
        let headline = "\(detection.threat)  \(Self.words(detection))\(rule)"
        var lines = [head(signal, Self.label(detection.outcome), headline)]
        let process = detection.process
        let arguments = [process.arguments.argv0] + process.arguments.values
        if !process.arguments.argv0.isEmpty || arguments.count > 1 {
            lines.append(row("command", Escaping.commandLine(arguments)))
        }
        if let executable = process.executable {
            lines.append(row("file", Escaping.shellWord(executable.path)))
        }
        lines.append(row("process", Self.identity(detection)))
        let place = Self.place(detection)
        if !place.isEmpty { lines.append(row("where", place)) }
        if let reason = detection.whyMonitored { lines.append(row("why", reason.clause)) }
        for step in detection.nextSteps { lines.append(row("next", step, isCut: false)) }
        return lines
    }

    private func head(_ signal: Signal, _ label: String, _ text: String) -> String {
        let time = signal.time.readable(utcOffsetSeconds: utcOffsetSeconds)
        let padded = Self.padded(label, 9)
        let colored = usesColor ? "\u{1B}[\(Self.color(signal))m\(padded)\u{1B}[0m" : padded
        let used = time.count + padded.count + 2
        return "\(time) \(colored) \(cut(text, to: width - used))"
    }

    /// One indented line; a command to type is never cut.
    private func row(_ name: String, _ text: String, isCut: Bool = true) -> String {
        let start = "    \(Self.padded(name, 8)) "
        return start + (isCut ? cut(text, to: width - start.count) : text)
    }

    private func cut(_ text: String, to width: Int) -> String {
        let width = max(8, width)
        return text.count > width ? text.prefix(width - 1) + "…" : text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    // MARK: - Words

    private static func label(_ outcome: Outcome) -> String {
        switch outcome {
        case .denied, .deniedUnreadable: "DENIED"
        case .killed: "KILLED"
        case .killFailed: "RUNNING"
        case .allowedLate, .allowedUnreadable: "ALLOWED"
        case .monitored: "MONITORED"
        case .gone: "GONE"
        }
    }

    private static func words(_ detection: Detection) -> String {
        if detection.isCheckOnly { return "only a check, nothing was started" }
        return switch detection.outcome {
        case .monitored where detection.whyMonitored == .alreadyRunning: "keeps running"
        case .monitored: "was allowed to run"
        case .denied: "denied before it ran"
        case .killed: "had started, was killed"
        case .killFailed where detection.kill?.status == .error:
            "could not be stopped, still running"
        case .killFailed: "exit not seen, may still be running"
        case .allowedLate: "verdict too late, was allowed to run"
        case .deniedUnreadable: "unreadable, denied before it ran"
        case .allowedUnreadable: "unreadable, was allowed to run"
        case .gone where detection.kill != nil: "exited by itself"
        case .gone: "vanished before the answer"
        }
    }

    private static func identity(_ detection: Detection) -> String {
        let process = detection.process
        var parts = ["pid \(process.pid)"]
        if let parent = detection.ancestors.first {
            let name = parent.comm.isEmpty ? parent.executable?.name ?? [] : parent.comm
            let suffix = name.isEmpty ? "" : " (\(Escaping.shellWord(name)))"
            parts.append("parent \(parent.pid)\(suffix)")
        } else if let parent = process.parentPID {
            parts.append("parent \(parent)")
        }
        if let uid = process.uid {
            parts.append(
                process.user.isEmpty
                    ? "uid \(uid)" : "user \(Escaping.shellWord(process.user)) (\(uid))"
            )
        }
        if !process.workingDirectory.isEmpty {
            parts.append("in \(Escaping.shellWord(process.workingDirectory))")
        }
        return parts.joined(separator: ", ")
    }

    private static func place(_ detection: Detection) -> String {
        var parts: [String] = []
        let process = detection.process
        if !process.service.isEmpty {
            parts.append("service \(Escaping.shellWord(process.service))")
        }
        if let container = detection.container {
            parts.append("container \(Escaping.shellWord(Array(container.id.prefix(12))))")
            if !container.image.isEmpty {
                parts.append("image \(Escaping.shellWord(container.image))")
            }
        }
        if !process.unit.isEmpty { parts.append("unit \(Escaping.shellWord(process.unit))") }
        return parts.joined(separator: ", ")
    }

    /// Red for what runs against the will of the rules, yellow for what was only seen, green for
    /// what was stopped; service events plain unless they are errors.
    private static func color(_ signal: Signal) -> String {
        switch signal.kind {
        case .threatDenied, .threatKilled, .deniedUnreadable: "32"
        case .threatMonitored, .threatGone: "33"
        default: signal.priority.rawValue <= SignalPriority.error.rawValue ? "31" : "0"
        }
    }
}
