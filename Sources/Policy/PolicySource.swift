// What the loader is given: texts that somebody else has read, and where they came from.

/// One file of rules or settings, as bytes.
package struct PolicySource: Sendable {
    /// The file name, without a directory for rule files: equal names replace each other.
    package var name: String
    package var bytes: [UInt8]
    package var origin: PolicyOrigin
    /// What to call it in diagnostics; usually the path.
    package var displayName: String

    /// Makes a source; it is called by its name unless told otherwise.
    package init(
        name: String,
        bytes: [UInt8],
        origin: PolicyOrigin = .custom,
        displayName: String? = nil
    ) {
        self.name = name
        self.bytes = bytes
        self.origin = origin
        self.displayName = displayName ?? name
    }
}

/// Where a policy comes from.
package enum PolicyOrigin: Sendable, Equatable {
    /// Installed by the package.
    case shipped
    /// Written on this host.
    case custom
}
