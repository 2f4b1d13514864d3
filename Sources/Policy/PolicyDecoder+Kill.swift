// The keys of a `kill` action. Both spellings of its disarmers are read.

import Diagnostics
import YAML

extension PolicyDecoder {
    /// Reads `kill` in both its spellings; nil if it cannot be taken.
    mutating func kill(_ pair: YAMLPair, _ ruleID: String) -> KillDefinition? {
        guard let pairs = pairs(pair) else { return nil }
        var kill = KillDefinition(signal: "", signalNumber: 0)
        var signalSpan = pair.key.span
        for pair in pairs {
            switch pair.key.value {
            case "signal":
                guard let name = text(pair) else { break }
                (kill.signal, signalSpan) = (name.value, name.span)
            case "scope": kill.scope = killScope(pair)
            case "disable_container_disarmer":
                kill.containerDisarmer.isEnabled = !(boolean(pair) ?? false)
            case "disable_executable_disarmer":
                kill.executableDisarmer.isEnabled = !(boolean(pair) ?? false)
            case "disarmer": disarmers(pair, into: &kill)
            default: unknownKey(pair, in: "kill", known: Self.killKeys)
            }
        }
        guard !kill.signal.isEmpty else {
            skip(ruleID, "'kill' needs a signal", at: signalSpan, suggestion: "signal: SIGKILL")
            return nil
        }
        guard let number = SignalName.number(of: kill.signal) else {
            skip(
                ruleID,
                "unsupported signal '\(kill.signal)'",
                at: signalSpan,
                suggestion: Self.suggestion(forSignal: kill.signal)
            )
            return nil
        }
        kill.signalNumber = number
        return kill
    }

    private static func suggestion(forSignal name: String) -> String {
        let number = Int(name).flatMap { SignalName.all.indices.contains($0 - 1) ? $0 : nil }
        if let number { return "write its name, \(SignalName.all[number - 1])" }
        let whole = "SIG" + name.uppercased()
        if SignalName.number(of: whole) != nil { return "did you mean '\(whole)'?" }
        return Spelling.suggestion(for: name, among: SignalName.all)
            ?? "it takes a name like SIGKILL"
    }

    /// An unknown scope means the process, as upstream has it, but is said.
    private mutating func killScope(_ pair: YAMLPair) -> KillDefinition.Scope {
        guard let name = text(pair), !name.value.isEmpty else { return .process }
        if let scope = KillDefinition.Scope(rawValue: name.value) { return scope }
        warn(
            .wrongKind,
            "unknown scope '\(name.value)', only the process is killed",
            at: name.span,
            suggestion: "one of process, container, cgroup"
        )
        return .process
    }

    private static let killKeys = [
        "signal", "scope", "disable_container_disarmer", "disable_executable_disarmer", "disarmer",
    ]

    /// The older spelling: `disarmer: {container: {max_allowed, period}, executable: {…}}`.
    private mutating func disarmers(_ pair: YAMLPair, into kill: inout KillDefinition) {
        for pair in pairs(pair) ?? [] {
            switch pair.key.value {
            case "container": disarmer(pair, into: &kill.containerDisarmer)
            case "executable": disarmer(pair, into: &kill.executableDisarmer)
            default: unknownKey(pair, in: "disarmer", known: ["container", "executable"])
            }
        }
    }

    private mutating func disarmer(_ pair: YAMLPair, into disarmer: inout KillDefinition.Disarmer) {
        for pair in pairs(pair) ?? [] {
            switch pair.key.value {
            case "max_allowed":
                disarmer.maxAllowed = integer(pair, in: 1...1_000_000).map { Int($0) }
            case "period": disarmer.period = duration(pair)
            default: unknownKey(pair, in: "disarmer", known: ["max_allowed", "period"])
            }
        }
    }
}
