// The lines of `status` about the daemon itself. What is as it should be is left out.

internal import ControlProtocol

extension StatusCommand {
    static func health(_ health: HealthReport) -> [String] {
        var lines: [String] = []
        if let median = health.latencyMedian, let slow = health.latency99 {
            lines.append("Held for: \(median) us (half of the execs), \(slow) us (99 of 100)")
        }
        let lost = [
            ("unreadable", health.unreadable),
            ("judged after they started", health.judgedAfter),
            ("refused by the kernel for want of descriptors", health.failedReads),
            ("times the kernel's queue overflowed", health.overflows),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        if !lost.isEmpty { lines.append("Not as usual: " + lost.joined(separator: ", ")) }
        lines.append(
            "Waiting: \(health.held) execs in hand, \(health.waitingPrograms) programs to look at,"
                + " \(health.waitingSignals) signals to record"
        )
        lines.append(
            "Filesystems: \(health.markedFilesystems) held"
                + (health.unmarkedFilesystems > 0
                    ? ", \(health.unmarkedFilesystems) not (minewarden coverage says why)" : "")
        )
        if let error = health.lastError, let time = health.lastErrorAt {
            lines.append("Last error: \(error) (\(time))")
        }
        return lines
    }
}
