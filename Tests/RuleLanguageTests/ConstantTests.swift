// The constants of the language against the headers of the system the tests run on.

import Glibc
import RuleLanguage
import Testing

@Suite struct ConstantTests {
    private static let errors: [(String, CInt)] = [
        ("EPERM", EPERM),
        ("ENOENT", ENOENT),
        ("ESRCH", ESRCH),
        ("EINTR", EINTR),
        ("EIO", EIO),
        ("ENXIO", ENXIO),
        ("E2BIG", E2BIG),
        ("ENOEXEC", ENOEXEC),
        ("EBADF", EBADF),
        ("ECHILD", ECHILD),
        ("EAGAIN", EAGAIN),
        ("EWOULDBLOCK", EWOULDBLOCK),
        ("ENOMEM", ENOMEM),
        ("EACCES", EACCES),
        ("EFAULT", EFAULT),
        ("ENOTBLK", ENOTBLK),
        ("EBUSY", EBUSY),
        ("EEXIST", EEXIST),
        ("EXDEV", EXDEV),
        ("ENODEV", ENODEV),
        ("ENOTDIR", ENOTDIR),
        ("EISDIR", EISDIR),
        ("EINVAL", EINVAL),
        ("ENFILE", ENFILE),
        ("EMFILE", EMFILE),
        ("ENOTTY", ENOTTY),
        ("ETXTBSY", ETXTBSY),
        ("EFBIG", EFBIG),
        ("ENOSPC", ENOSPC),
        ("ESPIPE", ESPIPE),
        ("EROFS", EROFS),
        ("EMLINK", EMLINK),
        ("EPIPE", EPIPE),
        ("EDOM", EDOM),
        ("ERANGE", ERANGE),
        ("EDEADLK", EDEADLK),
        ("ENAMETOOLONG", ENAMETOOLONG),
        ("ENOLCK", ENOLCK),
        ("ENOSYS", ENOSYS),
        ("ENOTEMPTY", ENOTEMPTY),
        ("ELOOP", ELOOP),
        ("ENODATA", ENODATA),
        ("ETIME", ETIME),
        ("EPROTO", EPROTO),
        ("EBADMSG", EBADMSG),
        ("EOVERFLOW", EOVERFLOW),
        ("ENOTSOCK", ENOTSOCK),
        ("EDESTADDRREQ", EDESTADDRREQ),
        ("EMSGSIZE", EMSGSIZE),
        ("EPROTOTYPE", EPROTOTYPE),
        ("ENOPROTOOPT", ENOPROTOOPT),
        ("EPROTONOSUPPORT", EPROTONOSUPPORT),
        ("ESOCKTNOSUPPORT", ESOCKTNOSUPPORT),
        ("EOPNOTSUPP", EOPNOTSUPP),
        ("ENOTSUP", ENOTSUP),
        ("EAFNOSUPPORT", EAFNOSUPPORT),
        ("EADDRINUSE", EADDRINUSE),
        ("EADDRNOTAVAIL", EADDRNOTAVAIL),
        ("ENETDOWN", ENETDOWN),
        ("ENETUNREACH", ENETUNREACH),
        ("ECONNABORTED", ECONNABORTED),
        ("ECONNRESET", ECONNRESET),
        ("ENOBUFS", ENOBUFS),
        ("EISCONN", EISCONN),
        ("ENOTCONN", ENOTCONN),
        ("ETIMEDOUT", ETIMEDOUT),
        ("ECONNREFUSED", ECONNREFUSED),
        ("EHOSTDOWN", EHOSTDOWN),
        ("EHOSTUNREACH", EHOSTUNREACH),
        ("EALREADY", EALREADY),
        ("EINPROGRESS", EINPROGRESS),
        ("ESTALE", ESTALE),
        ("EDQUOT", EDQUOT),
        ("ECANCELED", ECANCELED),
        ("EOWNERDEAD", EOWNERDEAD),
        ("ENOTRECOVERABLE", ENOTRECOVERABLE),
    ]

