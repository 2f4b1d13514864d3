// One rule as written in a policy file: every key of the format, with places.

package import Diagnostics

/// One entry of `rules`.
package struct RuleDefinition: Sendable, Equatable {
    /// What the rule is known by.
    package var id: Located<String>?
    package var version: String?
    package var expression: ExpressionText?
    package var description: String?
    /// In the order of the file.
    package var tags: [RuleTag] = []
    package var productTags: [String] = []
    package var agentVersion: Located<String>?
    /// Any of them must hold on this host; none means all hosts.
    package var filters: [ExpressionText] = []
    package var isDisabled = false
    package var combine: Combination?
    package var overrideFields: [OverrideField] = []
    package var actions: [ActionDefinition] = []
    /// At most one signal in this time; nil means the default rate.
    package var every: Duration?
    /// Fields, by name: one rate for each combination of their values.
    package var limiterToken: [Located<String>] = []
    /// Whether actions run without a signal.
    package var isSilent = false
    package var groupID: String?
    package var priority = 0
    /// The keys in the order of the file.
    package var keys: [Located<String>] = []
    /// Where the whole entry stands.
    package var span: SourceSpan
    /// Whether a key that matters could not be read, so that the entry must not be used.
    package var isBroken = false
}

/// One tag of a rule.
package struct RuleTag: Sendable, Equatable {
    /// The name of the tag.
    package var key: String
    package var value: String

    /// Makes a tag.
    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// What `override_options.fields` may name.
package enum OverrideField: String, Sendable, CaseIterable {
    case all, expression, actions, every, tags
    case productTags = "product_tags"
}
