// The rules worth evaluating for one event. Meant to be kept and reused: then nothing is allocated.

/// A set of small integers that can be emptied at the cost of what is in it.
package struct CandidateSet: Sendable {
    private var words: [UInt64] = []
    /// The literals of one field that were found in the event, as bits and as a list.
    private var literalWords: [UInt64] = []
    private var literals: [Int] = []
    /// The members in ascending order once `RuleIndex.candidates(_:into:)` returned.
    package private(set) var rules: [Int] = []

    package init() {}

    /// Makes room for a number of rules and empties the set.
    mutating func reset(for count: Int) {
        for rule in rules { words[rule >> 6] = 0 }
        rules.removeAll(keepingCapacity: true)
        let needed = (count + 63) / 64
        if words.count < needed {
            words += [UInt64](repeating: 0, count: needed - words.count)
        }
    }

    /// Forgets which literals were found and makes room for those of another field.
    mutating func resetLiterals(for count: Int) {
        for literal in literals { literalWords[literal >> 6] = 0 }
        literals.removeAll(keepingCapacity: true)
        let needed = (count + 63) / 64
        if literalWords.count < needed {
            literalWords += [UInt64](repeating: 0, count: needed - literalWords.count)
        }
    }

    /// Notes that a literal was found; false if it had been before.
    mutating func insertLiteral(_ literal: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(literal & 63)
        guard literalWords[literal >> 6] & bit == 0 else { return false }
        literalWords[literal >> 6] |= bit
        literals.append(literal)
        return true
    }

    mutating func insert(_ rule: Int) {
        let bit: UInt64 = 1 << UInt64(rule & 63)
        guard words[rule >> 6] & bit == 0 else { return }
        words[rule >> 6] |= bit
        rules.append(rule)
    }

    /// Puts the members in order; a few, which is the usual case, without a buffer.
    mutating func sort() {
        guard rules.count <= 64 else { return rules.sort() }
        for index in rules.indices.dropFirst() {
            var place = index
            while place > 0, rules[place - 1] > rules[place] {
                rules.swapAt(place - 1, place)
                place -= 1
            }
        }
    }
}
