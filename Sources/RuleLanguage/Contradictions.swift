// Whether several conditions can hold together. Looks only at single values, so that what it says
// is certain; knows equality of strings, ranges of integers, and a test beside its negation.

/// Finds conditions that exclude each other.
struct Contradictions {
    /// Whether the nodes, each negated where the flag says so, can never hold all at once.
    static func exist(in facts: [(node: BooleanNode, isNegated: Bool)]) -> Bool {
        var state = Contradictions()
        return facts.contains { !state.add($0.node, isNegated: $0.isNegated) }
    }

    /// One comparison by what it says, negation aside.
    private struct Key: Hashable {
        let reference: FieldReference
        let kind: UInt8
        let text: [UInt8]
    }

    private var allowed: [FieldReference: Set<[UInt8]>] = [:]
    private var excluded: [FieldReference: Set<[UInt8]>] = [:]
    private var ranges: [FieldReference: ClosedRange<Int64>] = [:]
    private var seen: [Key: Bool] = [:]

    /// Takes one more condition; false if it excludes an earlier one.
    private mutating func add(_ node: BooleanNode, isNegated: Bool) -> Bool {
        switch node {
        case .not(let operand): return add(operand, isNegated: !isNegated)
        case .operand(.node(let node)): return add(node, isNegated: isNegated)
        case .operand(.field(let reference)):
            return add(Key(reference: reference, kind: 0, text: []), isNegated: isNegated)
        case .strings(let test): return add(test, isNegated: isNegated != test.isNegated)
        case .integers(let test): return add(test, isNegated: isNegated != test.isNegated)
        default: return true
        }
    }

    private mutating func add(_ key: Key, isNegated: Bool) -> Bool {
        defer { seen[key] = isNegated }
        return seen[key] ?? isNegated == isNegated
    }

    private mutating func add(_ test: StringTest, isNegated: Bool) -> Bool {
        guard case .field(let reference) = test.operand else { return true }
        let key: Key? =
            switch test.matcher {
            case .exact(let text): Key(reference: reference, kind: 1, text: text)
            case .pattern(let pattern): Key(reference: reference, kind: 2, text: pattern.text)
            case .glob(let pattern): Key(reference: reference, kind: 3, text: pattern.text)
            case .regularExpression(let expression):
                Key(reference: reference, kind: 4, text: expression.pattern)
            case .anyOf: nil
            }
        if let key, !add(key, isNegated: isNegated) { return false }
        let isSingle =
            reference.selector != .any && !reference.hasAlternatives
            && (reference.type == .string || reference.index != nil)
        guard isSingle else { return true }
        var values: Set<[UInt8]> = []
        for part in test.matcher.alternatives {
            guard case .exact(let value) = part else { return true }
            values.insert(value)
        }
        if isNegated {
            excluded[reference, default: []].formUnion(values)
        } else {
            allowed[reference] = allowed[reference]?.intersection(values) ?? values
        }
        guard let possible = allowed[reference] else { return true }
        return !possible.subtracting(excluded[reference] ?? []).isEmpty
    }

    private mutating func add(_ test: IntegerTest, isNegated: Bool) -> Bool {
        guard !test.isAge, case .value(.field(let reference)) = test.left,
            case .value(.constant(let value)) = test.right
        else { return true }
        if test.relation == .equal {
            let key = Key(reference: reference, kind: 5, text: Array(String(value).utf8))
            if !add(key, isNegated: isNegated) { return false }
        }
        guard let range = Self.range(test.relation, value, isNegated: isNegated)
        else { return true }
        let before = ranges[reference] ?? Self.domain(of: reference)
        guard let range, before.overlaps(range) else { return false }
        ranges[reference] = before.clamped(to: range)
        return true
    }

    /// The values a relation leaves: outer nil if they are no range, inner nil if there are none.
    private static func range(
        _ relation: IntegerTest.Relation,
        _ value: Int64,
        isNegated: Bool
    ) -> ClosedRange<Int64>?? {
        let above = value < .max ? value + 1...Int64.max : nil
        let below = value > .min ? Int64.min...value - 1 : nil
        return switch (relation, isNegated) {
        case (.equal, false): .some(value...value)
        case (.equal, true): nil
        case (.less, false), (.greaterOrEqual, true): .some(below)
        case (.greater, false), (.lessOrEqual, true): .some(above)
        case (.lessOrEqual, false), (.greater, true): .some(.min...value)
        case (.greaterOrEqual, false), (.less, true): .some(value...(.max))
        }
    }

    /// The values a field can have at all.
    private static func domain(of reference: FieldReference) -> ClosedRange<Int64> {
        switch reference.field.attribute {
        case .pid, .tid:
            reference.field.subject == .process ? 1...Int64(UInt32.max) : 0...Int64(UInt32.max)
        case .uid, .gid, .euid, .egid, .fsuid, .fsgid, .fileUID, .fileGID:
            0...Int64(UInt32.max)
        default: .min...(.max)
        }
    }
}
