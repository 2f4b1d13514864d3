// The table of attribute names. A name is a prefix (whose) and a suffix (what) from here.

extension FieldSchema {
    /// A suffix, what it names, and a line for the manual.
    typealias Row = (suffix: String, attribute: Attribute, summary: String)

    /// Suffixes of `exec.`, `process.`, `process.parent.` and `process.ancestors.`.
    static let processRows: [Row] =
        [
            ("pid", .pid, "process (thread group) id"),
            ("tid", .tid, "thread id"),
            ("ppid", .ppid, "process id of the parent"),
            ("comm", .comm, "command name: base name of the executed path, at most 15 bytes"),
            ("argv0", .argv0, "first element of the argument vector"),
            ("argv", .argv, "arguments without the first element of the vector"),
            ("args", .args, "arguments joined by one space"),
            ("args_flags", .argsFlags, "flags among the arguments: l and s of -ls"),
            ("args_options", .argsOptions, "options with their values: name=value"),
            ("args_truncated", .argsTruncated, "whether arguments could not be read whole"),
            ("envp", .envp, "environment, as NAME=value"),
            ("envs", .envs, "names of the environment variables"),
            ("envs_truncated", .envsTruncated, "whether the environment could not be read whole"),
            ("tty_name", .ttyName, "name of the controlling terminal"),
            ("created_at", .createdAt, "when the process started; compare with a duration"),
            ("uid", .uid, "real user id"),
            ("gid", .gid, "real group id"),
            ("user", .user, "name of the real user"),
            ("group", .group, "name of the real group"),
            ("euid", .euid, "effective user id"),
            ("egid", .egid, "effective group id"),
            ("euser", .euser, "name of the effective user"),
            ("egroup", .egroup, "name of the effective group"),
            ("fsuid", .fsuid, "user id for file access"),
            ("fsgid", .fsgid, "group id for file access"),
            ("fsuser", .fsuser, "name of the user for file access"),
            ("fsgroup", .fsgroup, "name of the group for file access"),
            ("auid", .auid, "login user id; 4294967295 if there was no login"),
            ("cap_effective", .capEffective, "effective capabilities, a set of CAP_ bits"),
            ("cap_permitted", .capPermitted, "permitted capabilities, a set of CAP_ bits"),
            ("is_thread", .isThread, "whether the process has not executed a program of its own"),
            ("is_exec", .isExec, "whether the process has executed a program of its own"),
            ("is_kworker", .isKworker, "whether it is a kernel thread"),
        ] + evidenceRows + fileRows + interpreterRows

    /// Evidence in arguments and environment: extensions, not known to other agents.
    private static let evidenceRows: [Row] = [
        (
            "args_wallets", .argsWallets,
            "extension: coins whose wallet addresses are among the arguments, with valid checksum; "
                + "COIN-like if the checksum is wrong or the address cut off"
        ),
        (
            "args_hosts", .argsHosts,
            "extension: hosts in the arguments, in lower case: the name, its last two, three and "
                + "four labels, and name:port; also those behind tunnels"
        ),
        ("args_schemes", .argsSchemes, "extension: schemes of URIs in the arguments, lower case"),
        (
            "args_algorithms", .argsAlgorithms,
            "extension: what options for algorithms and coins say, in lower case; each part of a+b"
        ),
        (
            "args_option_names", .argsOptionNames,
            "extension: names of all options, with a value or without"
        ),
        (
            "args_endpoint_options", .argsEndpointOptions,
            "extension: names of the options whose value is a host with a port"
        ),
        (
            "args_wallet_options", .argsWalletOptions,
            "extension: names of the options whose value is a wallet address with valid checksum"
        ),
        (
            "args_programs", .argsPrograms,
            "extension: base names of programs that the arguments say to start: by sudo, nohup, "
                + "sh -c, ssh, docker run and others; of python and its like, the script"
        ),
        (
            "args_started", .argsStarted,
            "extension: of args_programs the one that is started in the end, behind all others; "
                + "empty if that is a shell script"
        ),
        (
            "args_images", .argsImages,
            "extension: short names of the images that docker run and its relatives are to start"
        ),
        (
            "args_envs", .argsEnvs,
            "extension: names of variables that docker run -e, env and others set; their values "
                + "count as arguments"
        ),
        (
            "envs_wallets", .envsWallets,
            "extension: like args_wallets, of the values in the environment"
        ),
        ("envs_hosts", .envsHosts, "extension: like args_hosts, of the values in the environment"),
        (
            "envs_schemes", .envsSchemes,
            "extension: like args_schemes, of the values in the environment"
        ),
        (
            "envs_algorithms", .envsAlgorithms,
            "extension: what variables for algorithms and coins say, in lower case"
        ),
        (
            "envs_endpoint_options", .envsEndpointOptions,
            "extension: like args_endpoint_options, in variables like MINER_ARGS with a user or algorithm"
        ),
    ]

