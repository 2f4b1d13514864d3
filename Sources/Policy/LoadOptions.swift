// What the loader needs to know besides the texts. Values only.

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
    /// What each file may cost.
    package var limits = YAMLLimits()

    /// The defaults; of the host nothing is known.
    package init() {}
}
