// How the daemon itself is doing: what it lost, what waits, how long execs are held.

package import JSON

/// A part of the answer to `status`.
package struct HealthReport: Message {
    /// Memory of the task could not be read.
    package var unreadable: UInt64 = 0
    /// Execs that were judged after they had started, because nobody held them.
    package var judgedAfter: UInt64 = 0
    /// The kernel's queue overflowed: execs went unjudged.
    package var overflows: UInt64 = 0
    /// The kernel denied an exec by itself because it could not be read.
    package var failedReads: UInt64 = 0
    /// Execs that a thread has in hand now.
    package var held: Int = 0
    /// Started programs that wait to be looked at.
    package var waitingPrograms: Int = 0
    /// Signals that wait to be recorded.
    package var waitingSignals: Int = 0
    /// Microseconds for which half of the execs since the start were held at most; nil before the
    /// first.
    package var latencyMedian: UInt64?
    /// The same for 99 of 100.
    package var latency99: UInt64?
    /// Filesystems whose execs are held, and those whose are not.
    package var markedFilesystems: Int = 0
    package var unmarkedFilesystems: Int = 0
    /// The last thing that went wrong, and when, as RFC 3339 has it.
    package var lastError: String?
    package var lastErrorAt: String?

    package init() {}

    package init(_ members: MemberReader) throws(MessageFailure) {
        unreadable = try members.integer("unreadable")
        judgedAfter = try members.integer("judged_after")
        overflows = try members.integer("overflows")
        failedReads = try members.integer("failed_reads")
        held = try members.integer("held")
        waitingPrograms = try members.integer("waiting_programs")
        waitingSignals = try members.integer("waiting_signals")
        latencyMedian = try members.optionalInteger("latency_p50_usec")
        latency99 = try members.optionalInteger("latency_p99_usec")
        markedFilesystems = try members.integer("marked_filesystems")
        unmarkedFilesystems = try members.integer("unmarked_filesystems")
        lastError = try members.optionalText("last_error")
        lastErrorAt = try members.optionalText("last_error_at")
    }

    package var members: [String: JSONValue?] {
        [
            "unreadable": .number(unreadable), "judged_after": .number(judgedAfter),
            "overflows": .number(overflows), "failed_reads": .number(failedReads),
            "held": .number(held), "waiting_programs": .number(waitingPrograms),
            "waiting_signals": .number(waitingSignals),
            "latency_p50_usec": latencyMedian.map { .number($0) },
            "latency_p99_usec": latency99.map { .number($0) },
            "marked_filesystems": .number(markedFilesystems),
            "unmarked_filesystems": .number(unmarkedFilesystems),
            "last_error": lastError.map { .string($0) },
            "last_error_at": lastErrorAt.map { .string($0) },
        ]
    }
}
