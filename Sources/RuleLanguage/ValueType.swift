// The types of fields and variables, and which method of an event source answers which attribute.

/// The type of a field's value.
package enum ValueType: Sendable, Hashable {
    case boolean, integer, string, strings
}

/// The type of a `${variable}`.
package enum VariableType: Sendable, Hashable {
    case boolean, integer, string, integers, strings
}

extension Attribute {
    /// The type of the value, hence the method of `EventSource` that answers it.
    package var valueType: ValueType {
        switch self {
        case .pid, .tid, .ppid, .createdAt, .uid, .gid, .euid, .egid, .fsuid, .fsgid, .auid,
            .capEffective, .capPermitted, .cgroupInode, .cgroupMountID, .fileInode, .fileMountID,
            .fileMode, .fileRights, .fileUID, .fileGID, .fileChangeTime, .fileModificationTime,
            .interpreterInode, .interpreterMountID, .interpreterMode, .interpreterRights,
            .interpreterUID, .interpreterGID, .interpreterChangeTime,
            .interpreterModificationTime, .containerCreatedAt, .timestamp:
            .integer
        case .isThread, .isExec, .isKworker, .argsTruncated, .envsTruncated, .fileInUpperLayer,
            .interpreterInUpperLayer, .async:
            .boolean
        case .argv, .argsFlags, .argsOptions, .envp, .envs, .fileHashes, .interpreterHashes,
            .containerTags:
            .strings
        case _ where isEvidence: .strings
        default: .string
        }
    }
}

extension Attribute {
    /// Whether it is what `CommandEvidence` finds in the environment.
    var isEvidenceOfEnvironment: Bool {
        switch self {
        case .envsWallets, .envsHosts, .envsSchemes, .envsAlgorithms, .envsEndpointOptions: true
        default: false
        }
    }

    /// Whether it is what `CommandEvidence` finds in arguments and environment.
    package var isEvidence: Bool {
        switch self {
        case .argsWallets, .argsHosts, .argsSchemes, .argsAlgorithms, .argsOptionNames,
            .argsEndpointOptions, .argsWalletOptions, .argsPrograms, .argsStarted, .argsImages,
            .argsEnvs:
            true
        default: isEvidenceOfEnvironment
        }
    }
}
