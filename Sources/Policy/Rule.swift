// One loaded rule: what the agent knows about it when it matches. Immutable.

package import RuleLanguage

/// A rule that is in force.
package struct Rule: Sendable {
    /// Unique in a rule set.
    package let id: String
    package let version: String?
    /// What people are shown; the id if the policy gives none.
    package let description: String
    package let tags: [RuleTag]
    package let productTags: [String]
    /// The expression as written in the policy.
    package let expression: String
    /// The file as diagnostics name it, and the line the rule starts at.
    package let file: String
    package let line: Int
    package let origin: PolicyOrigin
    package let policyVersion: String?
    package let compiled: CompiledExpression
    /// Those that can be taken, in order.
    package let actions: [RuleAction]
    /// At most one signal in this time; nil means the default rate.
    package let every: Duration?
    /// One rate for each combination of the values of these fields.
    package let limiterToken: [Field]
    /// Whether actions run without a signal.
    package let isSilent: Bool
    package let groupID: String?
    package let priority: Int
    /// What the host's settings say, corrected to what is possible.
    package internal(set) var protection: Protection
    /// Where it blocks; nil means everywhere.
    package internal(set) var scope: BlockingScope?
    /// Whether somebody who may decide about blocking has seen this definition.
    package internal(set) var isConfirmed = true

    /// The value of a tag.
    package func tag(_ key: String) -> String? { tags.first { $0.key == key }?.value }

    /// The `severity` tag: how bad a match is.
    package var severity: String? { tag("severity") }

    /// Whether an action sets a variable.
    var setsVariables: Bool { actions.contains { $0.assignment != nil } }

    /// Whether anything about the rule reads or sets variables.
    var usesVariables: Bool {
        setsVariables || !compiled.variables.isEmpty
            || actions.contains { !($0.filter?.variables.isEmpty ?? true) }
    }

    /// Whether protection is available: a kill action, whatever its filter.
    package var isBlockable: Bool {
        actions.contains { if case .kill = $0.kind { true } else { false } }
    }
}

/// An action that can be taken, with its condition ready to be evaluated.
package struct RuleAction: Sendable {
    /// What is done.
    package let kind: ActionDefinition.Kind
    /// Nil means always.
    package let filter: CompiledExpression?
    /// For `set`: the action ready to be run.
    let assignment: VariableAssignment?

    /// Whether the action is to be taken for an event that matched.
    package func applies(to event: any EventSource) -> Bool { filter?.evaluate(event) ?? true }
}
