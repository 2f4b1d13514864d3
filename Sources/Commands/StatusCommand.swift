// `minewarden status`: how the service is. Anybody may ask.

internal import ArgumentParser
internal import ControlProtocol

/// Shows how the service is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how the service is: Active Protection, rules, what was done.",
        discussion: """
            Needs no permission. Counts of execs are since the daemon started.

            Exit status: 0 it runs, 3 the daemon cannot be reached.

            Examples:
              minewarden status
              minewarden status --json
            """
    )

    @OptionGroup var control: ControlOptions

    func run() throws {
        let reply = try control.ask(.status)
        guard case .status(let report) = reply else { throw control.unexpected(reply) }
        Terminal.print(control.json ? report.jsonText + "\n" : Self.text(of: report))
    }

    static func text(of report: StatusReport) -> String {
        let protection = report.isActiveProtectionEnabled ? "enabled" : "disabled"
        let rules = report.rules
        let execs = report.execs
        var lines = [
            "Active Protection: \(protection)",
            "Rules: \(rules.total) in generation \(report.generation), \(rules.blocking) blocking,"
                + " \(rules.monitoring) monitoring, \(rules.detecting) that can only detect,"
                + " \(rules.disabled) disabled",
            "Deployed: \(report.deployedAt)",
            "Execs: \(execs.judged) judged, \(execs.denied) denied, \(execs.killed) killed"
                + (execs.late > 0 ? ", \(execs.late) answered late" : "")
                + (execs.unjudged > 0 ? ", \(execs.unjudged) let go unjudged" : ""),
        ]
        if rules.unconfirmed > 0 {
            lines.append(
                "Unconfirmed: \(rules.unconfirmed) set to blocking, but changed since;"
                    + " 'minewarden rules list' says which"
            )
        }
        if rules.disarmed > 0 {
            lines.append(
                "Disarmed: \(rules.disarmed) set to blocking, but blocked too much;"
                    + " 'minewarden rules list' says which"
            )
        }
        lines += health(report.health)
        lines += undeployed(report)
        lines.append("Daemon: minewardend \(report.version), since \(report.startedAt)")
        return lines.map { $0 + "\n" }.joined()
    }

    /// What lies on the disk and is not active.
    private static func undeployed(_ report: StatusReport) -> [String] {
        var lines: [String] = []
        if let changes = report.undeployed {
            lines.append("Not deployed: changes wait; run 'minewarden deploy'")
            lines += ChangeText.lines(of: changes).map { "  " + $0 }
        }
        if report.errorCount > 0 {
            let errors = report.errorCount == 1 ? "1 error" : "\(report.errorCount) errors"
            lines.append("Broken: \(errors) in the files; run 'minewarden check'")
        }
        return lines
    }
}
