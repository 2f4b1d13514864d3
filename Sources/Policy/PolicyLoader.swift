// The way in: texts to a rule set and everything that is wrong with them. Pure: reads no file.

package import Diagnostics
import YAML

/// What loading gave.
package struct LoadResult: Sendable {
    /// What is in force; empty at worst.
    package let ruleSet: RuleSet
    /// The protection settings as they were read.
    package let protection: ProtectionSettings
    /// For each loaded rule a digest of what it says with macros, overrides and variables written
    /// out.
    ///
    /// For comparing: equal only if it can match and kill the same. Empty unless the options ask.
    package let definitions: [String: String]
    /// In load order, then by place.
    package let diagnostics: [Diagnostic]

    /// Whether anything does not take effect as written.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Loads policies.
package enum PolicyLoader {
    /// More findings than this are counted, not kept.
    static let maximumFindings = 2_000

    /// Makes a rule set of policy files and protection settings.
    ///
    /// Never fails: what is broken is left out, with diagnostics. One bad rule costs no other, one
    /// bad action not its rule.
    ///
    /// - Parameters:
    ///   - sources: shipped and custom policies, in any order.
    ///   - protection: the protection settings; nil means Active Protection off and everything
    ///     monitored.
    ///   - options: the host, the version to be compatible with, the generation, the limits.
    /// - Returns: the rule set and everything that is wrong.
    package static func load(
        sources: [PolicySource],
        protection: PolicySource? = nil,
        options: LoadOptions = LoadOptions()
    ) -> LoadResult {
        var findings: [Diagnostic] = []
        var assembly = PolicyAssembly(options: options)
        for source in PolicyAssembly.order(sources) {
            let (document, found) = PolicyDecoder.document(of: source, limits: options.limits)
            findings += found
            assembly.add(document)
        }
        findings += assembly.diagnostics
        var settings = ProtectionSettings()
        if let protection {
            let (read, found) = PolicyDecoder.protection(of: protection, limits: options.limits)
            settings = read
            findings += found
        }
        var builder = RuleSetBuilder(assembly: assembly, settings: settings)
        let ruleSet = builder.build()
        var definitions: [String: String] = [:]
        if let digest = options.definitionDigest {
            var written = RuleDefinitions(assembly, digest: digest)
            for rule in ruleSet.rules {
                definitions[rule.id] = written.digest(ofRule: rule.id)
            }
        }
        return LoadResult(
            ruleSet: ruleSet,
            protection: settings,
            definitions: definitions,
            diagnostics: arranged(findings + builder.diagnostics)
        )
    }

    /// Why nothing of a text can be read as protection settings; nil if something can.
    package static func unreadable(protection source: PolicySource) -> [Diagnostic]? {
        let yaml = YAMLDocument(name: source.displayName, bytes: source.bytes)
        guard
            yaml.diagnostics.contains(where: { $0.severity == .error })
                || !(yaml.root?.isNull ?? true)
        else { return nil }
        guard yaml.root?.mapping == nil else { return nil }
        return PolicyDecoder.protection(of: source, limits: YAMLLimits()).1
    }

    /// Files in the order they first occur, places ascending in each; what is too much is counted.
    private static func arranged(_ findings: [Diagnostic]) -> [Diagnostic] {
        var order: [String: Int] = [:]
        for finding in findings {
            let name = finding.file?.name ?? ""
            if order[name] == nil { order[name] = order.count }
        }
        func key(_ item: (offset: Int, element: Diagnostic)) -> (Int, Int, Int) {
            let file = order[item.element.file?.name ?? ""] ?? 0
            return (file, item.element.span?.start ?? -1, item.offset)
        }
        let sorted = findings.enumerated().sorted { key($0) < key($1) }.map(\.element)
        guard sorted.count > maximumFindings else { return sorted }
        let errors = sorted.contains { $0.severity == .error }
        let rest = Diagnostic(
            errors ? .error : .warning,
            code: .tooManyFindings,
            message: "\(sorted.count - maximumFindings) more findings are not shown"
        )
        return Array(sorted.prefix(maximumFindings)) + [rest]
    }
}
