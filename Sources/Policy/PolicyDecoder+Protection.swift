// The keys of `protection.yaml`.

import Diagnostics
import YAML

extension PolicyDecoder {
    private static let protectionKeys = ["active_protection", "rules"]
    private static let entryKeys = ["protection", "where"]
    private static let scopeKeys = ["services", "tags"]

    /// Reads the protection settings; an empty file is like none.
    static func protection(of source: PolicySource, limits: YAMLLimits)
        -> (ProtectionSettings, [Diagnostic])
    {
        let yaml = YAMLDocument(name: source.displayName, bytes: source.bytes, limits: limits)
        var settings = ProtectionSettings()
        settings.file = yaml.file
        var decoder = PolicyDecoder(file: yaml.file)
        if let root = yaml.root, !root.isNull {
            if let pairs = root.mapping {
                for pair in pairs { decoder.readProtection(pair, into: &settings) }
            } else {
                decoder.report(
                    .wrongKind,
                    "protection must be a mapping, this is \(root.kindName)",
                    at: root.span
                )
            }
        }
        return (settings, yaml.diagnostics + decoder.diagnostics)
    }

    private mutating func readProtection(
        _ pair: YAMLPair,
        into settings: inout ProtectionSettings
    ) {
        switch pair.key.value {
        case "active_protection": settings.isActive = boolean(pair) ?? false
        case "rules":
            for rule in pairs(pair) ?? [] {
                settings.rules[rule.key.value] = entry(rule)
            }
        default: unknownKey(pair, in: "protection", known: Self.protectionKeys)
        }
    }

    /// The settings of one rule: the mapping, or the bare word for one without a scope.
    private mutating func entry(_ rule: YAMLPair) -> RuleProtection {
        var entry = RuleProtection(
            protection: .monitoring,
            span: rule.key.span,
            protectionSpan: rule.value.span
        )
        if rule.value.scalar != nil {
            entry.protection = word(rule, as: Protection.self) ?? .monitoring
            return entry
        }
        let before = errorCount
        for pair in pairs(rule) ?? [] {
            switch pair.key.value {
            case "protection":
                entry.protection = word(pair, as: Protection.self) ?? .monitoring
                entry.protectionSpan = pair.value.span
            case "where": entry.scope = scope(pair)
            default:
                // It may have been meant as `where`: without that it would block everywhere.
                report(
                    .unknownKey,
                    "unknown key '\(pair.key.value)' in the protection of a rule",
                    at: pair.key.span,
                    suggestion: Spelling.suggestion(for: pair.key.value, among: Self.entryKeys)
                )
            }
        }
        // What was not understood must not block, and a scope not widen to everywhere.
        let isSound = errorCount == before
        if !isSound, entry.protection == .blocking { entry.protection = .monitoring }
        return entry
    }

    private mutating func scope(_ pair: YAMLPair) -> BlockingScope? {
        guard let pairs = pairs(pair) else { return nil }
        var services: [String] = []
        var tags: [String] = []
        for pair in pairs {
            switch pair.key.value {
            case "services": services = names(pair)
            case "tags": tags = names(pair) { Self.complaint(aboutTag: $0) }
            default:
                // An unknown key here may have been meant to narrow the scope.
                report(
                    .badScope,
                    "unknown key '\(pair.key.value)' in a scope",
                    at: pair.key.span,
                    suggestion: Spelling.suggestion(for: pair.key.value, among: Self.scopeKeys)
                )
            }
        }
        guard !services.isEmpty || !tags.isEmpty else {
            report(
                .badScope,
                "the scope names no service and no tag",
                at: pair.key.span,
                suggestion: "leave 'where' out to block everywhere"
            )
            return nil
        }
        return BlockingScope(services: services, tags: tags)
    }

    /// The texts of a list that must not be empty, each without a complaint.
    private mutating func names(
        _ pair: YAMLPair,
        complaint: (String) -> String? = { _ in nil }
    ) -> [String] {
        let texts = texts(pair) ?? []
        if texts.isEmpty {
            report(.badScope, "'\(pair.key.value)' is empty", at: pair.key.span)
        }
        for text in texts {
            if text.value.isEmpty {
                report(.badScope, "an empty name matches nothing", at: text.span)
            } else if let complaint = complaint(text.value) {
                report(.badScope, complaint, at: text.span)
            }
        }
        return texts.map(\.value)
    }

    private static func complaint(aboutTag tag: String) -> String? {
        if tag.contains("*") { return "tags have no wildcards, '\(tag)' would match nothing" }
        let parts = tag.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return "a tag is written name:value, like short_image:worker, not '\(tag)'"
        }
        return nil
    }
}
