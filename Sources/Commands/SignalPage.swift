// One signal whole, for people. Everything that comes from the record is escaped.

internal import Signals

/// Renders everything that is known of a signal.
struct SignalPage {
    let signal: RecordedSignal
    /// Seconds that local time is ahead of UTC.
    var utcOffsetSeconds = 0

    /// The page; each line ends with a line feed.
    var text: String {
        var lines = [signal.message, ""]
        add("signal", signal.id, &lines)
        add("time", signal.time.readable(utcOffsetSeconds: utcOffsetSeconds), &lines)
        add("host", signal.host, &lines)
        if signal.isDetection {
            addVerdict(&lines)
            addProcess(&lines)
            addPlace(&lines)
            addAncestry(&lines)
        } else {
            addFacts(&lines)
        }
        let steps = signal.nextSteps
        if !steps.isEmpty { lines += ["", "Next steps"] + steps.map { "  * \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    private func add(_ name: String, _ value: String, _ lines: inout [String]) {
        guard !value.isEmpty else { return }
        let padding = String(repeating: " ", count: max(1, 13 - name.count))
        lines.append(name + padding + value)
    }

    private func addVerdict(_ lines: inout [String]) {
        add("outcome", signal.text("OUTCOME"), &lines)
        let reason = MonitoringReason(rawValue: signal.text("WHY_MONITORED"))
        add("why", reason?.clause ?? signal.text("WHY_MONITORED"), &lines)
        add("rule", signal.text("RULE_ID"), &lines)
        add("", signal.text("RULE_DESCRIPTION"), &lines)
        let line = signal.text("RULE_LINE")
        let file = signal.word("RULE_FILE")
        add("", file.isEmpty || line.isEmpty ? file : "\(file):\(line)", &lines)
        add("", signal.text("RULE_EXPRESSION"), &lines)
        add("tags", signal.text("RULE_TAGS"), &lines)
        let active = signal.text("ACTIVE_PROTECTION")
        add("protection", "\(signal.text("PROTECTION")), Active Protection \(active)", &lines)
        add("generation", signal.text("GENERATION"), &lines)
        let latency = signal.text("LATENCY_USEC")
        add("verdict", latency.isEmpty ? "" : "after \(latency) us", &lines)
        let signalName = signal.text("KILL_SIGNAL")
        guard !signalName.isEmpty else { return }
        let failure = signal.text("KILL_FAILURE")
        add(
            "kill",
            "\(signalName) to the \(signal.text("KILL_SCOPE")): \(signal.text("KILL_STATUS"))"
                + (failure.isEmpty ? "" : ", \(failure)"),
            &lines
        )
    }

    private func addProcess(_ lines: inout [String]) {
        lines.append("")
        let command = signal.event?["process"].map { Self.command(of: $0) } ?? []
        add("command", Escaping.commandLine(command), &lines)
        add("file", signal.word("EXE"), &lines)
        add("sha256", signal.text("SHA256"), &lines)
        add("interpreter", signal.word("INTERPRETER"), &lines)
        add("process", signal.text("PID"), &lines)
        let uid = signal.text("UID")
        let user = signal.bytes("USER").isEmpty ? uid : "\(signal.word("USER")) (\(uid))"
        add("user", user, &lines)
        add("directory", signal.word("CWD"), &lines)
        add("terminal", signal.word("TTY"), &lines)
    }

    private func addPlace(_ lines: inout [String]) {
        add("service", signal.word("SERVICE"), &lines)
        add("unit", signal.word("UNIT"), &lines)
        add("container", signal.word("CONTAINER_ID"), &lines)
        let isUnknown = !signal.bytes("CONTAINER_ID").isEmpty && signal.bytes("IMAGE").isEmpty
        add("image", isUnknown ? "unknown" : signal.word("IMAGE"), &lines)
    }

    private func addAncestry(_ lines: inout [String]) {
        guard case .array(let ancestors)? = signal.event?["process"]?["ancestors"],
            !ancestors.isEmpty
        else { return }
        lines += ["", "Ancestry, the oldest first"]
        for (depth, ancestor) in ancestors.reversed().enumerated() {
            lines.append(String(repeating: " ", count: 2 + min(depth, 16)) + describe(ancestor))
        }
        let own = String(repeating: " ", count: 2 + min(ancestors.count, 16))
        lines.append("\(own)\(signal.text("PID"))  \(signal.word("EXE"))")
    }

    private func describe(_ process: JSONValue) -> String {
        var words = Self.command(of: process)
        var path: [UInt8] = []
        if case .string(let found)? = process["executable"]?["path"] { path = found }
        if words.isEmpty, case .string(let name)? = process["comm"] { words = [name] }
        var number = "?"
        if case .integer(let pid)? = process["pid"] { number = "\(pid)" }
        let command = Escaping.commandLine(words)
        let file = path.isEmpty ? "" : "  (\(Escaping.shellWord(path)))"
        return "\(number)  \(command)\(file)"
    }

    /// The arguments of a process of the event, the first included.
    private static func command(of process: JSONValue) -> [[UInt8]] {
        var words: [[UInt8]] = []
        if case .string(let first)? = process["argv0"], !first.isEmpty { words.append(first) }
        if case .array(let rest)? = process["args"] {
            words += rest.compactMap { if case .string(let word) = $0 { word } else { nil } }
        }
        return words
    }

    /// Of a change in the service, what its kind has to say.
    private func addFacts(_ lines: inout [String]) {
        add("kind", signal.kind, &lines)
        for (name, field) in [
            ("rule", "RULE_ID"), ("before", "BEFORE"), ("after", "AFTER"), ("reason", "REASON"),
            ("missing", "MISSING"), ("effect", "EFFECT"), ("user", "ACTOR_USER"),
            ("uid", "ACTOR_UID"), ("generation", "GENERATION"), ("files", "DIAGNOSTICS"),
        ] {
            add(name, signal.text(field), &lines)
        }
    }
}

extension JSONValue {
    /// A member of an object; nil if it has none of this name or is no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
