// What a rule can ask about: a subject (whose) and an attribute (what).
// `exec.X` and `process.X` name the same value: the image about to run.

/// Whose attribute a field names.
package enum Subject: UInt8, Sendable, Hashable, CaseIterable {
    /// `exec.*` and `process.*`: the program about to start, in the task that starts it.
    case process
    /// `process.parent.*`.
    case parent
    /// `process.ancestors.*`: iterated, element 0 is the parent, the last is pid 1.
    case ancestors
    /// `container.*` and `process.container.*`.
    case container
    /// `cgroup.*` and `process.cgroup.*`.
    case cgroup
    /// `event.*`.
    case event
}

/// What a field says about its subject; names and meaning are those of SECL.
package enum Attribute: UInt8, Sendable, Hashable, CaseIterable {
    // Process.
    case pid, tid, ppid, comm, ttyName, createdAt, isThread, isExec, isKworker
    case argv0, argv, args, argsFlags, argsOptions, argsTruncated
    case envp, envs, envsTruncated
    // What is found in them: extensions of the language.
    case argsWallets, argsHosts, argsSchemes, argsAlgorithms, argsOptionNames
    case argsEndpointOptions, argsWalletOptions, argsPrograms, argsStarted, argsImages
    case argsEnvs
    case envsWallets, envsHosts, envsSchemes, envsAlgorithms, envsEndpointOptions
    case uid, gid, euid, egid, fsuid, fsgid, auid
    case user, group, euser, egroup, fsuser, fsgroup
    case capEffective, capPermitted
    case containerID, cgroupID, cgroupManager, cgroupInode, cgroupMountID
    case syscallPath
    // The executed file.
    case filePath, fileName, fileInode, fileMountID, fileMode, fileRights
    case fileUID, fileGID, fileUser, fileGroup, fileChangeTime, fileModificationTime
    case fileInUpperLayer, fileFilesystem, fileHashes, filePackageName, filePackageVersion
    case filePackageSourceVersion
    // The interpreter of a `#!` script.
    case interpreterPath, interpreterName, interpreterInode, interpreterMountID, interpreterMode
    case interpreterRights, interpreterUID, interpreterGID, interpreterUser, interpreterGroup
    case interpreterChangeTime, interpreterModificationTime, interpreterInUpperLayer
    case interpreterFilesystem, interpreterHashes, interpreterPackageName
    case interpreterPackageVersion, interpreterPackageSourceVersion
    // Container, cgroup and event.
    case containerCreatedAt, containerRuntime, containerTags
    case timestamp, os, origin, hostname, service, async
}

/// One value an event has: a subject's attribute.
package struct Field: Sendable, Hashable {
    package let subject: Subject
    package let attribute: Attribute

    package init(_ subject: Subject, _ attribute: Attribute) {
        self.subject = subject
        self.attribute = attribute
    }
}
