// What a person can do about a detection, from the few facts that decide it: of a detection at hand,
// or of one that was written down.

/// What next steps depend on.
package struct NextSteps: Sendable, Equatable {
    package var outcome: Outcome
    package var whyMonitored: MonitoringReason?
    package var protection: RuleProtection
    package var isActiveProtectionEnabled: Bool
    /// The rule that matched; nil if none did.
    package var ruleID: String?
    package var pid: Int32
    /// Where the process came from: an image, a unit or who started it.
    package var origin: String

    package init(
        outcome: Outcome,
        whyMonitored: MonitoringReason?,
        protection: RuleProtection,
        isActiveProtectionEnabled: Bool,
        ruleID: String?,
        pid: Int32,
        origin: String
    ) {
        self.outcome = outcome
        self.whyMonitored = whyMonitored
        self.protection = protection
        self.isActiveProtectionEnabled = isActiveProtectionEnabled
        self.ruleID = ruleID
        self.pid = pid
        self.origin = origin
    }

    /// What to do next, one line each: first the state of Active Protection, then commands.
    ///
    /// The same facts stand in the *Next steps* of the journal catalog.
    package var lines: [String] {
        var steps = [
            isActiveProtectionEnabled
                ? "Active Protection enabled"
                : "Active Protection disabled; to enable it: minewarden protection enable"
                    + " && minewarden deploy"
        ]
        steps += outcomeSteps
        if let ruleID { steps.append("the rule: minewarden rules show \(Self.word(ruleID))") }
        return steps
    }

    private var outcomeSteps: [String] {
        switch outcome {
        case .monitored: monitoredSteps
        case .denied, .killed: ["find out how it got here: \(origin)"]
        case .killFailed: [byHand]
        case .allowedLate: [byHand, "see why verdicts are late: minewarden doctor"]
        case .deniedUnreadable, .allowedUnreadable:
            ["see what this host lacks: minewarden doctor"]
        case .gone: []
        }
    }

    private var byHand: String { "end it by hand: kill -KILL \(pid)" }

    private var monitoredSteps: [String] {
        guard let ruleID else { return [] }
        let id = Self.word(ruleID)
        let deploy = "minewarden deploy"
        switch whyMonitored {
        case .notAvailable:
            return ["blocking is not available on this rule: it has no kill action"]
        case .outOfScope, .unknownImage:
            return [
                "to block it everywhere: minewarden protection set \(id) blocking --everywhere"
                    + " && \(deploy)"
            ]
        case .unconfirmed:
            return ["to confirm the blocking: minewarden protection confirm \(id) && \(deploy)"]
        case .protectedProgram:
            return []
        case .alreadyRunning:
            return [byHand]
        case .disarmed:
            return [
                "see its matches: minewarden signals --rule \(id)",
                "to let it block again: minewarden protection rearm \(id)",
            ]
        case .activeProtectionOff where protection == .blocking:
            return ["then this rule blocks as it is set"]
        default:
            return ["to block it: minewarden protection set \(id) blocking && \(deploy)"]
        }
    }

    private static func word(_ text: String) -> String {
        Escaping.shellWord(Array(text.utf8))
    }
}
