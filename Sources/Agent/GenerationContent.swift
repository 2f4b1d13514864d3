// The files that a generation consists of: rules and protection. The agent's own settings are not
// among them: they are root's, and belong to the host as it is.

import ControlProtocol
import LinuxSystem
package import Policy

/// The texts of one generation.
package struct GenerationContent: Sendable, Equatable {
    /// One rule file.
    package struct File: Sendable, Equatable {
        package var origin: PolicyOrigin
        /// Without a directory.
        package var name: String
        package var bytes: [UInt8]

        package init(origin: PolicyOrigin, name: String, bytes: [UInt8]) {
            self.origin = origin
            self.name = name
            self.bytes = bytes
        }
    }

    /// Shipped ones first, then by name.
    package var rules: [File] = []
    /// `protection.yaml`; nil if there is none.
    package var protection: [UInt8]?

    package init(rules: [File] = [], protection: [UInt8]? = nil) {
        self.rules = rules
        self.protection = protection
    }

    /// A digest that differs if anything does.
    var digest: String {
        var text: [UInt8] = []
        func add(_ bytes: [UInt8]) { text += "\(bytes.count):".utf8 + bytes }
        for file in rules {
            add(Array((file.origin == .shipped ? "shipped" : "custom").utf8))
            add(Array(file.name.utf8))
            add(file.bytes)
        }
        text.append(UInt8(ascii: protection == nil ? "-" : "+"))
        add(protection ?? [])
        return FileHashes.sha256Digits(of: text)
    }

    /// The content with some of its parts taken from another.
    func taking(_ parts: DeployPart, from other: GenerationContent) -> GenerationContent {
        switch parts {
        case .all: other
        case .rules: GenerationContent(rules: other.rules, protection: protection)
        case .protection: GenerationContent(rules: rules, protection: other.protection)
        }
    }
}
