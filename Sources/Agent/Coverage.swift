// Which filesystems are held. Marks them at the start and follows mounts as they come and go; what
// is not marked is known with its reason. One thread after the start.

import LinuxSystem
import Signals
import Synchronization

/// The marks of the agent.
final class Coverage: Sendable {
    /// A filesystem and whether its execs are held.
    struct Filesystem: Sendable {
        let device: FileIdentity.Device
        let mountPoint: [UInt8]
        let type: String
        /// Why it is not marked; nil if it is.
        let reason: String?
    }

    private let group: FanotifyGroup
    private let known = Mutex<[FileIdentity.Device: Filesystem]>([:])

    init(group: FanotifyGroup) { self.group = group }

    /// Marks the filesystems that hold these paths.
    ///
    /// - Throws: For a path that cannot be marked: it was asked for by name.
    func watch(_ paths: [String]) throws(SystemError) {
        for path in paths {
            let identity = try FileIdentity(ofPath: path)
            try group.markFilesystem(of: path)
            known.withLock {
                $0[identity.device] = Filesystem(
                    device: identity.device,
                    mountPoint: Array(path.utf8),
                    type: "",
                    reason: nil
                )
            }
        }
    }

    /// Marks every local filesystem of a mount table that is not marked yet, and forgets those
    /// that are gone.
    func follow(_ table: MountTable) -> (added: [[UInt8]], removed: [[UInt8]]) {
        let present = Set(table.mounts.map(\.device))
        var added: [[UInt8]] = []
        var removed: [[UInt8]] = []
        for (device, filesystem) in known.withLock({ $0 }) where !present.contains(device) {
            // Its marks went with the superblock.
            known.withLock { $0[device] = nil }
            if filesystem.reason == nil { removed.append(filesystem.mountPoint) }
        }
        for mount in table.mounts where known.withLock({ $0[mount.device] }) == nil {
            let filesystem = mark(mount)
            known.withLock { $0[mount.device] = filesystem }
            if filesystem.reason == nil { added.append(mount.mountPoint) }
        }
        return (added, removed)
    }

    private func mark(_ mount: MountInfo) -> Filesystem {
        var reason: String?
        switch FilesystemKind(type: mount.filesystemType) {
        case .local:
            do throws(SystemError) {
                try group.markFilesystem(of: String(decoding: mount.mountPoint, as: UTF8.self))
            } catch {
                reason = error.description
            }
        case let kind: reason = "\(kind)"
        }
        return Filesystem(
            device: mount.device,
            mountPoint: mount.mountPoint,
            type: mount.filesystemType,
            reason: reason
        )
    }

    /// All filesystems that were seen.
    var filesystems: [Filesystem] { known.withLock { Array($0.values) } }

    /// How many are held.
    var markedCount: Int { known.withLock { $0.values.count { $0.reason == nil } } }
}
