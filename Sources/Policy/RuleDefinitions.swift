// What a rule really says once macros, lists, overrides and variables are written out, as one text:
// two definitions that can match or kill differently have different texts. Whoever may edit rules
// could otherwise change what a blocking rule blocks through a macro, or through a rule that sets a
// variable which it reads.
//
// Rules and macros may lead to each other in chains of any length and to the same long lists again
// and again: nothing here recurses, and what would be too long is not written out.

/// What written-out definitions are made from.
struct DefinitionSources {
    let rules: [RuleDefinition]
    private(set) var positions: [String: Int] = [:]
    private(set) var macros: [String: MacroDefinition] = [:]
    /// For each variable, scope included, the rules that set it.
    private(set) var setters: [String: [Int]] = [:]

    init(_ assembly: PolicyAssembly) {
        rules = assembly.rules.map(\.definition)
        for (position, rule) in rules.enumerated() {
            if let id = rule.id?.value { positions[id] = position }
            guard !rule.isDisabled else { continue }
            for action in rule.actions {
                guard case .set(let set) = action.kind else { continue }
                setters[VariableTable.name(of: set), default: []].append(position)
            }
        }
        for macro in assembly.macros {
            if let id = macro.id?.value { macros[id] = macro }
        }
    }
}

/// The written-out definitions of the merged rules.
struct RuleDefinitions {
    /// A longer text of one rule is not written out.
    static let maximumRuleBytes = 4 << 20
    /// Past so much for all rules no further one is.
    static let maximumBytes = 128 << 20

    /// Something with a text of its own.
    enum Part: Hashable {
        case rule(Int)
        case macro(String)
        /// The rules that set a variable.
        case setters(String)
    }

    /// What a part consists of.
    enum Item {
        case line([UInt8])
        case part(Part)
    }

    private let sources: DefinitionSources
    private let digest: ([UInt8]) -> String
    private var known: [Part: [Item]] = [:]
    private var remainingBytes = maximumBytes
    private var wholeDigest: String?

    init(_ assembly: PolicyAssembly, digest: @escaping ([UInt8]) -> String) {
        sources = DefinitionSources(assembly)
        self.digest = digest
    }

    /// The digest of what a rule says; "" if there is none of that id.
    ///
    /// In the place of a text that is too long stands everything: such a rule counts as changed when
    /// anything is.
    mutating func digest(ofRule id: String) -> String {
        guard let position = sources.positions[id] else { return "" }
        return writtenOut(position).map(digest) ?? digestOfEverything()
    }

    /// Everything a rule leads to; each rule and macro once, where it first occurs.
    private mutating func writtenOut(_ position: Int) -> [UInt8]? {
        let limit = min(Self.maximumRuleBytes, remainingBytes)
        var spent = 0
        defer { remainingBytes -= min(spent, limit) }
        var text: [UInt8] = []
        var entered: Set = [Part.rule(position)]
        var stack = [(items: items(of: .rule(position)), next: 0)]
        while let (items, next) = stack.last {
            guard next < items.count else {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            switch items[next] {
            case .line(let line):
                spent += line.count + 1
                if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
                text += line
            case .part(let part):
                // Looking costs too, also where there is nothing new.
                spent += 16
                var isNew = true
                if case .setters = part {} else { isNew = entered.insert(part).inserted }
                if isNew { stack.append((self.items(of: part), 0)) }
            }
            guard spent < limit else { return nil }
        }
        return text
    }

    private mutating func items(of part: Part) -> [Item] {
        if let items = known[part] { return items }
        var writer = DefinitionWriter(sources)
        writer.write(part)
        known[part] = writer.items
        return writer.items
    }

    private mutating func digestOfEverything() -> String {
        if let wholeDigest { return wholeDigest }
        var text: [UInt8] = []
        let macros = sources.macros.keys.sorted().map { Part.macro($0) }
        for part in sources.rules.indices.map({ Part.rule($0) }) + macros {
            if case .rule(let position) = part {
                text += "rule \(sources.rules[position].id?.value ?? "")\n".utf8
            }
            for case .line(let line) in items(of: part) { text += line + [UInt8(ascii: "\n")] }
        }
        let result = digest(text)
        wholeDigest = result
        return result
    }
}
