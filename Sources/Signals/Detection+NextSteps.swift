// What a person can do about a detection, with the exact commands.

extension Detection {
    /// What to do next, one line each: first the state of Active Protection, then commands.
    ///
    /// The same facts stand in the *Next steps* of the journal catalog.
    package var nextSteps: [String] {
        var steps = [
            isActiveProtectionEnabled
                ? "Active Protection enabled"
                : "Active Protection disabled; to enable it: minewarden protection enable"
        ]
        steps += outcomeSteps
        if let rule {
            steps.append("the rule: minewarden rules show \(Self.word(rule.id))")
        }
        return steps
    }

    private var outcomeSteps: [String] {
        switch outcome {
        case .monitored: monitoredSteps
        case .denied, .killed:
            ["find out how it got here: \(Self.origin(of: self))"]
        case .killFailed:
            ["end it by hand: kill -KILL \(process.pid)"]
        case .allowedLate:
            [
                "end it by hand: kill -KILL \(process.pid)",
                "see why verdicts are late: minewarden doctor",
            ]
        case .deniedUnreadable, .allowedUnreadable:
            ["see what this host lacks: minewarden doctor"]
        case .gone: []
        }
    }

    private var monitoredSteps: [String] {
        guard let rule else { return [] }
        let id = Self.word(rule.id)
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
            return ["end it by hand: kill -KILL \(process.pid)"]
        case .disarmed:
            return ["see its matches: minewarden signals --rule \(id)"]
        case .activeProtectionOff where protection == .blocking:
            return ["then this rule blocks as it is set"]
        default:
            return ["to block it: minewarden protection set \(id) blocking && \(deploy)"]
        }
    }

    private static func word(_ text: String) -> String {
        Escaping.shellWord(Array(text.utf8))
    }

    private static func origin(of detection: Detection) -> String {
        if let container = detection.container, !container.image.isEmpty {
            return "image \(Escaping.shellWord(container.image))"
        }
        if !detection.process.unit.isEmpty {
            return "unit \(Escaping.shellWord(detection.process.unit))"
        }
        if let parent = detection.ancestors.first {
            let name = parent.executable?.path ?? parent.comm
            return "started by \(Escaping.shellWord(name)) (pid \(parent.pid))"
        }
        return "pid \(detection.process.parentPID ?? detection.process.pid)"
    }
}
