// Files of an overlay and the files of its layers. Where the layers' filesystem is held, the kernel
// tells of the layer's file, on a mount of the overlay's own that nobody can list, by its path in the
// layer; where both are held, it tells of one file twice, first as the overlay shows it. Nobody who
// starts a program sees the layer.

import LinuxSystem

/// What one thread remembers of mounts.
struct MountViews {
    /// Seen in a mount table, and seen in none; by number.
    private var listed: Set<UInt64> = []
    private var hidden: Set<UInt64> = []
    private static let capacity = 4096

    /// Whether a file was opened through a mount that its process cannot list.
    ///
    /// Reads mount tables for a number that was not seen before. A number can be used again: an
    /// answer is a hint, to be confirmed by what the file is.
    mutating func isHidden(_ mount: UInt64, from process: Int32) -> Bool {
        guard mount != 0, !listed.contains(mount) else { return false }
        if hidden.contains(mount) { return true }
        if listed.count + hidden.count > Self.capacity { (listed, hidden) = ([], []) }
        for pid in [process, Host.processID] {
            guard let table = try? MountWatcher(of: pid).read() else { return false }
            listed.formUnion(table.mounts.map { UInt64($0.id) })
            if listed.contains(mount) { return false }
        }
        hidden.insert(mount)
        return true
    }
}

extension FileIdentity {
    /// Whether this can be how an overlay shows the file of one of its layers: the same in all that an
    /// overlay passes on.
    func shows(_ layer: FileIdentity) -> Bool {
        // An overlay over several filesystems puts their numbers into the upper bits of the inode's.
        device != layer.device && inode & 0xffff_ffff == layer.inode & 0xffff_ffff
            && sizeBytes == layer.sizeBytes && mode == layer.mode
            && modifiedNanoseconds == layer.modifiedNanoseconds
    }
}

/// Finds the path by which a process knows the file of a layer.
enum OverlayView {
    /// Overlays of one mount table that are tried.
    private static let limit = 64

    /// The path of a layer's file in the view of a process; nil if no overlay there shows it.
    ///
    /// `layerPath` is the path in the layer. Walks paths of that process: only under a deadline.
    static func path(
        of file: FileIdentity,
        layerPath: [UInt8],
        calledPath: [UInt8],
        process: Int32,
        reader: ProcfsReader
    ) -> [UInt8]? {
        guard let table = try? MountWatcher(of: process).read() else { return nil }
        for (path, device) in candidates(layerPath, calledPath, table).prefix(limit) {
            guard let shown = (try? reader.procfs.identity(of: path, below: process)) ?? nil,
                shown.device == device, shown.shows(file)
            else { continue }
            return path
        }
        return nil
    }

    /// The paths that the overlays of a table would show a layer's path by, and their devices: that
    /// which was called first, the others with the newest mount first.
    static func candidates(
        _ layerPath: [UInt8],
        _ calledPath: [UInt8],
        _ table: MountTable
    ) -> [(path: [UInt8], device: FileIdentity.Device)] {
        let slash = UInt8(ascii: "/")
        var found: [(path: [UInt8], device: FileIdentity.Device)] = []
        for mount in table.mounts.reversed() where mount.filesystemType == "overlay" {
            let root = mount.root == [slash] ? [] : mount.root
            guard layerPath.starts(with: root), layerPath.dropFirst(root.count).first == slash
            else { continue }
            let point = mount.mountPoint == [slash] ? [] : mount.mountPoint
            let path = point + layerPath.dropFirst(root.count)
            if path == calledPath {
                found.insert((path, mount.device), at: 0)
            } else {
                found.append((path, mount.device))
            }
        }
        return found
    }
}

extension ExecRecord {
    /// Whether an event is about the file beneath the one that this exec has opened last.
    ///
    /// An overlay opens it as a part of its own open: it has been judged.
    func isOpenedThrough(_ event: FileIdentity?, thread: Int32, reader: ProcfsReader) -> Bool {
        guard let opened, let file = event, opened.shows(file),
            reader.mounts.isHidden(file.mount, from: thread),
            let task = try? HeldTask(thread: thread, procfs: reader.procfs.directory),
            let current = try? task.currentCall()
        else { return false }
        return current == call
    }
}
