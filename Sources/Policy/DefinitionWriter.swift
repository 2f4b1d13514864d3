// The lines of one rule or macro and what they lead to: the pieces that written-out definitions are
// made of. Works on definitions; compiles nothing.

/// Writes one part of a definition.
struct DefinitionWriter {
    private let sources: DefinitionSources
    private(set) var items: [RuleDefinitions.Item] = []

    init(_ sources: DefinitionSources) { self.sources = sources }

    mutating func write(_ part: RuleDefinitions.Part) {
        switch part {
        case .rule(let position): write(sources.rules[position])
        case .macro(let id): if let macro = sources.macros[id] { write(macro, id) }
        case .setters(let name):
            for position in sources.setters[name] ?? [] {
                line("variable \(name)")
                items.append(.part(.rule(position)))
            }
        }
    }

    private mutating func write(_ rule: RuleDefinition) {
        text("expression", rule.expression?.text ?? "")
        // Rules that set variables act only where they are loaded.
        for filter in rule.filters { text("on", filter.text) }
        for action in rule.actions {
            guard let words = Self.words(of: action.kind) else { continue }
            text("action", words)
            if let filter = action.filter { text("if", filter.text) }
            if case .set(let set) = action.kind, case .expression(let source) = set.source {
                text("to", source.text)
            }
        }
    }

    private mutating func write(_ macro: MacroDefinition, _ id: String) {
        if let expression = macro.expression {
            text("macro \(id)", expression.text)
        } else {
            line("macro \(id)")
            for value in macro.values ?? [] { line("value \(value.value)") }
        }
    }

    private mutating func line(_ text: String) { items.append(.line(Array(text.utf8))) }

    /// Adds a text and what its names stand for.
    private mutating func text(_ kind: String, _ text: String) {
        line("\(kind) \(text)")
        for word in Self.words(text) where sources.macros[word] != nil {
            items.append(.part(.macro(word)))
        }
        for name in Self.variables(text) {
            // The length of a list is what was put into it.
            let isSet = sources.setters[name] != nil
            let read = isSet || !name.hasSuffix(".length") ? name : String(name.dropLast(7))
            if sources.setters[read] != nil { items.append(.part(.setters(read))) }
        }
    }

    /// What an action does that decides what is blocked; nil for those that only record.
    private static func words(of kind: ActionDefinition.Kind) -> String? {
        switch kind {
        case .kill(let kill): "kill \(kill.signal) \(kill.scope.rawValue)"
        case .set(let set):
            [
                "set \(VariableTable.name(of: set))", "from \(source(set.source))",
                "default \(set.defaultValue.map { "\($0)" } ?? "none")",
                set.appends ? "append" : "replace", "of \(set.scopeField?.value ?? "itself")",
                "size \(set.size ?? 0)", "for \(set.timeToLive.map { "\($0)" } ?? "ever")",
                set.isInherited ? "inherited" : "own",
            ].joined(separator: " ")
        case .hash, .log: nil
        }
    }

    private static func source(_ source: SetDefinition.Source) -> String {
        switch source {
        case .value(let value): "value \(value)"
        case .field(let name): "field \(name.value)"
        case .expression: "expression"
        }
    }

    /// Everything in a text that may be a name, in strings too: a macro too many does no harm.
    private static func words(_ text: String) -> [String] {
        text.utf8.split { byte in
            !((0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F)
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names between `${` and `}`.
    private static func variables(_ text: String) -> [String] {
        var names: [String] = []
        var start: String.UTF8View.Index?
        var previous: UInt8 = 0
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") {
                start = text.utf8.index(after: index)
            } else if byte == UInt8(ascii: "}"), let from = start {
                names.append(String(text[from..<index]))
                start = nil
            }
            previous = byte
        }
        return names
    }
}
