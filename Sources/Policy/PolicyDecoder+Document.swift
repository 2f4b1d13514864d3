// The keys of a policy file and of its macros.

import Diagnostics
import YAML

extension PolicyDecoder {
    private static let policyKeys = [
        "version", "type", "replace_policy_id", "macros", "rules",
    ]
    private static let macroKeys = [
        "id", "expression", "values", "description", "agent_version", "filters", "combine",
    ]

    /// Reads a whole policy file; what cannot be read is left out, with a finding.
    static func document(of source: PolicySource, limits: YAMLLimits)
        -> (PolicyDocument, [Diagnostic])
    {
        let yaml = YAMLDocument(name: source.displayName, bytes: source.bytes, limits: limits)
        var document = PolicyDocument(file: yaml.file, name: source.name, origin: source.origin)
        var decoder = PolicyDecoder(file: yaml.file)
        guard let root = yaml.root, !root.isNull else {
            document.isBroken = true
            if yaml.diagnostics.isEmpty {
                decoder.report(
                    .notAPolicy,
                    "the file is empty",
                    at: SourceSpan(start: 0, end: 0)
                )
            }
            return (document, yaml.diagnostics + decoder.diagnostics)
        }
        guard let pairs = root.mapping else {
            document.isBroken = true
            decoder.report(
                .notAPolicy,
                "a policy must be a mapping with 'rules', this is \(root.kindName)",
                at: root.span
            )
            return (document, yaml.diagnostics + decoder.diagnostics)
        }
        for pair in pairs { decoder.read(pair, into: &document) }
        return (document, yaml.diagnostics + decoder.diagnostics)
    }

    private mutating func read(_ pair: YAMLPair, into document: inout PolicyDocument) {
        switch pair.key.value {
        case "version": document.version = text(pair)?.value
        case "type": document.type = text(pair)?.value
        case "replace_policy_id": document.replacePolicyID = text(pair)?.value
        case "macros": document.macros = list(pair).map { macro($0) }
        case "rules": document.rules = list(pair).map { rule($0) }
        default: unknownKey(pair, in: "the policy", known: Self.policyKeys)
        }
    }

    private mutating func list(_ pair: YAMLPair) -> [YAMLNode] {
        guard !pair.value.isNull else { return [] }
        if let items = pair.value.sequence { return items }
        wrongKind(pair, wanted: "a list")
        return []
    }

    private mutating func macro(_ node: YAMLNode) -> MacroDefinition {
        var macro = MacroDefinition(span: node.span)
        guard let pairs = node.mapping else {
            report(.wrongKind, "a macro must be a mapping, this is \(node.kindName)", at: node.span)
            macro.isBroken = true
            return macro
        }
        for pair in pairs {
            let findings = diagnostics.count
            switch pair.key.value {
            case "id": macro.id = text(pair)
            case "expression": macro.expression = expression(pair)
            case "values": macro.values = texts(pair)
            case "description": macro.description = text(pair)?.value
            case "agent_version": macro.agentVersion = text(pair)
            case "filters": macro.filters = expressions(pair) ?? []
            case "combine": macro.combine = combination(pair, allowed: ["merge", "override"])
            default:
                unknownKey(pair, in: "a macro", known: Self.macroKeys)
                continue
            }
            let isEssential = pair.key.value != "description"
            if isEssential, diagnostics.count > findings { macro.isBroken = true }
        }
        return macro
    }

    /// The value of `combine`.
    mutating func combination(_ pair: YAMLPair, allowed: [String]) -> Combination? {
        guard let text = text(pair), !text.value.isEmpty else { return nil }
        switch text.value {
        case "merge" where allowed.contains("merge"): return .merge
        case "override": return .override
        default:
            report(
                .wrongKind,
                "'combine' must be \(allowed.joined(separator: " or ")), not '\(text.value)'",
                at: text.span,
                suggestion: Spelling.suggestion(for: text.value, among: allowed)
            )
            return nil
        }
    }
}
