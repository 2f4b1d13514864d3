// A signal as it was written down: the fields of a journal record. Values only; everything in it may
// be hostile text, and is escaped where it is shown.

internal import Diagnostics
internal import Signals

/// One record of minewarden in a journal.
struct RecordedSignal {
    private let fields: [String: [UInt8]]
    /// When it happened; when it was written down, if the record does not say.
    let time: Timestamp

    /// Takes the fields of a record; nil if it is not a signal.
    init?(_ fields: [String: [UInt8]], writtenMicroseconds: UInt64) {
        guard fields["MINEWARDEN_ID"] != nil, fields["MINEWARDEN_KIND"] != nil else { return nil }
        self.fields = fields
        // The identity begins with the time.
        let id = SignalID(String(decoding: fields["MINEWARDEN_ID"] ?? [], as: UTF8.self))
        time = Timestamp(
            nanoseconds: id.map { Int64(bitPattern: $0.high) }
                ?? Int64(clamping: writtenMicroseconds.multipliedReportingOverflow(by: 1000).0)
        )
    }

    /// The value of `MINEWARDEN_NAME` as bytes; empty if there is none.
    func bytes(_ name: String) -> [UInt8] { fields["MINEWARDEN_" + name] ?? [] }

    /// The value of `MINEWARDEN_NAME` as text for people; empty if there is none.
    ///
    /// What was escaped when it was recorded is not escaped again.
    func text(_ name: String) -> String { Diagnostics.Escaping.terminal(bytes(name)) }

    /// The value of `MINEWARDEN_NAME` as one word of a command line; empty if there is none.
    func word(_ name: String) -> String {
        let bytes = bytes(name)
        return bytes.isEmpty ? "" : Signals.Escaping.shellWord(bytes)
    }

    var id: String { text("ID") }
    var kind: String { text("KIND") }
    var outcome: Outcome? { Outcome(rawValue: text("OUTCOME")) }
    var message: String { Diagnostics.Escaping.terminal(fields["MESSAGE"] ?? []) }
    /// The host that the journal says it comes from.
    var host: String { Diagnostics.Escaping.terminal(fields["_HOSTNAME"] ?? []) }

    var isDetection: Bool { outcome != nil }

    /// Whether the program was stopped.
    var isBlocked: Bool {
        switch outcome {
        case .denied, .killed, .deniedUnreadable: true
        default: false
        }
    }

    /// The event, as it was recorded; nil if there is none or it is broken.
    var event: JSONValue? { try? JSONReader.value(bytes("EVENT")) }

    /// The service, or else the image or container, or else the unit, that the process belongs to.
    var place: String {
        for (name, prefix) in [("SERVICE", ""), ("IMAGE", ""), ("UNIT", "")]
        where !bytes(name).isEmpty { return prefix + word(name) }
        let container = bytes("CONTAINER_ID")
        return container.isEmpty ? "" : Signals.Escaping.shellWord(Array(container.prefix(12)))
    }

    var user: String { bytes("USER").isEmpty ? text("UID") : word("USER") }

    /// What can be done, in the words of the signal.
    var nextSteps: [String] {
        guard let outcome else { return [] }
        let rule = bytes("RULE_ID")
        return NextSteps(
            outcome: outcome,
            whyMonitored: MonitoringReason(rawValue: text("WHY_MONITORED")),
            protection: RuleProtection(rawValue: text("PROTECTION")) ?? .notAvailable,
            isActiveProtectionEnabled: text("ACTIVE_PROTECTION") == "enabled",
            ruleID: rule.isEmpty ? nil : String(decoding: rule, as: UTF8.self),
            pid: Int32(text("PID")) ?? 0,
            origin: origin
        ).lines
    }

    private var origin: String {
        if !bytes("IMAGE").isEmpty { return "image \(word("IMAGE"))" }
        if !bytes("UNIT").isEmpty { return "unit \(word("UNIT"))" }
        let parent = bytes("PARENT_EXE").isEmpty ? word("PARENT_COMM") : word("PARENT_EXE")
        return parent.isEmpty ? "pid \(text("PPID"))" : "started by \(parent) (pid \(text("PPID")))"
    }

    // MARK: - JSON

    /// The signal as `--output json` of the daemon writes it, on one line.
    func jsonLine() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("minewarden")
            writer.object { writer in
                writer.key("date")
                writer.string(Array(time.rfc3339.utf8))
                for (name, field) in [
                    ("host", "_HOSTNAME"), ("message", "MESSAGE"), ("message_id", "MESSAGE_ID"),
                ] {
                    guard let value = fields[field] else { continue }
                    writer.key(name)
                    writer.string(value)
                }
                if let priority = fields["PRIORITY"].flatMap(Self.integer) {
                    writer.key("priority")
                    writer.integer(priority)
                }
                for name in fields.keys.filter({ $0.hasPrefix("MINEWARDEN_") }).sorted()
                where name != "MINEWARDEN_EVENT" { member(name, &writer) }
            }
        }
        guard case .object(let members)? = event, !members.isEmpty else { return writer.bytes }
        // Both are objects: the event's members follow ours.
        return writer.bytes.dropLast() + [UInt8(ascii: ",")] + bytes("EVENT").dropFirst()
    }

    private func member(_ field: String, _ writer: inout JSONWriter) {
        let value = fields[field] ?? []
        let name = field.dropFirst("MINEWARDEN_".count).lowercased()
        writer.key(name)
        if Fact.integers.contains(name), let number = Self.integer(value) {
            writer.integer(number)
        } else if Fact.booleans.contains(name) {
            writer.boolean(value.elementsEqual("true".utf8))
        } else {
            writer.string(value)
        }
    }

    private static func integer(_ bytes: [UInt8]) -> Int64? {
        Int64(String(decoding: bytes, as: UTF8.self))
    }
}
