// How the service is, for everybody who may log in: numbers and states, no rule and no command line.

package import JSON

/// The answer to `status`.
package struct StatusReport: Message {
    /// The version of the daemon.
    package var version: String
    /// When it started, as RFC 3339 has it.
    package var startedAt: String
    package var isActiveProtectionEnabled: Bool
    /// The number of the active generation of rules and protection.
    package var generation: UInt64
    /// When that was deployed, as RFC 3339 has it.
    package var deployedAt: String
    package var rules: RuleCounts
    package var execs: ExecCounts
    package var health: HealthReport
    /// What a deploy would change; nil if the files on the disk are the deployed ones.
    package var undeployed: ChangeReport?
    /// How many errors are in the files on the disk, which a deploy would refuse.
    package var errorCount = 0

    package init(
        version: String,
        startedAt: String,
        isActiveProtectionEnabled: Bool,
        generation: UInt64,
        deployedAt: String,
        rules: RuleCounts,
        execs: ExecCounts,
        health: HealthReport
    ) {
        self.version = version
        self.startedAt = startedAt
        self.isActiveProtectionEnabled = isActiveProtectionEnabled
        self.generation = generation
        self.deployedAt = deployedAt
        self.rules = rules
        self.execs = execs
        self.health = health
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        version = try members.text("version")
        startedAt = try members.text("started_at")
        isActiveProtectionEnabled = try members.flag("active_protection")
        generation = try members.integer("generation")
        deployedAt = try members.text("deployed_at")
        rules = try members.message("rules")
        execs = try members.message("execs")
        health = try members.message("health")
        undeployed = try members.optionalMessage("undeployed")
        errorCount = try members.integer("errors")
    }

    package var members: [String: JSONValue?] {
        [
            "version": .string(version), "started_at": .string(startedAt),
            "active_protection": .boolean(isActiveProtectionEnabled),
            "generation": .number(generation), "deployed_at": .string(deployedAt),
            "rules": rules.json, "execs": execs.json,
            "health": health.json,
            "undeployed": undeployed?.json, "errors": .number(errorCount),
        ]
    }
}

/// How many rules there are of each protection.
package struct RuleCounts: Message {
    /// All that are loaded.
    package var total = 0
    /// Set to blocking, whether or not Active Protection is enabled.
    package var blocking = 0
    /// Those that could block and do not: what is unconfirmed and disarmed, too.
    package var monitoring = 0
    /// Protection is not available on them.
    package var detecting = 0
    package var disabled = 0
    /// Set to blocking, but monitored until somebody confirms their changed definition.
    package var unconfirmed = 0
    /// Set to blocking, but monitored because they blocked too much.
    package var disarmed = 0

    package init() {}

    package init(_ members: MemberReader) throws(MessageFailure) {
        total = try members.integer("total")
        blocking = try members.integer("blocking")
        monitoring = try members.integer("monitoring")
        detecting = try members.integer("detecting")
        disabled = try members.integer("disabled")
        unconfirmed = try members.integer("unconfirmed")
        disarmed = try members.integer("disarmed")
    }

    package var members: [String: JSONValue?] {
        [
            "total": .number(total), "blocking": .number(blocking),
            "monitoring": .number(monitoring), "detecting": .number(detecting),
            "disabled": .number(disabled), "unconfirmed": .number(unconfirmed),
            "disarmed": .number(disarmed),
        ]
    }
}

/// What was done about execs since the daemon started.
package struct ExecCounts: Message {
    /// Held and judged.
    package var judged: UInt64 = 0
    package var denied: UInt64 = 0
    package var killed: UInt64 = 0
    /// Answered at the deadline.
    package var late: UInt64 = 0
    /// Let go without a verdict.
    package var unjudged: UInt64 = 0

    package init() {}

    package init(_ members: MemberReader) throws(MessageFailure) {
        judged = try members.integer("judged")
        denied = try members.integer("denied")
        killed = try members.integer("killed")
        late = try members.integer("late")
        unjudged = try members.integer("unjudged")
    }

    package var members: [String: JSONValue?] {
        [
            "judged": .number(judged), "denied": .number(denied), "killed": .number(killed),
            "late": .number(late), "unjudged": .number(unjudged),
        ]
    }
}
