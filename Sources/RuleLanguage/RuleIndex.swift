// From an event to the few rules that could match it: exact values by hash, substrings by one
// automaton per field, the rest always. Immutable; any thread.

/// An index of many expressions by what they require.
package struct RuleIndex: Sendable {
    /// How many rules it was built from.
    package let count: Int
    /// The rules every event must be tried with.
    package let alwaysVisited: [Int]
    /// The fields whose values are looked at for every event.
    package var fields: [Field] { lookups.map(\.field) }
    private let lookups: [FieldLookup]

    /// Everything known about one field.
    ///
    /// A class: a copy of all these tables for each event would count a dozen references up and down.
    private final class FieldLookup: Sendable {
        let field: Field
        let type: ValueType
        let hasAlternatives: Bool
        let exact: ByteStringTable
        let exactRules: RuleLists
        let substrings: SubstringAutomaton
        let substringRules: RuleLists

        init(_ field: Field, _ builder: Builder) {
            self.field = field
            type = field.attribute.valueType
            hasAlternatives = builder.hasAlternatives
            exact = ByteStringTable(builder.exact.literals)
            exactRules = RuleLists(builder.exact.rules)
            substrings = SubstringAutomaton(builder.substrings.literals)
            substringRules = RuleLists(builder.substrings.rules)
        }
    }

    /// Lists of rules in one buffer.
    private struct RuleLists: Sendable {
        private var starts: [Int32] = [0]
        private var rules: [Int32] = []

        /// How many lists there are.
        var count: Int { starts.count - 1 }

        init(_ lists: [[Int32]]) {
            for list in lists {
                rules += list
                starts.append(Int32(rules.count))
            }
        }

        func insert(_ list: Int, into candidates: inout CandidateSet) {
            for index in Int(starts[list])..<Int(starts[list + 1]) {
                candidates.insert(Int(rules[index]))
            }
        }
    }

    /// Builds the index; a rule is known by its position.
    package init(_ requirements: [Requirement]) {
        count = requirements.count
        var always: [Int] = []
        var builders: [Field: Builder] = [:]
        var order: [Field] = []
        for (rule, requirement) in requirements.enumerated() {
            switch requirement {
            case .impossible: break
            case .nothing: always.append(rule)
            case .oneOf(let clauses):
                for clause in clauses {
                    if builders[clause.field] == nil { order.append(clause.field) }
                    builders[clause.field, default: Builder()].add(clause, Int32(rule))
                }
            }
        }
        alwaysVisited = always
        lookups = order.compactMap { field in builders[field].map { FieldLookup(field, $0) } }
    }

    /// Literals of one field and kind, each with its rules.
    private struct Literals {
        var literals: [[UInt8]] = []
        var rules: [[Int32]] = []
        private var numbers: [[UInt8]: Int] = [:]

        mutating func add(_ literal: [UInt8], _ rule: Int32) {
            if let number = numbers[literal] {
                if rules[number].last != rule { rules[number].append(rule) }
            } else {
                numbers[literal] = literals.count
                literals.append(literal)
                rules.append([rule])
            }
        }
    }

    private struct Builder {
        var exact = Literals()
        var substrings = Literals()
        var hasAlternatives = false

        mutating func add(_ clause: Requirement.Clause, _ rule: Int32) {
            hasAlternatives = hasAlternatives || clause.hasAlternatives
            switch clause.kind {
            case .exact: exact.add(clause.literal, rule)
            case .substring: substrings.add(clause.literal, rule)
            }
        }
    }

    // MARK: - Lookup

    /// Collects the rules that could match an event; all others certainly do not.
    ///
    /// The cost grows with the length of the values and with what is found, not with the number of
    /// rules. With a set that is reused nothing is allocated.
    package func candidates(_ source: any EventSource, into result: inout CandidateSet) {
        result.reset(for: count)
        for rule in alwaysVisited { result.insert(rule) }
        for lookup in lookups {
            result.resetLiterals(for: lookup.substringRules.count + lookup.exactRules.count)
            for element in 0..<source.count(of: lookup.field.subject) {
                Self.visit(lookup, element, source, &result)
            }
        }
        result.sort()
    }

    private static func visit(
        _ lookup: FieldLookup,
        _ element: Int,
        _ source: any EventSource,
        _ result: inout CandidateSet
    ) {
        if lookup.type == .strings {
            visit(lookup, all: source.strings(lookup.field, element: element), &result)
            return
        }
        visit(lookup, source.string(lookup.field, element: element).span, &result)
        guard lookup.hasAlternatives else { return }
        visit(lookup, all: source.alternatives(of: lookup.field, element: element), &result)
    }

    private static func visit(
        _ lookup: FieldLookup,
        all values: ByteStringList,
        _ result: inout CandidateSet
    ) {
        let bytes = values.bytes.span
        for bounds in values.bounds { visit(lookup, bytes.extracting(bounds), &result) }
    }

    private static func visit(
        _ lookup: FieldLookup,
        _ value: Span<UInt8>,
        _ result: inout CandidateSet
    ) {
        if let key = lookup.exact.index(of: value),
            result.insertLiteral(lookup.substringRules.count + key)
        {
            lookup.exactRules.insert(key, into: &result)
        }
        // Once a literal was found, so were those that end with it: each counts once per event.
        lookup.substrings.forEachMatch(in: value) { number in
            guard result.insertLiteral(number) else { return false }
            lookup.substringRules.insert(number, into: &result)
            return true
        }
    }
}
