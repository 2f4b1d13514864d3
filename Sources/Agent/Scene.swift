// Who, what and where of an attempt, as a signal will keep it. Taken before the answer, while the
// task is held and shows what led to the exec; only for attempts that are recorded.

import Containers
import LinuxSystem
import RuleLanguage
import Signals

/// The circumstances of an attempt.
struct Scene: Sendable {
    private(set) var process: ProcessRecord
    let ancestors: [ProcessRecord]
    private(set) var container: ContainerRecord?

    /// More ancestors than anybody nests on purpose; a signal must stay bounded.
    private static let ancestorLimit = 32

    init(of attempt: Attempt) {
        let facts = attempt.process
        var record = ProcessRecord(facts)
        record.tid = attempt.thread
        record.executable = FileRecord(path: attempt.path, attempt.file)
        if attempt.isHeld {
            record.comm = Array(attempt.program.chain.taskName)
            record.startedAt = nil
        }
        if let interpreter = attempt.program.chain.steps.last?.interpreter {
            record.interpreter = FileRecord(path: interpreter)
        }
        record.parentPID = attempt.lineage.first?.pid
        record.arguments = ArgumentRecord(
            argv: attempt.programArguments.vector,
            isTruncated: attempt.boolean(Field(.process, .argsTruncated), element: 0)
        )
        record.environment = EnvironmentRecord(
            envp: attempt.programEnvironment.environment,
            isTruncated: attempt.boolean(Field(.process, .envsTruncated), element: 0)
        )
        record.workingDirectory = facts.workingDirectory
        process = record
        ancestors = attempt.lineage.prefix(Self.ancestorLimit).map { facts in
            var record = ProcessRecord(facts)
            record.executable = FileRecord(path: facts.path, facts.program)
            let arguments = facts.recordedArguments
            record.arguments = ArgumentRecord(
                argv: arguments.argv,
                isTruncated: arguments.isTruncated,
                limitBytes: ArgumentRecord.ancestorLimitBytes
            )
            return record
        }
        container = facts.cgroup.flatMap { cgroup in
            cgroup.containerID.map { id in
                var container = ContainerRecord(id: Array(id))
                container.runtime = Array(cgroup.manager.rawValue.utf8)
                return container
            }
        }
    }

    /// Adds the digest of the executed file, if that is what `descriptor` is open on.
    ///
    /// Reads the whole file: for after the answer.
    mutating func addDigest(of descriptor: CInt, from digests: FileDigests) {
        guard let executable = process.executable,
            let identity = try? FileIdentity(descriptor: descriptor),
            executable.inode == identity.inode,
            executable.device
                == FileRecord.Device(major: identity.device.major, minor: identity.device.minor),
            let sha256 = digests.sha256(of: descriptor)
        else { return }
        process.executable?.sha256 = sha256
    }

    /// Fills in what is known of the container's image; may wait a little for it.
    mutating func completeContainer(from images: ContainerImages) {
        guard container != nil,
            let known = images.descriptionForRecord(of: CgroupPath(process.cgroup))
        else { return }
        container?.complete(with: known)
    }
}

extension ProcessRecord {
    /// What stays the same through an exec.
    fileprivate init(_ facts: ProcessFacts) {
        self.init(pid: facts.pid)
        parentPID = facts.status?.parent
        uid = facts.status?.user.real
        gid = facts.status?.group.real
        effectiveUID = facts.status?.user.effective
        effectiveGID = facts.status?.group.effective
        loginUID = facts.loginUser
        user = Array(facts.string(.user))
        comm = facts.name
        terminal = Array(facts.string(.ttyName))
        cgroup = facts.cgroup?.bytes ?? []
        unit = SystemdUnits(cgroup: cgroup).innermost
        let started = facts.startedNanoseconds
        startedAt = started == 0 ? nil : Timestamp(nanoseconds: started)
    }
}

extension FileRecord {
    fileprivate init(path: [UInt8], _ identity: FileIdentity?) {
        self.init(path: path)
        guard let identity else { return }
        inode = identity.inode
        device = Device(major: identity.device.major, minor: identity.device.minor)
        mode = identity.mode
        uid = identity.user
        gid = identity.group
        sizeBytes = identity.sizeBytes
        modifiedAt = Timestamp(nanoseconds: identity.modifiedNanoseconds)
        changedAt = Timestamp(nanoseconds: identity.changedNanoseconds)
    }
}

extension ContainerRecord {
    fileprivate mutating func complete(with known: ContainerDescription) {
        if runtime.isEmpty { runtime = Array(known.runtime.utf8) }
        image = Array(known.image.utf8)
        createdAt = known.createdNanoseconds.map { Timestamp(nanoseconds: $0) }
        guard let reference = known.reference else { return }
        imageName = Array(reference.name.utf8)
        shortImage = Array(reference.shortName.utf8)
        imageTag = Array((reference.tag ?? "").utf8)
    }
}
