// The sentences that say what happened. Each claims only what its outcome is evidence for.

extension Detection {
    /// What happened, for people: one line without control characters.
    ///
    /// Only `denied` and `killed` say `SECURITY RESPONSE`, and only of a program that would have run
    /// or did run.
    package var message: String {
        let matched = "the process \(threat) matches rule \(ruleName)"
        if isCheckOnly { return checkMessage }
        switch outcome {
        case .denied:
            return Self.response(threat) + " It was denied before it ran\(groupClause)."
        case .killed:
            return Self.response(threat) + " \(killSentence)"
        case .killFailed:
            return "The malicious process \(threat) (pid \(process.pid)) \(failureSentence)"
        case .monitored:
            return "Threat detected: \(matched). \(monitoredSentence)"
        case .allowedLate:
            return "Threat not stopped: \(matched), which blocks it, but the verdict came after the"
                + " deadline and it was allowed to run."
        case .deniedUnreadable:
            return "The program \(threat) was denied before it ran: what it was started with could"
                + " not be read."
        case .allowedUnreadable:
            return "The program \(threat) was allowed to run unchecked: what it was started with"
                + " could not be read."
        case .gone:
            return kill == nil
                ? "Threat detected: \(matched). Its task vanished before the answer."
                : "Threat detected: \(matched). It exited by itself before it was stopped."
        }
    }

    /// The rule in a sentence.
    private var ruleName: String {
        rule.map { Escaping.shellWord(Array($0.id.utf8)) } ?? "(none)"
    }

    private static func response(_ threat: ThreatName) -> String {
        "SECURITY RESPONSE: The malicious process \(threat) has automatically been killed."
    }

    /// Nothing was about to run, so that neither a response nor a run may be claimed.
    private var checkMessage: String {
        let answer =
            switch outcome {
            case .denied, .deniedUnreadable: "refused"
            default: "allowed"
            }
        return "Check whether \(threat) may be executed, under rule \(ruleName): \(answer)."
            + " Nothing was started."
    }

    private var killSentence: String {
        var sentence = "It had started and was killed"
        if let report = kill, let lifetime = report.timeToResponseNanoseconds {
            sentence += "; it lived for \(GoDuration.text(nanoseconds: lifetime))"
        }
        return sentence + groupClause + "."
    }

    /// What became of the container or control group around it.
    private var groupClause: String {
        guard let report = kill, report.scope != .process else { return "" }
        let group = report.scope == .container ? "container" : "control group"
        if let failure = report.failure {
            let cause = Escaping.display(Array(failure.utf8))
            return "; the rest of its \(group) was not killed: \(cause)"
        }
        if report.targetCount == 0 { return "; nothing else was left in its \(group)" }
        let count = ServiceEvent.count(report.targetCount, "process", plural: "processes")
        return report.status == .partiallyPerformed
            ? "; its whole \(group) was sent \(report.signal) (\(count)), and some of it may still run"
            : "; its whole \(group) was killed (\(count))"
    }

    private var failureSentence: String {
        guard let report = kill, report.status == .error else {
            return "was sent a signal but its exit was not seen: it may still be running."
        }
        let cause = report.failure.map { ": \(Escaping.display(Array($0.utf8)))" } ?? ""
        return "could not be stopped and is still running\(cause)."
    }

    private var monitoredSentence: String {
        let start =
            whyMonitored == .alreadyRunning ? "It keeps running" : "It was allowed to run"
        return whyMonitored.map { "\(start): \($0.clause)." } ?? "\(start)."
    }
}

extension MonitoringReason {
    /// The reason as a clause that follows a colon.
    package var clause: String {
        switch self {
        case .activeProtectionOff: "Active Protection is disabled on this host"
        case .monitoring: "the rule is in monitoring"
        case .notAvailable: "the rule has no action to block with"
        case .outOfScope: "the rule blocks elsewhere, this is outside its scope"
        case .unknownImage: "the rule blocks in certain images and the image is not known"
        case .protectedProgram: "it is a protected program that is never blocked"
        case .disarmed: "too many different matches have disarmed the rule"
        case .alreadyRunning: "it started before the rule was blocking"
        case .unconfirmed: "the rule has changed and its blocking is not confirmed"
        }
    }
}
