// Loads a policy of some size and measures decisions with it.

import CAllocationCount
import Diagnostics
import Policy
import RuleLanguage

/// One size of policy, measured.
struct Measurement {
    var rules = 0
    var loadMilliseconds = 0.0
    var benignNanoseconds = 0.0
    var minerNanoseconds = 0.0
    var benignAllocations = 0.0
    var minerAllocations = 0.0
    var benignVisited = 0.0
}

func nanoseconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
}

/// The time and the allocations of one decision about each of some execs.
func measure(_ rules: RuleSet, _ events: [EventDescription], matches: Bool)
    -> (nanoseconds: Double, allocations: Double)
{
    var scratch = MatchScratch()
    var decisions = 0
    func pass(_ count: Int) {
        for _ in 0..<count {
            for event in events {
                rules.matches(event, into: &scratch)
                for rule in scratch.matched
                where rules.decision(forRule: rule, event: event) == .block {
                    decisions += 1
                }
            }
        }
    }
    pass(200)
    precondition((decisions > 0) == matches)
    let clock = ContinuousClock()
    let rounds = 200
    let times = (0..<40).map { _ in
        nanoseconds(clock.measure { pass(rounds) }) / Double(rounds * events.count)
    }
    let before = allocations_count()
    pass(rounds)
    let allocations = Double(allocations_count() - before) / Double(rounds * events.count)
    // The least disturbed pass: other work on the machine only ever adds.
    return (times.min() ?? 0, allocations)
}

func measure(ruleCount: Int) -> Measurement {
    var sources = GeneratedRules.files(ruleCount: ruleCount - 1).enumerated().map {
        PolicySource(name: "file\($0.offset).yaml", bytes: Array($0.element.utf8))
    }
    sources.append(PolicySource(name: "zz.yaml", bytes: Array(Execs.minerRule.utf8)))
    let protection = PolicySource(
        name: "protection.yaml",
        bytes: Array("active_protection: true\nrules: {miner: blocking}\n".utf8)
    )
    let execs = Execs()
    var result = Measurement()
    let clock = ContinuousClock()
    var loaded = PolicyLoader.load(sources: sources, protection: protection)
    let times = (0..<5).map { _ in
        clock.measure { loaded = PolicyLoader.load(sources: sources, protection: protection) }
    }
    result.loadMilliseconds = nanoseconds(times.min() ?? .zero) / 1e6
    precondition(loaded.diagnostics.isEmpty, "\(loaded.diagnostics.first?.message ?? "")")
    precondition(allocations_count() > 0, "allocations are not counted")
    let rules = loaded.ruleSet
    precondition(rules.rules.count == ruleCount)
    result.rules = ruleCount
    (result.benignNanoseconds, result.benignAllocations) = measure(
        rules,
        execs.benign,
        matches: false
    )
    (result.minerNanoseconds, result.minerAllocations) = measure(
        rules,
        [execs.miner],
        matches: true
    )
    var scratch = MatchScratch()
    var visited = 0
    for event in execs.benign {
        rules.matches(event, into: &scratch)
        visited += scratch.candidates.rules.count
    }
    result.benignVisited = Double(visited) / Double(execs.benign.count)
    return result
}
