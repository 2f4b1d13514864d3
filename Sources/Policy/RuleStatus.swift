// What became of each rule and each policy file, in the words of upstream's load report.

/// What became of one rule definition.
package struct RuleStatus: Sendable, Equatable {
    /// The raw values are those of upstream's `ruleset_loaded` event; `disabled` is ours.
    package enum State: String, Sendable {
        case loaded, filtered, disabled, error
        case agentVersionError = "agent_version_error"
        case agentFilterError = "agent_filter_error"
        case eventTypeDisabled = "event_type_disabled"
        case syntaxError = "syntax_error"
    }

    /// Empty if the definition has none.
    package var id: String
    package var version: String?
    /// The file as diagnostics name it, and the line the definition starts at.
    package var file: String
    package var line: Int
    package var state: State
    /// Why, if not loaded.
    package var message: String?
    /// For `filtered`: `agent_version` or `rule_filter`.
    package var filterType: String?

    /// Whether the rule was refused, as opposed to not meant for this host.
    package var isRejected: Bool {
        switch state {
        case .loaded, .filtered, .disabled: false
        default: true
        }
    }
}

/// What became of one policy file.
package struct PolicyStatus: Sendable, Equatable {
    /// The raw values are those of upstream's `ruleset_loaded` event.
    package enum State: String, Sendable {
        case loaded, error
        case partiallyFiltered = "partially_filtered"
        case partiallyLoaded = "partially_loaded"
        case fullyRejected = "fully_rejected"
        case fullyFiltered = "fully_filtered"
    }

    /// The file name that load order goes by.
    package var name: String
    package var file: String
    package var version: String?
    package var origin: PolicyOrigin
    package var state: State
    package var message: String?
    package var rules: [RuleStatus]

    /// The state that follows from the rules of a readable policy.
    static func state(of rules: [RuleStatus]) -> State {
        let rejected = rules.count { $0.isRejected }
        let filtered = rules.count { $0.state == .filtered }
        if rules.isEmpty { return .loaded }
        if rejected == rules.count { return .fullyRejected }
        if filtered == rules.count { return .fullyFiltered }
        if rejected > 0 { return .partiallyLoaded }
        return filtered > 0 ? .partiallyFiltered : .loaded
    }
}
