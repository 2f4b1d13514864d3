// What rule filters may ask about this host.

import LinuxSystem
import Policy

extension HostFacts {
    /// The facts of this host: kernel, os-release(5) and names.
    static var current: HostFacts {
        var facts = HostFacts()
        facts.kernelVersion = ReleaseVersion(Host.kernelRelease) ?? facts.kernelVersion
        facts.hostName = String(decoding: Host.name, as: UTF8.self)
        facts.architecture = Host.architecture
        // As in `event.origin`: nothing of an exec is missing here.
        facts.origin = "ebpf"
        let release = (try? ConfigurationFile.read("/etc/os-release")) ?? []
        for line in String(decoding: release, as: UTF8.self).split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = pair[1].trimmingQuotes
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

extension Substring {
    fileprivate var trimmingQuotes: String {
        var text = self
        if let first, first == "\"" || first == "'", text.count >= 2, text.last == first {
            text = text.dropFirst().dropLast()
        }
        return String(text)
    }
}
