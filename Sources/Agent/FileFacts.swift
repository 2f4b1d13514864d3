// The facts of one executed file that its identity does not tell: file system, layer, digests,
// package. Fetched when a rule asks, once; some walk a path, so only under a deadline.

import LinuxSystem
import RuleLanguage

/// What is known of one file.
final class FileFacts {
    /// How the file itself can be reached.
    enum Source {
        /// Open here; borrowed.
        case descriptor(CInt)
        /// The program that the process runs.
        case program
        /// A descriptor of the task.
        case processDescriptor(Int32)
        /// By its path alone.
        case path
    }

    /// As the process sees it.
    let path: [UInt8]
    /// The path it was called by, absolute; empty if there is none.
    private let calledPath: [UInt8]
    /// The task whose root, mounts and descriptors count.
    private let process: Int32
    private let source: Source
    private let given: FileIdentity?
    private let reader: ProcfsReader
    private let sources: FactSources

    init(
        path: [UInt8],
        calledPath: [UInt8] = [],
        identity: FileIdentity?,
        source: Source,
        process: Int32,
        reader: ProcfsReader,
        sources: FactSources
    ) {
        self.path = path
        self.calledPath = calledPath
        given = identity
        self.source = source
        self.process = process
        self.reader = reader
        self.sources = sources
    }

    /// What it is; of a file that is known by its path only, what lies there now.
    private(set) lazy var identity: FileIdentity? = {
        if let given { return given }
        guard case .path = source, path.first == UInt8(ascii: "/") else { return nil }
        return (try? reader.procfs.identity(of: path, below: process)) ?? nil
    }()

    /// Runs `body` with the open file; nil if it cannot be opened.
    func withDescriptor<Result>(_ body: (CInt) -> Result?) -> Result? {
        switch source {
        case .descriptor(let descriptor): return body(descriptor)
        case .program:
            guard let file = try? reader.procfs.openProgram(of: process) else { return nil }
            return body(file.raw)
        case .processDescriptor(let number):
            guard let given,
                let file = try? reader.procfs.openFile(
                    ofDescriptor: number,
                    pid: process,
                    expected: given
                )
            else { return nil }
            return body(file.raw)
        case .path: return nil
        }
    }

    /// The mount it was reached through.
    private lazy var mount = identity.flatMap { mount(of: $0) }

    private func mount(of file: FileIdentity) -> MountInfo? {
        guard file.mount != 0 else { return nil }
        // A process does not see the mounts outside its root; the numbers are the same for all.
        for pid in [process, nil] {
            guard let table = try? MountWatcher(of: pid).read() else { continue }
            if let mount = table.mounts.first(where: { UInt64($0.id) == file.mount }) {
                return mount
            }
        }
        return nil
    }

    /// The type of the file system: `ext4`; empty if it cannot be told.
    private(set) lazy var filesystem: [UInt8] = {
        if let mount { return Array(mount.filesystemType.utf8) }
        // Files in memory lie on a mount of the kernel that nobody lists.
        let name = withDescriptor { (try? FileSystemState(of: $0))?.name }
        return Array((name ?? "").utf8)
    }()

    /// Whether an overlay has it in its writable layer.
    ///
    /// Found where the layer's directory is in our view. False also if it is not there, or if the
    /// file has lost its name.
    private(set) lazy var isInUpperLayer: Bool = {
        guard let identity, identity.linkCount > 0 else { return false }
        if let mount {
            // An overlay shows size and mode of the layer's file; a whiteout is a device.
            guard let found = layerFile(of: path, on: mount) else { return false }
            return found.mode == identity.mode && found.sizeBytes == identity.sizeBytes
        }
        // Held by the file system below the overlay, the file is the layer's own, on a mount that
        // nobody lists; the path it was called by leads to the overlay.
        guard let shown = (try? reader.procfs.identity(of: calledPath, below: process)) ?? nil,
            let mount = mount(of: shown), let found = layerFile(of: calledPath, on: mount)
        else { return false }
        return found.isSameFile(as: identity)
    }()

