// The signals a kill action may name. Numbers are those of Linux on x86 and ARM (signal(7)).

/// Names of signals and their numbers.
enum SignalName {
    /// The number of a name like "SIGKILL"; nil if there is no such signal.
    static func number(of name: String) -> Int32? {
        all.firstIndex(of: name).map { Int32($0) + 1 } ?? synonyms[name]
    }

    /// All names, in the order of their numbers from 1.
    static let all = [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
        "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ]

    private static let synonyms: [String: Int32] = ["SIGIOT": 6, "SIGCLD": 17, "SIGPOLL": 29]
}
