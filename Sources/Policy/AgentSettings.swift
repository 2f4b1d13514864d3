// `minewarden.yaml`: the agent's own settings. Values and their reading; acting on them is others'.

package import Diagnostics
package import YAML

/// How the agent behaves on this host.
package struct AgentSettings: Sendable, Equatable {
    /// What to answer when something about an attempt cannot be known.
    package enum Answer: String, Sendable, CaseIterable {
        case deny, allow
    }

    /// Where signals go.
    package enum Output: String, Sendable, CaseIterable {
        case journal, json, console
    }

    /// `unreadable`: the answer for a task whose memory cannot be read.
    package var unreadable = Answer.deny
    /// `late`: the answer when a verdict is not there at the deadline.
    package var late = Answer.allow
    /// `deadline`: how long an exec may be held; 10 ms to 10 s.
    package var deadline = Duration.milliseconds(500)
    /// `output`: where signals go.
    package var output = Output.journal
    /// `compatible_agent_version`: what `agent_version` of rules is compared with.
    package var compatibleAgentVersion = LoadOptions.defaultAgentVersion

    /// `container_storage`: directories of container runtimes besides the usual ones.
    package var containerStorage: [String] = []
    /// `brake`: how much one rule may block before it is put to monitoring.
    package var brake = BrakeSettings()

    /// The defaults.
    package init() {}

    private static let keys = [
        "unreadable", "late", "deadline", "output", "compatible_agent_version",
        "container_storage", "brake",
    ]

    /// Reads the settings; a value that is wrong keeps its default, with a finding.
    package static func read(_ source: PolicySource, limits: YAMLLimits = YAMLLimits())
        -> (settings: AgentSettings, diagnostics: [Diagnostic])
    {
        let yaml = YAMLDocument(name: source.displayName, bytes: source.bytes, limits: limits)
        var settings = AgentSettings()
        var decoder = PolicyDecoder(file: yaml.file)
        if let root = yaml.root, !root.isNull {
            if let pairs = root.mapping {
                for pair in pairs { settings.read(pair, with: &decoder) }
            } else {
                decoder.report(
                    .wrongKind,
                    "settings must be a mapping, this is \(root.kindName)",
                    at: root.span
                )
            }
        }
        return (settings, yaml.diagnostics + decoder.diagnostics)
    }

    private mutating func read(_ pair: YAMLPair, with decoder: inout PolicyDecoder) {
        switch pair.key.value {
        case "unreadable": unreadable = decoder.word(pair, as: Answer.self) ?? unreadable
        case "late": late = decoder.word(pair, as: Answer.self) ?? late
        case "output": output = decoder.word(pair, as: Output.self) ?? output
        case "deadline":
            guard let value = decoder.duration(pair) else { return }
            if (Duration.milliseconds(10)...Duration.seconds(10)).contains(value) {
                deadline = value
            } else {
                decoder.report(
                    .badSetting,
                    "'deadline' must be from 10ms to 10s",
                    at: pair.value.span
                )
            }
        case "container_storage":
            guard let paths = decoder.texts(pair) else { return }
            for path in paths where !path.value.hasPrefix("/") {
                decoder.report(
                    .badSetting,
                    "'\(path.value)' is not an absolute path",
                    at: path.span
                )
            }
            containerStorage = paths.map(\.value).filter { $0.hasPrefix("/") }
        case "brake": readBrake(pair, with: &decoder)
        case "compatible_agent_version":
            guard let text = decoder.text(pair) else { return }
            if let version = ReleaseVersion(text.value) {
                compatibleAgentVersion = version
            } else {
                decoder.report(
                    .badSetting,
                    "'\(text.value)' is not a version like 7.78.0",
                    at: text.span
                )
            }
        default: decoder.unknownKey(pair, in: "the settings", known: Self.keys)
        }
    }
}
