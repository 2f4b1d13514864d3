// The keys of a rule's actions. A bad action costs itself, never its rule.

import Diagnostics
import RuleLanguage
import YAML

extension PolicyDecoder {
    private static let actionKeys = [
        "filter", "kill", "set", "hash", "log", "coredump", "network_filter",
    ]

    /// More actions of one rule are left out: each costs something whenever the rule matches.
    static let maximumActions = 256
    static let tooManyActions = "a rule has at most \(maximumActions) actions"

    /// Reads `actions`; those that cannot be taken are left out, each with a finding.
    mutating func actions(_ pair: YAMLPair, ruleID: String) -> [ActionDefinition] {
        guard !pair.value.isNull else { return [] }
        guard let items = pair.value.sequence else {
            skip(ruleID, "'actions' must be a list", at: pair.value.span)
            return []
        }
        if items.count > Self.maximumActions {
            skip(ruleID, Self.tooManyActions, at: items[Self.maximumActions].span)
        }
        return items.prefix(Self.maximumActions).compactMap { action($0, ruleID) }
    }

    /// Reports an action that is left out, in upstream's words.
    mutating func skip(
        _ ruleID: String,
        _ reason: String,
        at span: SourceSpan,
        suggestion: String? = nil
    ) {
        report(
            .invalidAction,
            "skipping invalid action in rule \(ruleID): \(reason)",
            at: span,
            suggestion: suggestion
        )
    }

    private mutating func action(_ node: YAMLNode, _ ruleID: String) -> ActionDefinition? {
        guard let pairs = node.mapping else {
            skip(ruleID, "an action must be a mapping, this is \(node.kindName)", at: node.span)
            return nil
        }
        var filter: ExpressionText?
        var kinds: [YAMLPair] = []
        let before = diagnostics.count
        for pair in pairs {
            switch pair.key.value {
            case "filter": filter = expression(pair)
            case let key where Self.actionKeys.contains(key): kinds.append(pair)
            default: unknownKey(pair, in: "an action", known: Self.actionKeys)
            }
        }
        guard diagnostics.dropFirst(before).allSatisfy({ $0.severity == .warning }) else {
            return nil
        }
        guard kinds.count == 1, let pair = kinds.first else {
            let reason =
                kinds.isEmpty
                ? "it says nothing to do" : "it says more than one thing to do"
            skip(
                ruleID,
                reason,
                at: kinds.dropFirst().first?.key.span ?? node.span,
                suggestion: "exactly one of \(Self.actionKeys.dropFirst().joined(separator: ", "))"
            )
            return nil
        }
        guard let kind = kind(of: pair, ruleID) else { return nil }
        return ActionDefinition(kind: kind, filter: filter, span: node.span, file: file)
    }

    private mutating func kind(of pair: YAMLPair, _ ruleID: String) -> ActionDefinition.Kind? {
        switch pair.key.value {
        case "kill": return kill(pair, ruleID).map { .kill($0) }
        case "set": return set(pair, ruleID).map { .set($0) }
        case "hash": return hash(pair, ruleID).map { .hash($0) }
        case "log": return log(pair, ruleID).map { .log($0) }
        default:
            warn(
                .unsupportedAction,
                "skipping invalid action in rule \(ruleID): '\(pair.key.value)' is not supported by this agent",
                at: pair.key.span
            )
            return nil
        }
    }

    /// Only the program's own file is digested, for every signal: another file cannot be had then.
    private mutating func hash(_ pair: YAMLPair, _ ruleID: String) -> HashDefinition? {
        guard let pairs = pairs(pair) else { return nil }
        var hash = HashDefinition(field: "exec.file")
        for pair in pairs {
            switch pair.key.value {
            case "field":
                guard let field = text(pair) else { break }
                hash.field = field.value
                if !isHashable(field, ruleID) { return nil }
            case "max_file_size": hash.maximumSizeBytes = integer(pair, in: 0...(1 << 40))
            default: unknownKey(pair, in: "hash", known: ["field", "max_file_size"])
            }
        }
        return hash
    }

    private mutating func isHashable(_ field: Located<String>, _ ruleID: String) -> Bool {
        // A rule about such an event is never loaded.
        if FieldSchema.unsupportedEventType(of: field.value) != nil { return true }
        guard let path = FieldSchema.field(named: field.value + ".path") else {
            skip(
                ruleID,
                "'\(Escaping.terminal(field.value))' is no file",
                at: field.span,
                suggestion: "exec.file is one"
            )
            return false
        }
        if path.field == Field(.process, .filePath) { return true }
        warn(
            .unsupportedAction,
            "skipping invalid action in rule \(ruleID): only exec.file is digested by this agent",
            at: field.span
        )
        return false
    }

    private mutating func log(_ pair: YAMLPair, _ ruleID: String) -> LogDefinition? {
        guard let pairs = pairs(pair) else { return nil }
        var word: Located<String>?
        var message: String?
        for pair in pairs {
            switch pair.key.value {
            case "level": word = text(pair)
            case "message": message = text(pair)?.value
            default: unknownKey(pair, in: "log", known: ["level", "message"])
            }
        }
        guard let word, !word.value.isEmpty else {
            skip(ruleID, "'log' needs a level", at: pair.key.span)
            return nil
        }
        guard let level = Self.logLevels[word.value] else {
            let words = ["debug", "info", "warning", "error"]
            skip(
                ruleID,
                "'\(word.value)' is not a log level",
                at: word.span,
                suggestion: Spelling.suggestion(for: word.value, among: words)
                    ?? "one of \(words.joined(separator: ", "))"
            )
            return nil
        }
        return LogDefinition(level: level, message: message)
    }

    /// The words upstream's log has, by what they are here.
    private static let logLevels: [String: LogDefinition.Level] = [
        "trace": .debug, "debug": .debug, "info": .info, "warn": .warning, "warning": .warning,
        "error": .error, "critical": .error,
    ]
}
