// A policy file as written: every key it may have, with places; nothing merged, nothing compiled.

package import Diagnostics

/// One policy file.
package struct PolicyDocument: Sendable {
    /// The text.
    package let file: SourceFile
    /// The file name that load order goes by.
    package var name: String
    package var origin: PolicyOrigin
    /// Free text, reported with the policy.
    package var version: String?
    /// `policy` for a vendor's default one, `content_pack`, or nothing.
    package var type: String?
    package var replacePolicyID: String?
    package var macros: [MacroDefinition] = []
    package var rules: [RuleDefinition] = []
    /// Whether the text could not be read as a policy at all.
    package var isBroken = false

    /// Whether its rules are defaults, which custom policies may switch off and override whole.
    package var isDefault: Bool {
        origin == .shipped || type == "policy" || name == "default.policy"
    }
}

/// How a second definition with the same id combines with the first.
package enum Combination: Sendable, Equatable {
    case merge, override
}

/// One entry of `macros`.
package struct MacroDefinition: Sendable, Equatable {
    /// The name expressions use.
    package var id: Located<String>?
    package var expression: ExpressionText?
    /// Exact strings; nil if the key is absent.
    package var values: [Located<String>]?
    package var description: String?
    package var agentVersion: Located<String>?
    package var filters: [ExpressionText] = []
    package var combine: Combination?
    /// Where the whole entry stands.
    package var span: SourceSpan
    /// Whether a key that matters could not be read, so that the entry must not be used.
    package var isBroken = false
}
