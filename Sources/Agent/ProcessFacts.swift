// The facts of an existing process, read from /proc when a rule asks for them, once. For a process
// that has ended, the process tree remembers what an ancestor's field needs.
// Reading can block (mm lock): on threads that may. One thread at a time.

import Containers
import LinuxSystem
import RuleLanguage

/// Reads /proc for one thread of the agent; shared by the facts it gathers.
final class ProcfsReader {
    var procfs: Procfs
    var mounts = MountViews()

    init() throws(SystemError) { procfs = try Procfs() }
}

/// What is known of one process.
final class ProcessFacts {
    let pid: Int32
    fileprivate let reader: ProcfsReader
    /// What the tree remembers; nil if it has never seen the process.
    let node: ProcessNode?
    private let sources: FactSources
    private let patience: Duration

    /// `patience` is how long a question for the image of its container may wait.
    init(
        pid: Int32,
        node: ProcessNode?,
        reader: ProcfsReader,
        sources: FactSources,
        patience: Duration = .zero
    ) {
        self.pid = pid
        self.node = node
        self.reader = reader
        self.sources = sources
        self.patience = patience
    }

    /// Bytes of arguments that are looked at of a process that is not about to start.
    fileprivate static let argumentLimit = 2 << 20

    /// nil for a process that has ended: its number may be another's by now.
    private var reading: ProcfsReader? { node?.hasExited == true ? nil : reader }

    private(set) lazy var status: ProcessStatus? = try? reading?.procfs.status(of: pid)
    private(set) lazy var stat: ProcessStat? = try? reading?.procfs.stat(of: pid)
    private(set) lazy var program: FileIdentity? = try? reading?.procfs.identity(
        of: .program,
        pid: pid
    )
    private(set) lazy var cgroup: CgroupPath? = (try? reading?.procfs.cgroups(of: pid))?
        .mostSpecific
    /// The image of its container, as far as it is known in time.
    private(set) lazy var container: ContainerDescription? = cgroup.flatMap {
        sources.containers.description(of: $0, patience: patience)
    }
    private(set) lazy var loginUser: UInt32? = try? reading?.procfs.loginUser(of: pid)
    private(set) lazy var workingDirectory: [UInt8] =
        (try? reading?.procfs.target(of: .workingDirectory, pid: pid)) ?? []

    /// The path of the program as the process sees it; empty for kernel threads.
    private(set) lazy var path: [UInt8] = {
        guard let target = try? reading?.procfs.target(of: .program, pid: pid) else {
            return node?.image?.path ?? []
        }
        let path = program?.linkCount == 0 ? ProcessPath.withoutDeletedMark(target) : target
        return ProcessPath.seen(path, fromRoot: rootDirectory)
    }()

    /// What else rules ask about its program.
    private(set) lazy var fileFacts = FileFacts(
        path: path,
        identity: program,
        source: .program,
        process: pid,
        reader: reader,
        sources: sources
    )

    /// The directory of its control group.
    private(set) lazy var cgroupDirectory = cgroup.flatMap { CgroupDirectory(ofCgroup: $0.bytes) }

    /// Where the process's `/` is in our view.
    private(set) lazy var rootDirectory: [UInt8] =
        (try? reading?.procfs.target(of: .rootDirectory, pid: pid)) ?? []

    private(set) lazy var name: [UInt8] =
        (try? reading?.procfs.name(of: pid)) ?? node?.name.bytes ?? []

    /// The arguments of the program that runs now.
    private(set) lazy var arguments: ProgramArguments = {
        if let bytes = try? reading?.procfs.arguments(of: pid, limit: Self.argumentLimit),
            !bytes.bytes.isEmpty
        {
            areArgumentsTruncated = bytes.isTruncated
            return ProgramArguments(
                argv: ByteStringList(nulTerminated: bytes.bytes),
                envp: ByteStringList()
            )
        }
        return ProgramArguments(
            argv: ByteStringList(nulTerminated: node?.image?.arguments ?? []),
            envp: ByteStringList()
        )
    }()
    private(set) var areArgumentsTruncated = false

    /// The arguments for a record: what is remembered of them, if anything is.
    ///
    /// Reading the memory of another process can be made to take for ever by that process.
    var recordedArguments: (argv: ByteStringList, isTruncated: Bool) {
        if let image = node?.image {
            return (
                ByteStringList(nulTerminated: image.arguments),
                image.arguments.count >= ProcessImage.rememberedArguments
            )
        }
        return (arguments.vector, areArgumentsTruncated)
    }

    private(set) lazy var environment: ProgramArguments = {
        let bytes = try? reading?.procfs.environment(of: pid, limit: Self.argumentLimit)
        isEnvironmentTruncated = bytes?.isTruncated ?? false
        return ProgramArguments(
            argv: ByteStringList(),
            envp: ByteStringList(nulTerminated: bytes?.bytes ?? [])
        )
    }()
    private(set) var isEnvironmentTruncated = false

    /// When the process started, nanoseconds since 1970.
    var startedNanoseconds: Int64 {
        guard let stat else { return 0 }
        return Int64(KernelClock.realtimeNanoseconds(ofStartTicks: stat.startTicks))
    }
}

// MARK: - Derived

extension ProcessFacts {
    /// Whether it has started a program of its own since it was forked.
    ///
    /// Of a process that was there before the agent nobody saw that: one with its parent's program
    /// and arguments has not.
    var hasExecuted: Bool {
        if node?.execNanoseconds != nil { return true }
        guard let program else { return false }
        guard let parent = status?.parent, parent > 0,
            let theirs = (try? reader.procfs.identity(of: .program, pid: parent)) ?? nil,
            theirs.isSameFile(as: program),
            let bytes = try? reader.procfs.arguments(of: parent, limit: Self.argumentLimit)
        else { return true }
        return ByteStringList(nulTerminated: bytes.bytes).digest != arguments.vector.digest
    }

