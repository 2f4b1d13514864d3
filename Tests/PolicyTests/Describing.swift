// Execs as tests describe them, and short ways to ask a rule set about them.

import Diagnostics
import Policy
import RuleLanguage

/// The start of a program in /tmp.
func exec(
    _ name: String = "",
    _ arguments: [String] = [],
    environment: [String] = [],
    tags: [String] = [],
    container: String = "",
    path: String? = nil
) -> EventDescription {
    let argv = ([name] + arguments).map { Array($0.utf8) }
    do {
        return try EventDescription(
            executable: Array((path ?? "/tmp/\(name)").utf8),
            argv: argv,
            envp: environment.map { Array($0.utf8) },
            values: ["container.tags": .texts(tags), "process.container.id": .text(container)]
        )
    } catch {
        preconditionFailure(error.message)
    }
}

extension LoadResult {
    /// Loads one custom policy from text.
    init(_ text: String, protection: String? = nil, options: LoadOptions = LoadOptions()) {
        self = PolicyLoader.load(
            sources: [PolicySource(name: "custom.yaml", bytes: Array(text.utf8))],
            protection: protection.map {
                PolicySource(name: "protection.yaml", bytes: Array($0.utf8))
            },
            options: options
        )
    }

    /// The codes of all findings.
    var codes: [String] { diagnostics.map(\.code.name) }
    /// The state of each rule, like "a loaded".
    var states: [String] { ruleSet.statuses.map { "\($0.id) \($0.state.rawValue)" } }
}

extension RuleSet {
    /// The ids of the rules that match.
    func ids(matching event: any EventSource) -> [String] {
        var scratch = MatchScratch()
        matches(event, into: &scratch)
        return scratch.matched.map { rules[$0].id }
    }
}
