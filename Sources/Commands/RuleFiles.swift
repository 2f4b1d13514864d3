// From paths on a command line to the texts the loader takes. Reads files; judges nothing in them.

internal import LinuxSystem
internal import Policy
internal import SystemPackage

/// Rule files and settings as they were read.
struct RuleFiles {
    static let shippedRules = "/usr/share/minewarden/rules"
    static let configuration = "/etc/minewarden"

    private(set) var sources: [PolicySource] = []
    /// The last `protection.yaml` among the files.
    private(set) var protection: PolicySource?
    /// The last `minewarden.yaml` among the files.
    private(set) var settings: PolicySource?
    /// What could not be read, and why.
    private(set) var failures: [String] = []
    /// What was left out, and why.
    private(set) var notes: [String] = []

    /// Nothing yet.
    init() {}

    /// The rules and settings of this host.
    static func installed() -> RuleFiles {
        var files = RuleFiles()
        if FileLookup.isDirectory(shippedRules) { files.add(shippedRules, origin: .shipped) }
        if FileLookup.isDirectory(configuration) { files.add(configuration, origin: .custom) }
        return files
    }

    /// Reads a file, the rule files in a directory, or a whole configuration directory.
    ///
    /// In a directory that means `*.yaml`, `*.policy`, and those of its `rules.d`. Files named
    /// `protection.yaml` and `minewarden.yaml` are settings.
    mutating func add(_ path: String, origin: PolicyOrigin) {
        guard FileLookup.isDirectory(path) else { return addFile(path, origin) }
        let base = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let nested = "\(base)/rules.d"
        let before = sources.count
        do throws(SystemError) {
            for name in try ConfigurationFile.names(in: path) {
                let file = "\(base)/\(name)"
                if Self.isRuleFile(name) {
                    addFile(file, origin, isAskedFor: false)
                } else if name.hasSuffix(".yml"), !name.hasPrefix(".") {
                    notes.append("\(file) is not read: rule files end in .yaml or .policy")
                }
            }
        } catch {
            return failures.append("cannot read \(error.cause)")
        }
        if FileLookup.isDirectory(nested) { return add(nested, origin: origin) }
        if sources.count == before, base != Self.configuration + "/rules.d" {
            failures.append("no rule files (*.yaml, *.policy) in \(path)")
        }
    }

    private mutating func addFile(
        _ path: String,
        _ origin: PolicyOrigin,
        isAskedFor: Bool = true
    ) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do throws(SystemError) {
            let source = PolicySource(
                name: name,
                bytes: try ConfigurationFile.read(path),
                origin: origin,
                displayName: path
            )
            switch name {
            case "protection.yaml": protection = source
            case "minewarden.yaml": settings = source
            default: sources.append(source)
            }
        } catch {
            // Whoever may write rules need not be allowed to read what is blocked.
            if !isAskedFor, name == "protection.yaml", error.isPermissionDenied {
                notes.append("not checked: \(error.cause)")
            } else {
                failures.append("cannot read \(error.cause)")
            }
        }
    }

    /// Editors' backups and package managers' leftovers are no rules.
    private static func isRuleFile(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".policy"))
    }
}

extension SystemError {
    /// The file and what is wrong with it, without the name of the system call.
    var cause: String {
        let text = "\(subject ?? "the file"): \(errno.description)"
        return remedy.map { "\(text) (\($0))" } ?? text
    }
}

extension HostFacts {
    /// What rule filters may ask about this host: uname(2) and os-release(5).
    static var ofThisHost: HostFacts {
        var facts = HostFacts()
        facts.kernelVersion = ReleaseVersion(Host.kernelRelease) ?? facts.kernelVersion
        facts.hostName = String(decoding: Host.name, as: UTF8.self)
        facts.architecture = Host.architecture
        // What the daemon says of itself.
        facts.origin = "ebpf"
        let release = (try? ConfigurationFile.read("/etc/os-release")) ?? []
        for line in String(decoding: release, as: UTF8.self).split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = pair[1].filter { $0 != "\"" && $0 != "'" }
            switch pair[0] {
            case "ID": facts.distribution = value
            case "ID_LIKE": facts.distributionFamily = value.split(separator: " ").map(String.init)
            case "VERSION_ID": facts.distributionVersion = value
            default: break
            }
        }
        return facts
    }
}