    /// When its container was made, nanoseconds since 1970; 0 outside sources.containers.
    ///
    /// The kernel tells no such time. Each of these is not before it, so the earliest is nearest:
    /// the last change of the control group's directory, and the start of processes in it.
    var containerCreatedNanoseconds: Int64 {
        guard cgroup?.containerID != nil, let cgroupDirectory else { return 0 }
        var earliest = cgroupDirectory.identity.changedNanoseconds
        for process in cgroupDirectory.processes(limit: 32) {
            guard let stat = try? reader.procfs.stat(of: process) else { continue }
            let started = KernelClock.realtimeNanoseconds(ofStartTicks: stat.startTicks)
            earliest = min(earliest, Int64(started))
        }
        return earliest
    }
}

// MARK: - By attribute

extension ProcessFacts {
    func boolean(_ attribute: Attribute) -> Bool {
        switch attribute {
        case .argsTruncated:
            _ = arguments
            return areArgumentsTruncated
        case .envsTruncated:
            _ = environment
            return isEnvironmentTruncated
        case .isKworker: return stat?.isKernelThread ?? false
        case .isExec: return hasExecuted
        case .isThread: return !hasExecuted
        default: return fileFacts.boolean(attribute)
        }
    }

    func integer(_ attribute: Attribute) -> Int64 {
        switch attribute {
        case .pid, .tid: Int64(pid)
        case .ppid: Int64(status?.parent ?? 0)
        case .createdAt: startedNanoseconds
        case .uid: Int64(status?.user.real ?? node?.realUser ?? 0)
        case .euid: Int64(status?.user.effective ?? node?.effectiveUser ?? 0)
        case .fsuid: Int64(status?.user.filesystem ?? 0)
        case .gid: Int64(status?.group.real ?? 0)
        case .egid: Int64(status?.group.effective ?? 0)
        case .fsgid: Int64(status?.group.filesystem ?? 0)
        // Upstream's unset login user is the kernel's: all bits set.
        case .auid: Int64(loginUser ?? .max)
        case .capEffective: Int64(bitPattern: status?.effectiveCapabilities ?? 0)
        case .capPermitted: Int64(bitPattern: status?.permittedCapabilities ?? 0)
        case .cgroupInode: Int64(bitPattern: cgroupDirectory?.identity.inode ?? 0)
        case .cgroupMountID: Int64(bitPattern: cgroupDirectory?.identity.mount ?? 0)
        case .containerCreatedAt: container?.createdNanoseconds ?? containerCreatedNanoseconds
        default: program?.integer(attribute) ?? 0
        }
    }

    func string(_ attribute: Attribute) -> ByteString {
        switch attribute {
        case .comm: name[...]
        case .argv0: arguments.argv0
        case .args: arguments.args
        case .ttyName: TerminalName.bytes(ofDevice: stat?.terminal ?? 0)[...]
        case .user: sources.names.user(status?.user.real)
        case .euser: sources.names.user(status?.user.effective)
        case .fsuser: sources.names.user(status?.user.filesystem)
        case .group: sources.names.group(status?.group.real)
        case .egroup: sources.names.group(status?.group.effective)
        case .fsgroup: sources.names.group(status?.group.filesystem)
        case .containerID: cgroup?.containerID ?? []
        case .cgroupID: cgroup.map { $0.bytes[...] } ?? []
        case .cgroupManager: ByteString((cgroup?.manager.rawValue ?? "").utf8)
        case .containerRuntime: containerRuntime
        default: attribute.isOfFile ? fileFacts.string(attribute) : []
        }
    }

    func strings(_ attribute: Attribute) -> ByteStringList {
        switch attribute {
        case .argv: arguments.argv
        case .argsFlags: arguments.flags
        case .argsOptions: arguments.options
        case .envp: environment.environment
        case .envs: environment.names
        case .fileHashes: fileFacts.hashes
        case .containerTags: ByteStringList((container?.tags ?? []).map { Array($0.utf8) })
        case _ where attribute.isOfEnvironment:
            environment.evidence(attribute) ?? ByteStringList()
        default: arguments.evidence(attribute) ?? ByteStringList()
        }
    }

    /// By its cgroup; where that does not tell, by the files that describe it.
    private var containerRuntime: ByteString {
        guard let cgroup, cgroup.containerID != nil else { return [] }
        let manager = cgroup.manager.rawValue
        return ByteString((manager.isEmpty ? container?.runtime ?? "" : manager).utf8)
    }
}

extension Attribute {
    /// Whether it is one of the executed file.
    var isOfFile: Bool {
        switch self {
        case .filePath, .fileName, .fileInode, .fileMountID, .fileMode, .fileRights, .fileUID,
            .fileGID, .fileUser, .fileGroup, .fileChangeTime, .fileModificationTime,
            .fileInUpperLayer, .fileFilesystem, .fileHashes, .filePackageName,
            .filePackageVersion, .filePackageSourceVersion:
            true
        default: false
        }
    }
}

extension FileIdentity {
    /// The value of a `file.*` attribute that the inode tells; nil for any other.
    func integer(_ attribute: Attribute) -> Int64? {
        switch attribute {
        case .fileInode: Int64(bitPattern: inode)
        case .fileMountID: Int64(bitPattern: mount)
        case .fileMode: Int64(mode)
        case .fileRights: Int64(mode & 0o7777)
        case .fileUID: Int64(user)
        case .fileGID: Int64(group)
        case .fileChangeTime: changedNanoseconds
        case .fileModificationTime: modifiedNanoseconds
        default: nil
        }
    }
}
