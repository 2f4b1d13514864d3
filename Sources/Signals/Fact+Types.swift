// Which facts are numbers and which are true or false: the journal keeps only their text.

extension Fact {
    /// The names of facts that are integers.
    package static let integers: Set<String> = [
        "rule_line", "latency_usec", "generation", "generation_before", "pid", "ppid", "tid", "uid",
        "gid", "euid", "egid", "auid", "inode", "file_uid", "file_gid", "size_bytes",
        "kill_targets", "cpu_time_usec", "time_to_response_usec", "actor_uid", "actor_pid", "rules",
        "files", "refused", "filesystems", "lost", "late", "interval_sec", "limit",
    ]

    /// The names of facts that are true or false.
    package static let booleans: Set<String> = [
        "check_only", "unreadable", "args_truncated", "envs_truncated",
    ]
}
