// What a thread keeps from one match to the next. Grows to the size of the rule set, then stays.

package import RuleLanguage

/// Working memory of matching; one per thread.
package struct MatchScratch: Sendable {
    /// Positions in `RuleSet.rules` of the rules that matched, ascending.
    package internal(set) var matched: [Int] = []
    /// The rules that were evaluated.
    package internal(set) var candidates = CandidateSet()

    /// Empty.
    package init() {}
}
