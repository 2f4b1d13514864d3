// "Did you mean": the nearest of a list of known names.

/// Finds the name somebody probably meant.
package enum Spelling {
    /// The candidate nearest to `word`, if it is near enough to be worth saying.
    ///
    /// Near enough: at most a third of the letters wrong (at least one, at most three); letter case
    /// counts nothing. Ties go to the earlier candidate. Words over 64 bytes have no neighbours.
    package static func nearest(
        to word: String,
        among candidates: some Sequence<String>
    ) -> String? {
        let letters = Array(word.lowercased().utf8)
        guard !letters.isEmpty, letters.count <= 64 else { return nil }
        let limit = min(3, max(1, letters.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != word {
            let other = Array(candidate.lowercased().utf8)
            guard abs(other.count - letters.count) <= limit else { continue }
            let found = distance(letters, other)
            if found <= limit, found < best?.distance ?? .max { best = (candidate, found) }
        }
        return best?.name
    }

    /// The sentence for a diagnostic's suggestion; nil if nothing is near.
    package static func suggestion(
        for word: String,
        among candidates: some Sequence<String>
    ) -> String? {
        nearest(to: word, among: candidates).map { "did you mean '\($0)'?" }
    }

    /// Edits (insert, delete, replace, swap neighbours) that turn one into the other.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1)
                cost = min(cost, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
