// What the loader needs to know besides the texts. Values only.

package import RuleLanguage
package import YAML

/// How policies are loaded.
package struct LoadOptions: Sendable {
    /// The upstream release whose rules this agent understands.
    package static let defaultAgentVersion = ReleaseVersion(7, 78, 0)

    /// What `agent_version` of rules is compared with.
    package var agentVersion = LoadOptions.defaultAgentVersion
    /// What `filters` of rules ask about.
    package var host = HostFacts()
    /// The number the rule set carries; signals record it.
    package var generation: UInt64 = 0
    /// The programs of the host's packages, for a warning about rules that match them; nil if nobody
    /// has read the lists.
    package var packagedFiles: PackagedFiles?
    /// Makes the digest of a written-out definition; nil if nobody compares definitions.
    package var definitionDigest: (@Sendable ([UInt8]) -> String)?
    /// What each file may cost.
    package var limits = YAMLLimits()

    /// Fields that have no value on this host: a rule that asks for one gets a warning, because an
    /// empty value would make it silently false, or silently true.
    package var unavailable = LoadOptions.neverKnown

    /// The fields that this agent cannot fill on any host: whether a program that runs already was
    /// started as a script is not recorded.
    package static let neverKnown: Set<Field> = Set(
        FieldSchema.fields.filter {
            $0.field.subject != .process && $0.name.contains(".interpreter.")
        }.map(\.field)
    )

    /// The fields that need a package database.
    package static let packageFields: Set<Field> = Set(
        FieldSchema.fields.filter { $0.name.contains(".package.") }.map(\.field)
    )

    /// The defaults; of the host nothing is known.
    package init() {}
}
