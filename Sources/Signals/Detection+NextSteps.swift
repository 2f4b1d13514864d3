// What a person can do about a detection, with the exact commands.

extension Detection {
    /// What to do next, one line each.
    package var nextSteps: [String] {
        NextSteps(
            outcome: outcome,
            whyMonitored: whyMonitored,
            protection: protection,
            isActiveProtectionEnabled: isActiveProtectionEnabled,
            ruleID: rule?.id,
            pid: process.pid,
            origin: origin
        ).lines
    }

    private var origin: String {
        if let container, !container.image.isEmpty {
            return "image \(Escaping.shellWord(container.image))"
        }
        if !process.unit.isEmpty {
            return "unit \(Escaping.shellWord(process.unit))"
        }
        if let parent = ancestors.first {
            let name = parent.executable?.path ?? parent.comm
            return "started by \(Escaping.shellWord(name)) (pid \(parent.pid))"
        }
        return "pid \(process.parentPID ?? process.pid)"
    }
}
