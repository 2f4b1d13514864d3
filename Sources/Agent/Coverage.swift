// Which filesystems are held. Marks them at the start and follows mounts as they come and go, in the
// namespace of the daemon and in those of other processes; what is not marked is known with its
// reason. Never on the way of a verdict: paths are walked here.

import LinuxSystem
import Signals
import Synchronization

/// The marks of the agent; any thread.
final class Coverage: Sendable {
    /// A filesystem and whether its execs are held.
    struct Filesystem: Sendable, Equatable {
        let device: FileIdentity.Device
        /// As the namespace shows it.
        let mountPoint: [UInt8]
        let type: String
        /// The mount namespace it was found in; nil for the daemon's own.
        let namespace: UInt64?
        /// Why it is not marked; nil if it is.
        let reason: String?
    }

    /// What came of one look at a mount table.
    struct Change: Sendable {
        var added: [[UInt8]] = []
        var removed: [[UInt8]] = []

        var isEmpty: Bool { added.isEmpty && removed.isEmpty }
    }

    /// Where a mount table is from; nil is the daemon's own namespace.
    typealias Namespace = UInt64?

    fileprivate struct State {
        var known: [FileIdentity.Device: Filesystem] = [:]
        /// The devices of each namespace at the last look.
        var present: [Namespace: Set<FileIdentity.Device>] = [:]
        /// The mounts of each namespace at the last look.
        var mounts: [Namespace: Set<Int32>] = [:]
    }

    private let group: FanotifyGroup
    private let state = Mutex(State())

    init(group: FanotifyGroup) { self.group = group }

    /// Marks the filesystems that hold these paths.
    ///
    /// - Throws: For a path that cannot be marked: it was asked for by name.
    func watch(_ paths: [String]) throws(SystemError) {
        for path in paths {
            let identity = try FileIdentity(ofPath: path)
            try group.markFilesystem(of: path)
            state.withLock {
                $0.known[identity.device] = Filesystem(
                    device: identity.device,
                    mountPoint: Array(path.utf8),
                    type: "",
                    namespace: nil,
                    reason: nil
                )
            }
        }
    }

    /// Marks every local filesystem of a mount table that is not marked yet, and forgets those
    /// that are gone.
    ///
    /// `view` is a process of that namespace. For one thread per namespace.
    func follow(
        _ table: MountTable,
        in namespace: Namespace,
        through view: borrowing ProcessView
    ) -> Change {
        let (known, seen) = state.withLock { ($0.known, $0.mounts[namespace] ?? []) }
        var found: [FileIdentity.Device: Filesystem] = [:]
        var change = Change()
        for mount in table.mounts {
            let kind = FilesystemKind(type: mount.filesystemType)
            // Of another namespace only what holds programs is worth a word.
            if namespace != nil, kind == .excluded(.pseudo) { continue }
            let earlier = found[mount.device] ?? known[mount.device]
            if let earlier, earlier.reason == nil || !kind.isMarkable {
                // A number that is not a disk's is soon given to another filesystem: whatever is
                // mounted anew is marked again, which does nothing if it is marked already.
                guard mount.device.major == 0, kind.isMarkable, !seen.contains(mount.id) else {
                    continue
                }
            }
            let filesystem = mark(mount, kind, table, namespace, view)
            // A mount that stands in front of it does not make a marked filesystem an unmarked one.
            if filesystem.reason != nil, earlier?.reason == nil, earlier != nil { continue }
            found[mount.device] = filesystem
        }
        change.removed = state.withLock { state in
            for mount in table.mounts {
                guard let filesystem = found.removeValue(forKey: mount.device) else { continue }
                // Another thread may have looked at the same filesystem in another namespace meanwhile.
                let current = state.known[mount.device]
                let isMarked = current.map { $0.reason == nil } ?? false
                if filesystem.reason != nil, isMarked { continue }
                state.known[mount.device] = filesystem
                if filesystem.reason == nil, !isMarked {
                    change.added.append(filesystem.mountPoint)
                }
            }
            state.present[namespace] = Set(table.mounts.map(\.device))
            state.mounts[namespace] = Set(table.mounts.map(\.id))
            return state.forgetGone()
        }
        return change
    }

    /// Forgets namespaces that no process is in any more; the filesystems that went with them.
    func keepNamespaces(_ namespaces: Set<UInt64>) -> Change {
        state.withLock { state in
            for namespace in state.present.keys {
                guard let namespace, !namespaces.contains(namespace) else { continue }
                state.present[namespace] = nil
                state.mounts[namespace] = nil
            }
            return Change(removed: state.forgetGone())
        }
    }

    private func mark(
        _ mount: MountInfo,
        _ kind: FilesystemKind,
        _ table: MountTable,
        _ namespace: Namespace,
        _ view: borrowing ProcessView
    ) -> Filesystem {
        var reason: String?
        switch kind {
        case .local:
            if let obstacle = table.obstacle(above: mount) {
                reason = "below \(obstacle), which may keep a look at it waiting"
            } else {
                reason = mark(mount, through: view)
            }
        case .excluded(let why): reason = why.rawValue
        }
        return Filesystem(
            device: mount.device,
            mountPoint: mount.mountPoint,
            type: mount.filesystemType,
            namespace: namespace,
            reason: reason
        )
    }

    /// Marks the filesystem of a mount; why that is not possible, or nil.
    private func mark(_ mount: MountInfo, through view: borrowing ProcessView) -> String? {
        do throws(SystemError) {
            let place = try view.open(mount.mountPoint)
            // Each subvolume of btrfs has a number of its own, which mountinfo does not show.
            if mount.filesystemType != "btrfs",
                try FileIdentity(descriptor: place.raw).device != mount.device
            {
                return "another mount stands in front of it"
            }
            try group.markFilesystem(of: place)
            return nil
        } catch {
            return error.description
        }
    }

    /// All filesystems that were seen.
    var filesystems: [Filesystem] { state.withLock { Array($0.known.values) } }

    /// How many are held.
    var markedCount: Int { state.withLock { $0.known.values.count { $0.reason == nil } } }

    /// Whether a filesystem was seen, held or not.
    func knows(_ device: FileIdentity.Device) -> Bool {
        state.withLock { $0.known[device] != nil }
    }
}

extension Coverage.State {
    /// Forgets filesystems that no namespace shows; the places of those that were held.
    ///
    /// Their marks went with them.
    fileprivate mutating func forgetGone() -> [[UInt8]] {
        // With paths to watch nothing is followed, and nothing is forgotten.
        guard !present.isEmpty else { return [] }
        var removed: [[UInt8]] = []
        for (device, filesystem) in known
        where !present.values.contains(where: { $0.contains(device) }) {
            known[device] = nil
            if filesystem.reason == nil { removed.append(filesystem.mountPoint) }
        }
        return removed
    }
}

extension MountTable {
    /// The place of a server's filesystem on the way to a mount, if there is one: looking the way up
    /// could wait for the server for ever.
    func obstacle(above mount: MountInfo) -> String? {
        var parents: [Int32: MountInfo] = [:]
        for other in mounts { parents[other.id] = other }
        var next = parents[mount.parent]
        // No chain is longer than the table.
        for _ in mounts {
            guard let parent = next, parent.id != parent.parent else { return nil }
            if case .excluded(let reason) = FilesystemKind(type: parent.filesystemType),
                reason != .pseudo
            {
                return String(decoding: parent.mountPoint, as: UTF8.self)
            }
            next = parents[parent.parent]
        }
        return nil
    }
}
