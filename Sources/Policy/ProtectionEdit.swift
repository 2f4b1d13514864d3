// One change of `protection.yaml` as a change of its text: comments, order and everything else that
// people wrote stay. What the text then says is read back and compared with what was meant; a file
// where that fails is not touched. Pure.

import Diagnostics
import YAML

/// What is to be changed in `protection.yaml`.
package enum ProtectionEdit: Sendable, Equatable {
    /// Where a rule is to block.
    package enum Scope: Sendable, Equatable {
        /// Where it does already; everywhere if nothing is said.
        case unchanged
        case everywhere
        /// Any of the services and all of the tags.
        case custom(services: [String], tags: [String])
    }

    /// The switch of the host.
    case activate(Bool)
    /// The protection of a rule.
    case set(rule: String, Protection, Scope)

    /// Makes the change in a text.
    ///
    /// - Throws: `ProtectionEditFailure` if the file has errors, if what is asked for is none, or if
    ///   the file is written in a way that cannot be changed in place.
    package func applied(to source: PolicySource) throws(ProtectionEditFailure) -> [UInt8] {
        var changed = source
        changed.bytes = try changing(source)
        // What was put beside its place may say what is meant and still be wrong; once more it shows.
        guard let again = try? changing(changed), again == changed.bytes else {
            throw Self.cannotChangeInPlace(source)
        }
        return changed.bytes
    }

    private static func cannotChangeInPlace(_ source: PolicySource) -> ProtectionEditFailure {
        ProtectionEditFailure(
            "\(source.displayName) is written in a way that cannot be changed in place"
                + " (anchors, aliases or several documents): edit it by hand"
        )
    }

    private func changing(_ source: PolicySource) throws(ProtectionEditFailure) -> [UInt8] {
        let before = PolicyDecoder.protection(of: source, limits: YAMLLimits())
        if let error = before.1.first(where: { $0.severity == .error }) {
            throw ProtectionEditFailure(
                "\(source.displayName) has errors, correct them first: \(error.message)"
            )
        }
        let document = YAMLDocument(name: source.displayName, bytes: source.bytes)
        var editor = ProtectionEditor(bytes: source.bytes, root: document.root)
        let expected = settings(after: before.0)
        switch self {
        case .activate(let isOn): try editor.setSwitch(isOn)
        case .set(let rule, let protection, let scope):
            try editor.set(
                rule,
                protection,
                scope,
                whole: expected.rules[rule]?.scope
            )
        }
        var result = source
        result.bytes = editor.result
        try Self.check(result, expected)
        return result.bytes
    }

    /// What the settings are to be.
    private func settings(after before: ProtectionSettings) -> ProtectionSettings {
        var settings = before
        switch self {
        case .activate(let isOn): settings.isActive = isOn
        case .set(let rule, let protection, let scope):
            let nowhere = SourceSpan(start: 0, end: 0)
            var entry =
                settings.rules[rule]
                ?? RuleProtection(
                    protection: .monitoring,
                    span: nowhere,
                    protectionSpan: nowhere
                )
            entry.protection = protection
            switch scope {
            case .unchanged: break
            case .everywhere: entry.scope = nil
            case .custom(let services, let tags):
                entry.scope = BlockingScope(services: services, tags: tags)
            }
            settings.rules[rule] = entry
        }
        return settings
    }

    /// Reads back what was written.
    private static func check(
        _ source: PolicySource,
        _ expected: ProtectionSettings
    ) throws(ProtectionEditFailure) {
        let (settings, diagnostics) = PolicyDecoder.protection(of: source, limits: YAMLLimits())
        let isYAML = !diagnostics.contains { $0.severity == .error && $0.code.isOfYAML }
        if isYAML, let error = diagnostics.first(where: { $0.severity == .error }) {
            throw ProtectionEditFailure(error.message)
        }
        let isAsMeant =
            isYAML && settings.isActive == expected.isActive
            && Set(settings.rules.keys) == Set(expected.rules.keys)
            && settings.rules.allSatisfy { id, entry in
                entry.protection == expected.rules[id]?.protection
                    && entry.scope == expected.rules[id]?.scope
            }
        guard isAsMeant else { throw cannotChangeInPlace(source) }
    }
}

/// Why `protection.yaml` is not changed.
package struct ProtectionEditFailure: Error, Sendable, Equatable {
    /// For people, one line.
    package let message: String

    init(_ message: String) { self.message = message }
}