    /// The executed file.
    private static let fileRows: [Row] = [
        ("file.path", .filePath, "path of the executed file as the process sees it"),
        ("file.name", .fileName, "base name of the executed file"),
        ("file.inode", .fileInode, "inode number of the executed file"),
        ("file.mount_id", .fileMountID, "mount the executed file lies on"),
        ("file.mode", .fileMode, "mode of the executed file, type bits included"),
        ("file.rights", .fileRights, "permission bits of the executed file"),
        ("file.uid", .fileUID, "user id of the file's owner"),
        ("file.gid", .fileGID, "group id of the file's group"),
        ("file.user", .fileUser, "name of the file's owner"),
        ("file.group", .fileGroup, "name of the file's group"),
        ("file.change_time", .fileChangeTime, "last change of the inode"),
        ("file.modification_time", .fileModificationTime, "last change of the contents"),
        ("file.in_upper_layer", .fileInUpperLayer, "whether an overlay's upper layer has it"),
        ("file.filesystem", .fileFilesystem, "type of the file system, like ext4"),
        ("file.hashes", .fileHashes, "hashes of the contents, like sha256:0123"),
        ("file.package.name", .filePackageName, "distribution package that owns the file"),
        ("file.package.version", .filePackageVersion, "version of that package"),
        (
            "file.package.source_version", .filePackageSourceVersion,
            "version of that package's source"
        ),
    ]

    /// The interpreter of a script that starts with `#!`.
    private static let interpreterRows: [Row] = [
        ("interpreter.file.path", .interpreterPath, "path of the script's interpreter"),
        ("interpreter.file.name", .interpreterName, "base name of the interpreter"),
        ("interpreter.file.inode", .interpreterInode, "inode number of the interpreter"),
        ("interpreter.file.mount_id", .interpreterMountID, "mount the interpreter lies on"),
        ("interpreter.file.mode", .interpreterMode, "mode of the interpreter"),
        ("interpreter.file.rights", .interpreterRights, "permission bits of the interpreter"),
        ("interpreter.file.uid", .interpreterUID, "user id of the interpreter's owner"),
        ("interpreter.file.gid", .interpreterGID, "group id of the interpreter's group"),
        ("interpreter.file.user", .interpreterUser, "name of the interpreter's owner"),
        ("interpreter.file.group", .interpreterGroup, "name of the interpreter's group"),
        (
            "interpreter.file.change_time", .interpreterChangeTime,
            "last change of the interpreter's inode"
        ),
        (
            "interpreter.file.modification_time", .interpreterModificationTime,
            "last change of the interpreter's contents"
        ),
        (
            "interpreter.file.in_upper_layer", .interpreterInUpperLayer,
            "whether an overlay's upper layer has the interpreter"
        ),
        (
            "interpreter.file.filesystem", .interpreterFilesystem,
            "type of the interpreter's file system"
        ),
        ("interpreter.file.hashes", .interpreterHashes, "hashes of the interpreter"),
        (
            "interpreter.file.package.name", .interpreterPackageName,
            "package that owns the interpreter"
        ),
        ("interpreter.file.package.version", .interpreterPackageVersion, "version of that package"),
        (
            "interpreter.file.package.source_version", .interpreterPackageSourceVersion,
            "version of that package's source"
        ),
    ]

    /// Suffixes of `container.`.
    static let containerRows: [Row] = [
        ("id", .containerID, "id of the container"),
        ("created_at", .containerCreatedAt, "when the container started"),
        ("runtime", .containerRuntime, "runtime of the container, like docker"),
        ("tags", .containerTags, "tags of the container, like image_name:redis"),
    ]

    /// Suffixes of `cgroup.`.
    static let cgroupRows: [Row] = [
        ("id", .cgroupID, "path of the control group"),
        ("manager", .cgroupManager, "what manages the control group, like systemd"),
        ("file.inode", .cgroupInode, "inode number of the control group's directory"),
        ("file.mount_id", .cgroupMountID, "mount of the control group's directory"),
    ]

    /// Suffixes of `event.`.
    static let eventRows: [Row] = [
        ("timestamp", .timestamp, "when the event happened"),
        ("os", .os, "operating system: linux"),
        ("origin", .origin, "where the event comes from"),
        ("hostname", .hostname, "name of the host"),
        ("service", .service, "service of the process, from DD_SERVICE"),
        ("async", .async, "whether the event was seen after the fact"),
    ]

    /// Old suffixes of process fields and what they are called now.
    static let legacySuffixes = [
        "filename": "file.path", "basename": "file.name", "name": "comm", "inode": "file.inode",
    ]

    /// Whether a name is that of a field which exists upstream and has no source here.
    static func isUnavailable(_ name: String) -> Bool {
        let prefixes = ["exec.", "process.parent.", "process.ancestors.", "process."]
        guard let prefix = prefixes.first(where: { name.hasPrefix($0) }) else { return false }
        let suffix = name.dropFirst(prefix.count)
        return [
            "user_session.", "aws_security_credentials", "caps_attempted", "caps_used",
            "file.extension", "file.metadata.", "interpreter.file.extension",
            "interpreter.file.metadata.",
        ].contains { suffix.hasPrefix($0) }
    }

    /// First words of fields of events that only a kernel program (BPF) can deliver.
    static let unsupportedEvents: Set<String> = [
        "accept", "bind", "bpf", "capabilities", "capset", "cgroup_tracing", "cgroup_write",
        "change_permission", "chdir", "chmod", "chown", "connect", "create", "create_key",
        "delete", "delete_key", "dns", "exit", "failed_dns", "fork", "imds", "link", "load_module",
        "login_uid_write", "mkdir", "mmap", "mount", "mprotect", "network",
        "network_flow_monitor", "ondemand", "open", "open_key", "packet", "prctl", "ptrace",
        "removexattr", "rename", "rmdir", "selinux", "set_key_value", "setgid", "setrlimit",
        "setsockopt", "setuid", "setxattr", "signal", "splice", "sysctl", "syscalls", "umount",
        "unlink", "unload_module", "unshare_mntns", "utimes", "write",
    ]
}
