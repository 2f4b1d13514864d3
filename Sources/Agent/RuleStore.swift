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

    /// Reads what lies on the disk and loads it.
    ///
    /// A file that cannot be read is a finding; the others load.
    package func load(generation: UInt64) -> LoadedRules {
        let disk = read()
        return load(disk.content, settings: disk.settings, generation, findings: disk.findings)
    }

    /// What lies on the disk now; of what cannot be used there, what was deployed before.
    func read(deployed: GenerationContent? = nil) -> FilesOnDisk {
        var reading = RuleReading(groups: .current)
        var content = GenerationContent()
        let custom = directories.configuration + "/rules.d"
        reading.checkDirectory(directories.configuration, needs: nil)
        reading.checkDirectory(custom, needs: .rulesWrite)
        content.rules = reading.rules(in: directories.shipped, origin: .shipped)
        content.rules += reading.rules(in: custom, origin: .custom)
        content.protection = reading.optional(protectionPath, needs: .rulesActions)
        if let deployed { complete(&content, from: deployed, reading.unused) }
        let path = "\(directories.configuration)/minewarden.yaml"
        let settings = reading.optional(path, needs: nil).map {
            PolicySource(name: "minewarden.yaml", bytes: $0, displayName: path)
        }
        return FilesOnDisk(
            content: content,
            settings: settings,
            findings: reading.findings,
            intrusions: reading.intrusions
        )
    }

    /// What is broken must not take away what is active.
    private func complete(
        _ content: inout GenerationContent,
        from deployed: GenerationContent,
        _ unused: Set<String>
    ) {
        if unused.contains(protectionPath) || unused.contains(directories.configuration) {
            content.protection = deployed.protection
        }
        for file in deployed.rules {
            let directory = directory(of: file.origin)
            if unused.contains(directory) || unused.contains("\(directory)/\(file.name)") {
                content.rules.append(file)
            }
        }
    }

    /// Keeps the deployed protection in place of settings of which nothing can be read: leaving
    /// those out would switch blocking off.
    func keepProtection(of deployed: GenerationContent, in disk: inout FilesOnDisk) {
        guard let bytes = disk.content.protection, bytes != deployed.protection,
            let findings = PolicyLoader.unreadable(protection: protectionSource(bytes))
        else { return }
        disk.content.protection = deployed.protection
        disk.findings += findings
    }

    private func directory(of origin: PolicyOrigin) -> String {
        switch origin {
        case .shipped: directories.shipped
        case .custom: directories.configuration + "/rules.d"
        }
    }

    /// Where the protection settings lie.
    var protectionPath: String { "\(directories.configuration)/protection.yaml" }

    /// Loads rules and protection under the agent's settings.
    func load(
        _ content: GenerationContent,
        settings source: PolicySource?,
        _ generation: UInt64,
        findings: [Diagnostic] = []
    ) -> LoadedRules {
        var findings = findings
        var settings = AgentSettings()
        if let source {
            let read = AgentSettings.read(source)
            settings = read.settings
            findings += read.diagnostics
        }
        let options = options(settings, generation)
        let result = PolicyLoader.load(
            sources: content.rules.map { file in
                PolicySource(
                    name: file.name,
                    bytes: file.bytes,
                    origin: file.origin,
                    displayName: "\(directory(of: file.origin))/\(file.name)"
                )
            },
            protection: content.protection.map(protectionSource),
            options: options
        )
        return LoadedRules(
            result: result,
            settings: settings,
            diagnostics: findings + result.diagnostics,
            fileCount: content.rules.count
        )
    }

    /// A text as protection settings.
    func protectionSource(_ bytes: [UInt8]) -> PolicySource {
        PolicySource(name: "protection.yaml", bytes: bytes, displayName: protectionPath)
    }

    private func options(_ settings: AgentSettings, _ generation: UInt64) -> LoadOptions {
        var options = LoadOptions()
        options.generation = generation
        options.definitionDigest = FileHashes.sha256Digits(of:)
        options.host = host
        options.agentVersion = settings.compatibleAgentVersion
        if !PackageIndex().exists { options.unavailable.formUnion(LoadOptions.packageFields) }
        return options
    }
}
