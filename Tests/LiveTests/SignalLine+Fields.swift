// What the tests ask of one signal line. Names are spelled out here a second time on purpose.

/// One parsed line of the daemon's `--output json`.
struct SignalLine: Sendable {
    let json: JSONValue

    /// Every complete line that is a JSON object.
    static func parse(_ output: String) -> [SignalLine] {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        return lines.compactMap { JSONValue.parse($0) }.map(SignalLine.init(json:))
    }

    var kind: String? { flat("kind")?.text }
    var rule: String? { outcome == nil ? nil : flat("rule_id")?.text }
    var outcome: String? { flat("outcome")?.text }
    var whyMonitored: String? { flat("why_monitored")?.text }
    var detectedBy: String? { flat("detected_by")?.text }
    var pid: Int? { flat("pid")?.integer }
    var uid: Int? { flat("uid")?.integer }
    var executable: String? { flat("exe")?.text }
    var isCheckOnly: Bool { flat("check_only")?.isTrue == true }
    var argumentsTruncated: Bool { flat("args_truncated")?.isTrue == true }
    var isStarted: Bool { kind == "started" }

    /// The arguments after the program name, as the event lists them.
    var arguments: [String] { json["process", "args"]?.elements.compactMap(\.text) ?? [] }

    private func flat(_ name: String) -> JSONValue? { json["minewarden", name] }
}
