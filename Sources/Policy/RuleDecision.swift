// What follows from a match: block, or monitor and why only that. Values only.

/// What is to be done about one match of one rule.
package enum RuleDecision: Sendable, Equatable {
    case monitor(MonitorReason)
    case block
}

/// Why a match is only monitored.
///
/// The raw values are what signals and tools print.
package enum MonitorReason: String, Sendable, CaseIterable {
    /// Active Protection is off on this host.
    case activeProtectionOff = "active-protection-off"
    /// The rule is not set to blocking.
    case monitoring
    /// The rule carries no kill action.
    case notAvailable = "not-available"
    /// No kill action's filter holds for this event.
    case filtered
    /// The process is not where the rule blocks.
    case outOfScope = "out-of-scope"
    /// Whether it is cannot be told: the image of its container is unknown.
    case unknownImage = "unknown-image"
    /// The rule is set to blocking, but its definition changed since somebody decided that.
    case unconfirmed
    /// The brake has taken the rule out; decided by the agent, not here.
    case disarmed
    /// A program that is never denied; decided by the agent, not here.
    case protectedProgram = "protected-program"
}
