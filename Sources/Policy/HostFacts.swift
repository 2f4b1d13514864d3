// What is known of the host when rules are loaded: what `filters` of policies ask about.
// A value the caller fills in; nothing here looks at the host.

/// Facts about the host, by the names that filters use.
package struct HostFacts: Sendable, Equatable {
    /// `kernel.version.major`, `.minor`, `.patch`.
    package var kernelVersion = ReleaseVersion(0, 0, 0)
    /// `os.id`: ID of os-release(5), like "debian".
    package var distribution = ""
    /// `os.id_like`: ID_LIKE of os-release(5), split at spaces.
    package var distributionFamily: [String] = []
    /// `os.version_id`: VERSION_ID of os-release(5), like "12".
    package var distributionVersion = ""
    /// `hostname`.
    package var hostName = ""
    /// `arch`: like "x86_64".
    package var architecture = ""
    /// `origin`: how events are had; upstream knows "ebpf" and "ebpfless".
    package var origin = "ebpfless"
    /// `envs`: the agent's own environment, as `NAME=value`.
    package var environment: [String] = []

    /// A host of which nothing is known.
    package init() {}

    /// One fact.
    enum Value: Equatable {
        case boolean(Bool)
        case integer(Int64)
        case string(String)
        case strings([String])
    }

    /// The names of all facts.
    static let names = [
        "arch", "envs", "hostname", "kernel.core.enabled", "kernel.version.major",
        "kernel.version.minor", "kernel.version.patch", "origin", "os", "os.id",
        "os.is_amazon_linux", "os.is_cos", "os.is_debian", "os.is_oracle", "os.is_rhel",
        "os.is_rhel7", "os.is_rhel8", "os.is_rhel9", "os.is_sles", "os.is_sles12", "os.is_sles15",
        "os.is_ubuntu", "os.version_id",
    ]

    /// The fact of a name; nil if there is no such name.
    func value(of name: String) -> Value? {
        switch name {
        case "os": .string("linux")
        case "os.id": .string(distribution)
        case "os.version_id": .string(distributionVersion)
        case "kernel.version.major": .integer(Int64(kernelVersion.major))
        case "kernel.version.minor": .integer(Int64(kernelVersion.minor))
        case "kernel.version.patch": .integer(Int64(kernelVersion.patch))
        // Compile-once kernel programs: this agent loads none.
        case "kernel.core.enabled": .boolean(false)
        case "origin": .string(origin)
        case "hostname": .string(hostName)
        case "arch": .string(architecture)
        case "envs": .strings(environment)
        default: distributionTest(name).map { .boolean($0) }
        }
    }

    private func distributionTest(_ name: String) -> Bool? {
        func isVersion(_ prefix: String, of ids: [String]) -> Bool {
            ids.contains(distribution)
                && (distributionVersion == prefix || distributionVersion.hasPrefix(prefix + "."))
        }
        let redHat = ["rhel", "centos", "rocky", "almalinux"]
        switch name {
        case "os.is_amazon_linux": return distribution == "amzn"
        case "os.is_cos": return distribution == "cos"
        case "os.is_debian": return distribution == "debian"
        case "os.is_oracle": return distribution == "ol"
        case "os.is_rhel":
            return redHat.contains(distribution) || distributionFamily.contains("rhel")
        case "os.is_rhel7": return isVersion("7", of: redHat)
        case "os.is_rhel8": return isVersion("8", of: redHat)
        case "os.is_rhel9": return isVersion("9", of: redHat)
        case "os.is_sles": return distribution == "sles"
        case "os.is_sles12": return isVersion("12", of: ["sles"])
        case "os.is_sles15": return isVersion("15", of: ["sles"])
        case "os.is_ubuntu": return distribution == "ubuntu"
        default: return nil
        }
    }
}
