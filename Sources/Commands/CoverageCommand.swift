// `minewarden coverage`: where execs are held, and why they are not elsewhere.

internal import ArgumentParser
internal import ControlProtocol

/// Shows the filesystems.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Say on which filesystems execs are held, and why not on others.",
        discussion: """
            Each filesystem that can hold programs, in the mount namespace of the host and in those \
            of other processes (containers, services). A program on one that is not held is judged \
            right after it has started, and killed if its rule blocks.

            Filesystems of other mount namespaces are shown to root only.

            Exit status: 0 every filesystem is held, 1 some are not, 3 the daemon cannot be reached.

            Examples:
              sudo minewarden coverage
              minewarden coverage --json
            """
    )

    @OptionGroup var control: ControlOptions

    func run() throws {
        let reply = try control.ask(.coverage)
        guard case .coverage(let report) = reply else { throw control.unexpected(reply) }
        Terminal.print(control.json ? report.jsonText + "\n" : Self.text(of: report))
        if report.filesystems.contains(where: { $0.reason != nil }) {
            throw ExitStatus.findings.error
        }
    }

    static func text(of report: CoverageReport) -> String {
        var lines: [String] = []
        for filesystem in report.filesystems {
            let mark = filesystem.reason == nil ? "held    " : "not held"
            let place = filesystem.namespace.map { " in mount namespace \($0)" } ?? ""
            let reason = filesystem.reason.map { ": \($0)" } ?? ""
            let type = filesystem.type.isEmpty ? "" : " (\(filesystem.type))"
            lines.append("\(mark)  \(filesystem.mountPoint)\(type)\(place)\(reason)")
        }
        if report.hiddenCount > 0 {
            lines.append(
                "\(report.hiddenCount) more in other mount namespaces: only root may see them"
            )
        }
        if lines.isEmpty { lines.append("no filesystem is held") }
        return lines.map { $0 + "\n" }.joined()
    }
}
