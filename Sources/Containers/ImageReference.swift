// The name of a container image, taken apart the way that container tags show it. Text only: whether
// such an image exists is nobody's question here.

/// An image reference like `registry.example:5000/team/worker:2.5@sha256:…`.
package struct ImageReference: Sendable, Hashable {
    /// Everything before tag and digest, as written: `registry.example:5000/team/worker`.
    package let name: String
    /// The tag; `latest` if there is neither tag nor digest, and nil if there is only a digest,
    /// which names an image that no tag needs to point to.
    package let tag: String?
    /// The digest with its algorithm: `sha256:…`.
    package let digest: String?

    /// The last part of the name: `worker`.
    package var shortName: String {
        String(name[(name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex)...])
    }

    /// The values that rules and scopes compare with, like `image_tag:2.5`.
    package var tags: [String] {
        var tags = ["image_name:\(name)", "short_image:\(shortName)"]
        if let tag { tags.append("image_tag:\(tag)") }
        return tags
    }

    /// More than any registry takes.
    private static let lengthLimit = 1024

    /// Takes a reference apart; nil if the text names no image.
    ///
    /// An image's bare identity (`sha256:…`, or 64 hexadecimal digits) is no name.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.lengthLimit,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        var rest = text[...]
        var digest: Substring?
        if let at = rest.lastIndex(of: "@") {
            digest = rest[rest.index(after: at)...]
            rest = rest[..<at]
            guard let digest, Self.isDigest(digest) else { return nil }
        }
        var tag: Substring?
        // A colon before a slash is that of a registry's port.
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
            guard let tag, Self.isTag(tag) else { return nil }
        }
        guard !rest.isEmpty, !rest.hasPrefix("/"), !rest.hasSuffix("/"), !rest.contains("@"),
            !Self.isIdentity(rest), !(rest == "sha256" && tag != nil)
        else { return nil }
        name = String(rest)
        self.digest = digest.map(String.init)
        self.tag = tag.map(String.init) ?? (digest == nil ? "latest" : nil)
    }

    /// Letters, digits, `_`, `.` and `-`; the length is that of the registries' specification.
    private static func isTag(_ text: Substring) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// `algorithm:digits`.
    private static func isDigest(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].utf8.count >= 32
            && parts[1].allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func isIdentity(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
