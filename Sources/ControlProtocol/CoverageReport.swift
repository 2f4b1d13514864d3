// Which filesystems are held, and why others are not.

package import JSON

/// The answer to `coverage`.
package struct CoverageReport: Message {
    package var filesystems: [FilesystemReport]
    /// Filesystems of other mount namespaces that the asker may not be told of.
    package var hiddenCount: Int

    package init(filesystems: [FilesystemReport], hiddenCount: Int) {
        self.filesystems = filesystems
        self.hiddenCount = hiddenCount
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        filesystems = try members.messages("filesystems")
        hiddenCount = try members.integer("hidden")
    }

    package var members: [String: JSONValue?] {
        ["filesystems": .messages(filesystems), "hidden": .number(hiddenCount)]
    }
}

/// One filesystem.
package struct FilesystemReport: Message {
    /// Where it is mounted, as its namespace shows it.
    package var mountPoint: String
    package var type: String
    /// "254:0", as in mountinfo.
    package var device: String
    /// The number of the mount namespace it was found in; nil for the host's.
    package var namespace: UInt64?
    /// Why its execs are not held; nil if they are.
    package var reason: String?

    package init(
        mountPoint: String,
        type: String,
        device: String,
        namespace: UInt64?,
        reason: String?
    ) {
        self.mountPoint = mountPoint
        self.type = type
        self.device = device
        self.namespace = namespace
        self.reason = reason
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        mountPoint = try members.text("mount_point")
        type = try members.text("type")
        device = try members.text("device")
        namespace = try members.optionalInteger("mount_namespace")
        reason = try members.optionalText("reason")
    }

    package var members: [String: JSONValue?] {
        [
            "mount_point": .string(mountPoint), "type": .string(type), "device": .string(device),
            "mount_namespace": namespace.map { .number($0) }, "held": .boolean(reason == nil),
            "reason": reason.map { .string($0) },
        ]
    }
}
