// `minewarden check`: everything that is wrong in rule files and settings.

internal import ArgumentParser
internal import Diagnostics
internal import Policy

/// Checks rule files.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong in rule files and settings.",
        discussion: """
            PATH is a rule file, a directory of them (*.yaml, *.policy), or a whole configuration \
            directory with rules.d, protection.yaml and minewarden.yaml. All files are checked \
            together, as they would load together. Without PATH: those of this host.

            Each finding has its file, line and column, a stable code that minewarden-rules(5) \
            explains, the source line and, where there is one, a remedy.

            A rule that would match a program of this host's packages by its name or path alone is a \
            finding too (P024); the programs come from dpkg's database.

            A protection.yaml in a directory that you may not read is not checked, and that is said.

            Exit status: 0 no finding, 1 findings, 2 something else could not be read.

            Examples:
              minewarden check
              minewarden check my-rules.yaml
              minewarden check --with /usr/share/minewarden/rules /etc/minewarden/rules.d
              minewarden check --json rules/
            """
    )

    @Argument(help: "Rule files, or directories of them.")
    var path: [String] = []

    @Option(
        help: ArgumentHelp(
            "Rules that those checked build on; what is wrong in them is not shown.",
            valueName: "path"
        )
    )
    var with: [String] = []

    @Option(help: ArgumentHelp("dpkg's database.", valueName: "directory"))
    var packages = PackageLists.database

    @Flag(help: "One finding per line as a JSON object.")
    var json = false

    func run() throws {
        var files = RuleFiles()
        for path in with { files.add(path, origin: .shipped) }
        let context = Set(files.sources.map(\.displayName))
        if path.isEmpty {
            files = try Self.installedFiles()
        } else {
            for path in path { files.add(path, origin: .custom) }
        }
        for text in files.failures + files.notes { Terminal.complain(text) }
        let findings = findings(in: files).filter { finding in
            finding.file.map { !context.contains($0.name) } ?? true
        }
        let renderer = DiagnosticRenderer()
        for finding in findings {
            Terminal.print(json ? finding.json + "\n" : renderer.text(of: finding))
        }
        let count = files.sources.count - context.count
        if !json, count > 0 || !findings.isEmpty {
            Terminal.printError(Self.summary(of: findings, fileCount: count))
        }
        guard files.failures.isEmpty else { throw ExitStatus.misuse.error }
        if !findings.isEmpty { throw ExitStatus.findings.error }
    }

    private static func installedFiles() throws(CommandFailure) -> RuleFiles {
        let files = RuleFiles.installed()
        guard !files.sources.isEmpty || !files.failures.isEmpty else {
            throw CommandFailure(
                "no rules are installed in \(RuleFiles.shippedRules) or "
                    + "\(RuleFiles.configuration)/rules.d; name the files to check"
            )
        }
        return files
    }

    private func findings(in files: RuleFiles) -> [Diagnostic] {
        var options = LoadOptions()
        options.host = .ofThisHost
        options.packagedFiles = PackageLists.read(packages)
        var findings: [Diagnostic] = []
        if let source = files.settings {
            let (settings, found) = AgentSettings.read(source)
            options.agentVersion = settings.compatibleAgentVersion
            findings += found
        }
        let result = PolicyLoader.load(
            sources: files.sources,
            protection: files.protection,
            options: options
        )
        return findings + result.diagnostics
    }

    private static func summary(of findings: [Diagnostic], fileCount: Int) -> String {
        func count(_ number: Int, _ word: String) -> String {
            "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let errors = findings.count { $0.severity == .error }
        let files = "\(count(fileCount, "rule file")) checked"
        guard !findings.isEmpty else { return "\(files), no findings\n" }
        let warnings = count(findings.count - errors, "warning")
        return "\(files): \(count(errors, "error")), \(warnings)\n"
    }
}
