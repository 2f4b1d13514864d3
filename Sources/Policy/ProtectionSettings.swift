// `protection.yaml` as values: the switch of the host, and the protection and scope of each rule.
// Anything that cannot be understood means monitoring: a typo never blocks.

package import Diagnostics

/// What may be blocked on this host, and where.
package struct ProtectionSettings: Sendable {
    /// Whether Active Protection is on: without it nothing is blocked.
    package var isActive = false
    /// By rule id; a rule that is not named is monitored.
    package var rules: [String: RuleProtection] = [:]
    /// The file the settings stand in; nil if there is none.
    package var file: SourceFile?

    /// What holds without a file: Active Protection off, everything monitored.
    package init() {}
}

/// What is done about matches of a rule.
package enum Protection: String, Sendable, CaseIterable {
    case monitoring, blocking, disabled
}

/// The settings of one rule.
package struct RuleProtection: Sendable, Equatable {
    /// What is done about a match.
    package var protection: Protection
    /// Where it blocks; nil means everywhere.
    package var scope: BlockingScope?
    /// Where the id of the rule stands.
    package var span: SourceSpan
    /// Where the word `blocking` stands.
    package var protectionSpan: SourceSpan
}
