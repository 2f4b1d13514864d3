// The record of a rule that matched an attempt, and of what came of it.

/// A rule matched an attempt (or the attempt could not be read), and this is what came of it.
package struct Detection: Sendable, Equatable {
    /// The rule that matched; nil if the attempt could not be judged because it was unreadable.
    package var rule: RuleReference?
    /// What really happened.
    package private(set) var outcome: Outcome
    /// Why a matching rule did not block; not nil exactly if the outcome is `monitored`.
    package private(set) var whyMonitored: MonitoringReason?
    /// The protection of the rule at that moment.
    package var protection: RuleProtection
    /// Whether Active Protection was on at that moment.
    package var isActiveProtectionEnabled: Bool
    /// What the threat is called.
    package var threat: ThreatName
    /// The program about to start, in the task that starts it.
    package var process: ProcessRecord
    /// Its ancestors, the parent first.
    package var ancestors: [ProcessRecord] = []
    /// The container it belongs to.
    package var container: ContainerRecord?
    /// Which side saw it.
    package var detectedBy: Detector
    /// From the arrival of the event to the answer, in nanoseconds.
    package var latencyNanoseconds: UInt64?
    /// The deployed generation of rules that judged it.
    package var generation: UInt64
    /// Whether the caller only asked if it may execute the file (`AT_EXECVE_CHECK`): nothing was
    /// about to run.
    package var isCheckOnly = false
    /// Whether something of the attempt could not be read, so that it was judged by the rest.
    package var isUnreadable = false
    /// What was done to kill the process.
    package private(set) var kill: KillReport?

    /// Records a detection that needed no kill.
    ///
    /// `killed` and `killFailed` come from a `KillReport` only: a claim needs its evidence. Without
    /// `whyMonitored` the reason of a monitored detection is the plainest one for `protection`.
    package init(
        rule: RuleReference?,
        outcome: Outcome,
        whyMonitored: MonitoringReason? = nil,
        protection: RuleProtection,
        isActiveProtectionEnabled: Bool,
        threat: ThreatName,
        process: ProcessRecord,
        detectedBy: Detector,
        generation: UInt64
    ) {
        let reason: MonitoringReason =
            switch protection {
            case .notAvailable: .notAvailable
            case .monitoring, .disabled: .monitoring
            case .blocking: .activeProtectionOff
            }
        precondition(
            outcome != .killed && outcome != .killFailed,
            "a kill is recorded with its report"
        )
        self.rule = rule
        self.outcome = outcome
        self.whyMonitored = outcome == .monitored ? whyMonitored ?? reason : nil
        self.protection = protection
        self.isActiveProtectionEnabled = isActiveProtectionEnabled
        self.threat = threat
        self.process = process
        self.detectedBy = detectedBy
        self.generation = generation
    }

    /// Records a detection that was answered by killing the process.
    ///
    /// The outcome is what `kill` entitles one to claim.
    package init(
        rule: RuleReference,
        kill: KillReport,
        threat: ThreatName,
        process: ProcessRecord,
        generation: UInt64
    ) {
        self.init(
            rule: rule,
            outcome: .gone,
            protection: .blocking,
            isActiveProtectionEnabled: true,
            threat: threat,
            process: process,
            detectedBy: .after,
            generation: generation
        )
        conclude(with: kill)
    }

    /// Attaches what came of killing others with a program that never ran.
    package mutating func attach(_ report: KillReport) {
        precondition(outcome == .denied, "an outcome of its own needs its evidence")
        kill = report
    }

    /// Attaches what came of killing the process, and takes its outcome.
    package mutating func conclude(with report: KillReport) {
        kill = report
        outcome = report.outcome
        whyMonitored = nil
    }
}

/// The rule that matched, as it was when it matched.
package struct RuleReference: Sendable, Equatable {
    /// Identity, like `cryptominer_args`.
    package var id: String
    /// What the rule finds, in words.
    package var description: String
    /// The file the rule is in, and its line there; 0 if not known.
    package var file: [UInt8]
    package var line: Int
    /// Tags as `key:value`.
    package var tags: [String]
    /// Severity by the rule's author; empty if not given.
    package var severity: String = ""
    /// Version of the rule; empty if not given.
    package var version: String = ""
    /// Name and version of the policy the rule belongs to; empty if not given.
    package var policyName: String = ""
    package var policyVersion: String = ""
    /// The expression that matched; empty to leave it out.
    package var expression: String = ""

    /// Refers to a rule.
    package init(
        id: String,
        description: String = "",
        file: [UInt8] = [],
        line: Int = 0,
        tags: [String] = []
    ) {
        self.id = id
        self.description = description
        self.file = file
        self.line = line
        self.tags = tags
    }
}