    private static let others: [(String, CInt)] = [
        ("SIGHUP", SIGHUP),
        ("SIGINT", SIGINT),
        ("SIGQUIT", SIGQUIT),
        ("SIGILL", SIGILL),
        ("SIGTRAP", SIGTRAP),
        ("SIGABRT", SIGABRT),
        ("SIGIOT", SIGIOT),
        ("SIGBUS", SIGBUS),
        ("SIGFPE", SIGFPE),
        ("SIGKILL", SIGKILL),
        ("SIGUSR1", SIGUSR1),
        ("SIGSEGV", SIGSEGV),
        ("SIGUSR2", SIGUSR2),
        ("SIGPIPE", SIGPIPE),
        ("SIGALRM", SIGALRM),
        ("SIGTERM", SIGTERM),
        ("SIGSTKFLT", SIGSTKFLT),
        ("SIGCHLD", SIGCHLD),
        ("SIGCLD", SIGCLD),
        ("SIGCONT", SIGCONT),
        ("SIGSTOP", SIGSTOP),
        ("SIGTSTP", SIGTSTP),
        ("SIGTTIN", SIGTTIN),
        ("SIGTTOU", SIGTTOU),
        ("SIGURG", SIGURG),
        ("SIGXCPU", SIGXCPU),
        ("SIGXFSZ", SIGXFSZ),
        ("SIGVTALRM", SIGVTALRM),
        ("SIGPROF", SIGPROF),
        ("SIGWINCH", SIGWINCH),
        ("SIGIO", SIGIO),
        ("SIGPOLL", SIGPOLL),
        ("SIGPWR", SIGPWR),
        ("SIGSYS", SIGSYS),
        ("O_RDONLY", O_RDONLY),
        ("O_WRONLY", O_WRONLY),
        ("O_RDWR", O_RDWR),
        ("O_APPEND", O_APPEND),
        ("O_CREAT", O_CREAT),
        ("O_EXCL", O_EXCL),
        ("O_SYNC", O_SYNC),
        ("O_TRUNC", O_TRUNC),
        ("O_CLOEXEC", O_CLOEXEC),
        ("O_NOCTTY", O_NOCTTY),
        ("O_NONBLOCK", O_NONBLOCK),
        ("O_NDELAY", O_NDELAY),
        ("O_DSYNC", O_DSYNC),
        ("O_RSYNC", O_RSYNC),
        ("O_ASYNC", O_ASYNC),
        ("O_DIRECTORY", O_DIRECTORY),
        ("O_NOFOLLOW", O_NOFOLLOW),
        ("O_ACCMODE", O_ACCMODE),
        ("O_FSYNC", O_FSYNC),
    ]

    private static let modes: [(String, mode_t)] = [
        ("S_IFMT", S_IFMT),
        ("S_IFSOCK", S_IFSOCK),
        ("S_IFLNK", S_IFLNK),
        ("S_IFREG", S_IFREG),
        ("S_IFBLK", S_IFBLK),
        ("S_IFDIR", S_IFDIR),
        ("S_IFCHR", S_IFCHR),
        ("S_IFIFO", S_IFIFO),
        ("S_ISUID", S_ISUID),
        ("S_ISGID", S_ISGID),
        ("S_ISVTX", S_ISVTX),
        ("S_IRWXU", S_IRWXU),
        ("S_IRUSR", S_IRUSR),
        ("S_IWUSR", S_IWUSR),
        ("S_IXUSR", S_IXUSR),
        ("S_IRWXG", S_IRWXG),
        ("S_IRGRP", S_IRGRP),
        ("S_IWGRP", S_IWGRP),
        ("S_IXGRP", S_IXGRP),
        ("S_IRWXO", S_IRWXO),
        ("S_IROTH", S_IROTH),
        ("S_IWOTH", S_IWOTH),
        ("S_IXOTH", S_IXOTH),
    ]

    @Test(arguments: errors)
    func `an error is the system's number, negated`(name: String, number: CInt) {
        #expect(ConstantTable.value(of: name) == .integer(-Int64(number)))
    }

    @Test(arguments: others)
    func `a signal or open flag has the system's value`(name: String, number: CInt) {
        #expect(ConstantTable.value(of: name) == .integer(Int64(number)))
    }

    @Test(arguments: modes)
    func `a mode bit has the system's value`(name: String, bits: mode_t) {
        #expect(ConstantTable.value(of: name) == .integer(Int64(bits)))
    }

    @Test(arguments: [
        ("CAP_CHOWN", Int64(1)), ("CAP_SYS_PTRACE", 1 << 19), ("CAP_SYS_ADMIN", 1 << 21),
        ("CAP_BPF", 1 << 39), ("CAP_CHECKPOINT_RESTORE", 1 << 40),
    ])
    func `a capability is its bit`(name: String, bits: Int64) {
        #expect(ConstantTable.value(of: name) == .integer(bits))
    }

    @Test func `a process without a login has the constant for it`() throws {
        #expect(ConstantTable.value(of: "AUDIT_AUID_UNSET") == .integer(Int64(uid_t.max)))
        let daemon = try event(["exec.auid": 4_294_967_295])
        #expect(try value("exec.auid == AUDIT_AUID_UNSET", daemon))
        #expect(try !value("exec.auid >= 1000 && exec.auid != AUDIT_AUID_UNSET", daemon))
    }

    @Test func `no constant is left out of the comparison`() {
        let compared = Set((Self.errors + Self.others).map(\.0) + Self.modes.map(\.0))
        let notDeclaredHere = [
            "O_DIRECT", "O_NOATIME", "O_PATH", "O_TMPFILE", "AUDIT_AUID_UNSET", "true", "false",
        ]
        let rest = Set(ConstantTable.names).subtracting(compared).subtracting(notDeclaredHere)
        #expect(rest.allSatisfy { $0.hasPrefix("CAP_") })
        #expect(rest.count == 41)
    }
}