    private func layerFile(of path: [UInt8], on mount: MountInfo) -> FileIdentity? {
        guard let place = OverlayLayer.upperPath(of: path, on: mount) else { return nil }
        return (try? reader.procfs.identity(of: place, below: Host.processID)) ?? nil
    }

    /// `sha1:…` and `sha256:…`; empty for files that are too big.
    private(set) lazy var hashes = ByteStringList(
        withDescriptor { sources.digests.texts(of: $0) } ?? []
    )

    /// The distribution's package that the file belongs to.
    ///
    /// Of this host: the file of a container that has the same path belongs to none.
    private(set) lazy var package: PackageIndex.Package? = {
        guard let identity, let package = sources.packages.package(ofPath: path[...]),
            let own = (try? reader.procfs.identity(of: path, below: Host.processID)) ?? nil,
            own.isSameFile(as: identity)
        else { return nil }
        return package
    }()
}

// MARK: - By attribute

extension FileFacts {
    /// The value of a `file.*` attribute; those that are no numbers are 0.
    func integer(_ attribute: Attribute) -> Int64 { identity?.integer(attribute) ?? 0 }

    func boolean(_ attribute: Attribute) -> Bool {
        attribute == .fileInUpperLayer && isInUpperLayer
    }

    func string(_ attribute: Attribute) -> ByteString {
        switch attribute {
        // Upstream: a file in memory has a name, `memfd:NAME`, and no path.
        case .filePath: ProcessPath.isAnonymous(path) ? [] : path[...]
        case .fileName: ProcessPath.baseName(path[...])
        case .fileUser: sources.names.user(identity?.user)
        case .fileGroup: sources.names.group(identity?.group)
        case .fileFilesystem: filesystem[...]
        case .filePackageName: (package?.name ?? [])[...]
        case .filePackageVersion: (package?.version ?? [])[...]
        case .filePackageSourceVersion: (package?.sourceVersion ?? [])[...]
        default: []
        }
    }

    func strings(_ attribute: Attribute) -> ByteStringList {
        attribute == .fileHashes ? hashes : ByteStringList()
    }
}

/// Where overlays keep what was written to them; text only.
enum OverlayLayer {
    /// The path that a file would have in the writable layer of its mount; nil if there is none.
    static func upperPath(of path: [UInt8], on mount: MountInfo) -> [UInt8]? {
        guard mount.filesystemType == "overlay" else { return nil }
        let mark = Array("upperdir=".utf8)
        let options = mount.superOptions.split(separator: UInt8(ascii: ","))
        guard let upper = options.first(where: { $0.starts(with: mark) })?.dropFirst(mark.count),
            !upper.isEmpty
        else { return nil }
        let slash = UInt8(ascii: "/")
        let point = mount.mountPoint == [slash] ? [] : mount.mountPoint
        guard path.starts(with: point), path.count > point.count, path[point.count] == slash
        else { return nil }
        let root = mount.root == [slash] ? [] : mount.root
        return upper + root + path.dropFirst(point.count)
    }
}

extension Attribute {
    /// For an attribute of the interpreter, that of the file in general.
    var ofFileInGeneral: Attribute? {
        switch self {
        case .interpreterPath: .filePath
        case .interpreterName: .fileName
        case .interpreterInode: .fileInode
        case .interpreterMountID: .fileMountID
        case .interpreterMode: .fileMode
        case .interpreterRights: .fileRights
        case .interpreterUID: .fileUID
        case .interpreterGID: .fileGID
        case .interpreterUser: .fileUser
        case .interpreterGroup: .fileGroup
        case .interpreterChangeTime: .fileChangeTime
        case .interpreterModificationTime: .fileModificationTime
        case .interpreterInUpperLayer: .fileInUpperLayer
        case .interpreterFilesystem: .fileFilesystem
        case .interpreterHashes: .fileHashes
        case .interpreterPackageName: .filePackageName
        case .interpreterPackageVersion: .filePackageVersion
        case .interpreterPackageSourceVersion: .filePackageSourceVersion
        default: nil
        }
    }
}
