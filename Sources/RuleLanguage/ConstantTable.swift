// The named constants of expressions: truth values, mode bits, open flags, capabilities, signals
// and error numbers. The module is pure, so the numbers are written here; a test compares each with
// the system's headers.

/// What a constant's name stands for.
package enum ConstantValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int64)
}

/// The constants an expression may name.
package enum ConstantTable {
    /// Looks a constant up by its exact name.
    package static func value(of name: String) -> ConstantValue? { values[name] }

    /// The names, for "did you mean".
    package static var names: some Sequence<String> { values.keys.sorted() }

    private static let values: [String: ConstantValue] = {
        var result: [String: ConstantValue] = ["true": .boolean(true), "false": .boolean(false)]
        for (name, value) in modeBits + openFlags + signals { result[name] = .integer(value) }
        // The login user id of a process that nobody logged in for: (uid_t)-1.
        result["AUDIT_AUID_UNSET"] = .integer(Int64(UInt32.max))
        // A capability constant is the bit, as in `exec.cap_effective & CAP_SYS_ADMIN > 0`.
        for (bit, name) in capabilities.enumerated() {
            result["CAP_" + name] = .integer(1 << Int64(bit))
        }
        // A system call returns an error negated, and that is how rules compare it.
        for (name, value) in errors { result[name] = .integer(-value) }
        return result
    }()

    /// inode(7), "The file type and mode".
    static let modeBits: [(String, Int64)] = [
        ("S_IFMT", 0o170000), ("S_IFSOCK", 0o140000), ("S_IFLNK", 0o120000),
        ("S_IFREG", 0o100000), ("S_IFBLK", 0o060000), ("S_IFDIR", 0o040000),
        ("S_IFCHR", 0o020000), ("S_IFIFO", 0o010000), ("S_ISUID", 0o4000), ("S_ISGID", 0o2000),
        ("S_ISVTX", 0o1000), ("S_IRWXU", 0o700), ("S_IRUSR", 0o400), ("S_IWUSR", 0o200),
        ("S_IXUSR", 0o100), ("S_IRWXG", 0o070), ("S_IRGRP", 0o040), ("S_IWGRP", 0o020),
        ("S_IXGRP", 0o010), ("S_IRWXO", 0o007), ("S_IROTH", 0o004), ("S_IWOTH", 0o002),
        ("S_IXOTH", 0o001),
    ]

    /// open(2); a few differ between processor families.
    static let openFlags: [(String, Int64)] =
        [
            ("O_RDONLY", 0), ("O_WRONLY", 0o1), ("O_RDWR", 0o2), ("O_APPEND", 0o2000),
            ("O_CREAT", 0o100), ("O_EXCL", 0o200), ("O_SYNC", 0o4010000), ("O_TRUNC", 0o1000),
            ("O_CLOEXEC", 0o2000000), ("O_NOCTTY", 0o400), ("O_NONBLOCK", 0o4000),
            ("O_NDELAY", 0o4000), ("O_DSYNC", 0o10000), ("O_RSYNC", 0o4010000),
            ("O_ACCMODE", 0o3), ("O_FSYNC", 0o4010000), ("O_NOATIME", 0o1000000),
            ("O_PATH", 0o10000000), ("O_ASYNC", 0o20000),
        ] + openFlagsOfProcessor

    #if arch(arm64)
    private static let openFlagsOfProcessor: [(String, Int64)] = [
        ("O_DIRECT", 0o200000), ("O_DIRECTORY", 0o40000), ("O_NOFOLLOW", 0o100000),
        ("O_TMPFILE", 0o20040000),
    ]
    #else
    private static let openFlagsOfProcessor: [(String, Int64)] = [
        ("O_DIRECT", 0o40000), ("O_DIRECTORY", 0o200000), ("O_NOFOLLOW", 0o400000),
        ("O_TMPFILE", 0o20200000),
    ]
    #endif

    /// signal(7).
    static let signals: [(String, Int64)] = [
        ("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGILL", 4), ("SIGTRAP", 5),
        ("SIGABRT", 6), ("SIGIOT", 6), ("SIGBUS", 7), ("SIGFPE", 8), ("SIGKILL", 9),
        ("SIGUSR1", 10), ("SIGSEGV", 11), ("SIGUSR2", 12), ("SIGPIPE", 13), ("SIGALRM", 14),
        ("SIGTERM", 15), ("SIGSTKFLT", 16), ("SIGCHLD", 17), ("SIGCLD", 17), ("SIGCONT", 18),
        ("SIGSTOP", 19), ("SIGTSTP", 20), ("SIGTTIN", 21), ("SIGTTOU", 22), ("SIGURG", 23),
        ("SIGXCPU", 24), ("SIGXFSZ", 25), ("SIGVTALRM", 26), ("SIGPROF", 27), ("SIGWINCH", 28),
        ("SIGIO", 29), ("SIGPOLL", 29), ("SIGPWR", 30), ("SIGSYS", 31),
    ]

    /// capabilities(7), in the order of their bits.
    static let capabilities = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
        "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
        "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
        "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]

    /// errno(3), the numbers that all Linux systems we run on share.
    static let errors: [(String, Int64)] = [
        ("EPERM", 1), ("ENOENT", 2), ("ESRCH", 3), ("EINTR", 4), ("EIO", 5), ("ENXIO", 6),
        ("E2BIG", 7), ("ENOEXEC", 8), ("EBADF", 9), ("ECHILD", 10), ("EAGAIN", 11),
        ("EWOULDBLOCK", 11), ("ENOMEM", 12), ("EACCES", 13), ("EFAULT", 14), ("ENOTBLK", 15),
        ("EBUSY", 16), ("EEXIST", 17), ("EXDEV", 18), ("ENODEV", 19), ("ENOTDIR", 20),
        ("EISDIR", 21), ("EINVAL", 22), ("ENFILE", 23), ("EMFILE", 24), ("ENOTTY", 25),
        ("ETXTBSY", 26), ("EFBIG", 27), ("ENOSPC", 28), ("ESPIPE", 29), ("EROFS", 30),
        ("EMLINK", 31), ("EPIPE", 32), ("EDOM", 33), ("ERANGE", 34), ("EDEADLK", 35),
        ("ENAMETOOLONG", 36), ("ENOLCK", 37), ("ENOSYS", 38), ("ENOTEMPTY", 39), ("ELOOP", 40),
        ("ENODATA", 61), ("ETIME", 62), ("EPROTO", 71), ("EBADMSG", 74), ("EOVERFLOW", 75),
        ("ENOTSOCK", 88), ("EDESTADDRREQ", 89), ("EMSGSIZE", 90), ("EPROTOTYPE", 91),
        ("ENOPROTOOPT", 92), ("EPROTONOSUPPORT", 93), ("ESOCKTNOSUPPORT", 94),
        ("EOPNOTSUPP", 95), ("ENOTSUP", 95), ("EAFNOSUPPORT", 97), ("EADDRINUSE", 98),
        ("EADDRNOTAVAIL", 99), ("ENETDOWN", 100), ("ENETUNREACH", 101), ("ECONNABORTED", 103),
        ("ECONNRESET", 104), ("ENOBUFS", 105), ("EISCONN", 106), ("ENOTCONN", 107),
        ("ETIMEDOUT", 110), ("ECONNREFUSED", 111), ("EHOSTDOWN", 112), ("EHOSTUNREACH", 113),
        ("EALREADY", 114), ("EINPROGRESS", 115), ("ESTALE", 116), ("EDQUOT", 122),
        ("ECANCELED", 125), ("EOWNERDEAD", 130), ("ENOTRECOVERABLE", 131),
    ]
}
