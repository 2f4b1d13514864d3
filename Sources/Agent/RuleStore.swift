// Reads rule files and settings from their directories and makes a deployment of them. Blocks as
// the file system does; on the main thread.

package import Diagnostics
import LinuxSystem
package import Policy

/// Where rules and settings lie on this host.
package struct RuleDirectories: Sendable {
    /// Shipped rules.
    package var shipped: String
    /// `rules.d`, `protection.yaml` and `minewarden.yaml` below it.
    package var configuration: String

    package init(shipped: String, configuration: String) {
        self.shipped = shipped
        self.configuration = configuration
    }
}

/// The outcome of reading all rule files.
package struct LoadedRules: Sendable {
    package let result: LoadResult
    package let settings: AgentSettings
    /// Findings in all files, in the order they were read.
    package let diagnostics: [Diagnostic]
    package let fileCount: Int

    /// The findings as text for people.
    package var renderedDiagnostics: [String] {
        diagnostics.map { DiagnosticRenderer().text(of: $0) }
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads what is to be deployed.
package struct RuleStore: Sendable {
    private let directories: RuleDirectories
    private let host: HostFacts

    package init(directories: RuleDirectories, host: HostFacts) {
        self.directories = directories
        self.host = host
    }

    /// Reads everything.
    ///
    /// A file that cannot be read is a finding; the others load.
    package func load(generation: UInt64) -> LoadedRules {
        var findings: [Diagnostic] = []
        var sources = read(directories.shipped, origin: .shipped, &findings)
        sources += read(directories.configuration + "/rules.d", origin: .custom, &findings)
        let protection = readOptional("protection.yaml", &findings)
        var settings = AgentSettings()
        if let source = readOptional("minewarden.yaml", &findings) {
            let read = AgentSettings.read(source)
            settings = read.settings
            findings += read.diagnostics
        }
        var options = LoadOptions()
        options.generation = generation
        options.host = host
        options.agentVersion = settings.compatibleAgentVersion
        if !PackageIndex().exists { options.unavailable.formUnion(LoadOptions.packageFields) }
        let result = PolicyLoader.load(
            sources: sources,
            protection: protection,
            options: options
        )
        return LoadedRules(
            result: result,
            settings: settings,
            diagnostics: findings + result.diagnostics,
            fileCount: sources.count
        )
    }

    private func read(
        _ directory: String,
        origin: PolicyOrigin,
        _ findings: inout [Diagnostic]
    ) -> [PolicySource] {
        let names: [String]
        do throws(SystemError) {
            names = try ConfigurationFile.names(in: directory)
        } catch {
            // No custom rules is an ordinary state; no shipped rules is not.
            if !error.isMissing || origin == .shipped {
                findings.append(Self.unreadable(error))
            }
            return []
        }
        var sources: [PolicySource] = []
        for name in names where Self.isRuleFile(name) {
            let path = "\(directory)/\(name)"
            do throws(SystemError) {
                sources.append(
                    PolicySource(
                        name: name,
                        bytes: try ConfigurationFile.read(path),
                        origin: origin,
                        displayName: path
                    )
                )
            } catch {
                findings.append(Self.unreadable(error))
            }
        }
        return sources
    }

    private func readOptional(
        _ name: String,
        _ findings: inout [Diagnostic]
    ) -> PolicySource? {
        let path = "\(directories.configuration)/\(name)"
        do throws(SystemError) {
            return PolicySource(
                name: name,
                bytes: try ConfigurationFile.read(path),
                displayName: path
            )
        } catch {
            if !error.isMissing { findings.append(Self.unreadable(error)) }
            return nil
        }
    }

    /// Editors' backups and package managers' leftovers are no rules.
    private static func isRuleFile(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".policy"))
    }

    private static func unreadable(_ error: SystemError) -> Diagnostic {
        Diagnostic(.error, code: .init("A001"), message: "cannot read: \(error)")
    }
}
