// The words for what happened to an attempt and why, with their stable spellings.

/// What really happened to an attempt, in the spelling of the field `MINEWARDEN_OUTCOME`.
package enum Outcome: String, Sendable, CaseIterable {
    /// A rule matched and the program was let run, on purpose.
    case monitored
    /// The exec was refused: the program never ran.
    case denied
    /// The program had started; it was killed and its exit was seen.
    case killed
    /// The program had started, and killing it failed or its exit was not seen.
    case killFailed = "kill-failed"
    /// A blocking rule matched, but the deadline had passed and the exec was already allowed.
    case allowedLate = "allowed-late"
    /// What was about to start could not be read, and the exec was refused for that.
    case deniedUnreadable = "denied-unreadable"
    /// What was about to start could not be read, and the exec was let go unchecked.
    case allowedUnreadable = "allowed-unreadable"
    /// The task vanished before the answer, or exited by itself before it could be killed.
    case gone
}

/// Why a matching rule did not block, in the spelling of the field `MINEWARDEN_WHY_MONITORED`.
package enum MonitoringReason: String, Sendable, CaseIterable {
    /// The host-wide switch is off.
    case activeProtectionOff = "active-protection-off"
    /// The rule is in monitoring.
    case monitoring
    /// Protection is not available on the rule.
    case notAvailable = "not-available"
    /// The rule blocks, but not in this service or image.
    case outOfScope = "out-of-scope"
    /// The rule blocks in certain images, and the image of this container is not known.
    case unknownImage = "unknown-image"
    /// The program is one that is never blocked.
    case protectedProgram = "protected-program"
    /// The brake has disarmed the rule.
    case disarmed
    /// The process ran before the rule became blocking: blocking is never retroactive.
    case alreadyRunning = "already-running"
    /// The rule's expression changed and nobody entitled has confirmed the blocking yet.
    case unconfirmed
}

/// The protection of a rule, in the spelling of the field `MINEWARDEN_PROTECTION`.
package enum RuleProtection: String, Sendable, CaseIterable {
    case monitoring, blocking, disabled
    /// The rule carries no action: it can only be monitored.
    case notAvailable = "not-available"
}

/// Which side saw the exec, in the spelling of the field `MINEWARDEN_DETECTED_BY`.
package enum Detector: String, Sendable, CaseIterable {
    /// The exec was held before it ran.
    case held
    /// The exec was seen after it had happened.
    case after
    /// The process was found while looking through those that already run.
    case sweep
}
