// Which rules `explain` judges by: those named, or those of this host.

internal import Diagnostics
internal import LinuxSystem
internal import Policy

/// The rules and settings that were asked for.
struct RuleSelection {
    let rules: [String]
    let protection: String?

    /// Loads them; findings go to standard error.
    ///
    /// - Throws: `CommandFailure` if nothing can be read.
    func load() throws(CommandFailure) -> LoadResult {
        let files = try files()
        var options = LoadOptions()
        options.host = .ofThisHost
        if let source = files.settings {
            options.agentVersion = AgentSettings.read(source).settings.compatibleAgentVersion
        }
        let result = PolicyLoader.load(
            sources: files.sources,
            protection: try readProtection(),
            options: options
        )
        let renderer = DiagnosticRenderer()
        for finding in result.diagnostics where finding.severity == .error {
            Terminal.printError(renderer.text(of: finding))
        }
        return result
    }

    private func files() throws(CommandFailure) -> RuleFiles {
        if rules.isEmpty {
            let files = RuleFiles.installed()
            if let failure = files.failures.first { throw CommandFailure(failure) }
            guard !files.sources.isEmpty else {
                throw CommandFailure(
                    "no rules are installed in \(RuleFiles.shippedRules) or "
                        + "\(RuleFiles.configuration)/rules.d; name some with --rules PATH"
                )
            }
            return files
        }
        var files = RuleFiles()
        for (index, path) in rules.enumerated() {
            files.add(path, origin: index == rules.count - 1 ? .custom : .shipped)
        }
        if let failure = files.failures.first { throw CommandFailure(failure) }
        return files
    }

    private func readProtection() throws(CommandFailure) -> PolicySource? {
        guard let protection else { return nil }
        do throws(SystemError) {
            return PolicySource(
                name: "protection.yaml",
                bytes: try ConfigurationFile.read(protection),
                displayName: protection
            )
        } catch {
            throw CommandFailure("cannot read \(error.cause)")
        }
    }
}

/// The arguments of this process as the bytes they are.
enum ProcessArguments {
    /// The last ones; nil if they cannot be had.
    static func last(_ count: Int) -> [[UInt8]]? {
        guard let bytes = try? ConfigurationFile.read("/proc/self/cmdline"), bytes.last == 0 else {
            return nil
        }
        let all = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
        return all.count >= count ? all.suffix(count).map { Array($0) } : nil
    }
}
