// The answer of last resort: what is said to a held task whose verdict does not come, and how that
// is recorded. Reads only what cannot block.

import LinuxSystem
import Policy
import Signals

/// Answers events whose verdict is late; of the deadline thread.
final class DeadlineAnswer {
    private let agent: AgentState
    private let group: FanotifyGroup
    private let reader: ProcfsReader
    /// For execs that are let go here.
    private let slot = VerdictSlot()
    private var nextComplaint: UInt64 = 0

    private static let complaintInterval: UInt64 = 60_000_000_000

    init(agent: AgentState, group: FanotifyGroup) throws(SystemError) {
        self.agent = agent
        self.group = group
        reader = try ProcfsReader()
    }

    /// Looks at all verdict threads once.
    func look(at members: [PoolMember], now: UInt64) {
        let deployment = agent.deployments.current
        for member in members {
            guard let open = member.slot.current,
                now > open.startedNanoseconds,
                now - open.startedNanoseconds > deployment.deadlineNanoseconds
            else { continue }
            expire(open, of: member.slot, deployment)
        }
    }

    /// Lets every waiting exec go unjudged.
    ///
    /// For when all verdict threads are stuck in somebody's memory: nobody else's exec may wait for
    /// that. What runs is judged right after.
    func letGo(now: UInt64) {
        // A bound, so that the stalled ones are looked at again in time.
        for _ in 0..<256 {
            guard case .held(let pending)? = try? group.next(into: slot, fallback: .allow) else {
                break
            }
            _ = pending.answer(.allow)
            agent.counters.unjudged.count()
        }
        guard now > nextComplaint else { return }
        nextComplaint = now + Self.complaintInterval
        agent.outbox.post(
            .degraded(
                missing: "a free verdict thread: all wait for memory that cannot be read",
                effect: "execs are let go and judged after they have started"
            )
        )
    }

    private func expire(
        _ open: VerdictSlot.Open,
        of slot: VerdictSlot,
        _ deployment: Deployment
    ) {
        let denies =
            switch open.phase {
            case .reading: deployment.blocksUnreadable
            case .judging: deployment.settings.late == .deny && deployment.isActiveProtectionEnabled
            case .denying: true
            }
        // Protected programs were sorted out before a verdict began to deny.
        let answer: Answer = denies && !isProtected(open) ? .deny : .allow
        var path: [UInt8] = []
        let didExpire = group.expire(open, in: slot, with: answer) { file in
            path = (try? reader.procfs.target(ofOwnDescriptor: file)) ?? []
        }
        guard didExpire else { return }
        agent.counters.late.count()
        // The verdict thread knows the rules that this is about, and records them.
        guard open.phase != .denying else { return }
        record(open, path: path, answer: answer, deployment)
    }

    /// Whether the event is about a process or program that is never refused.
    ///
    /// The descriptor is that of the event only if the claim succeeds afterwards; what was read of
    /// another is then not used.
    private func isProtected(_ open: VerdictSlot.Open) -> Bool {
        if agent.protected.covers(process: open.task) { return true }
        guard open.phase != .denying, let file = reader.procfs.file(of: open) else { return false }
        return agent.protected.covers(path: file.path, file: file.identity)
    }

    private func record(
        _ open: VerdictSlot.Open,
        path: [UInt8],
        answer: Answer,
        _ deployment: Deployment
    ) {
        var process = ProcessRecord(pid: open.task)
        // Neither of these waits for the memory of the task.
        process.comm = (try? reader.procfs.name(of: open.task)) ?? []
        if let status = try? reader.procfs.status(of: open.task) {
            process.pid = status.process
            process.tid = status.thread
            process.parentPID = status.parent
            process.uid = status.user.real
            process.gid = status.group.real
            process.user = Array(agent.names.user(status.user.real))
        }
        process.executable = FileRecord(path: path)
        var detection = Detection(
            rule: nil,
            outcome: answer == .deny ? .deniedUnreadable : .allowedUnreadable,
            protection: .notAvailable,
            isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
            threat: ThreatName(rule: nil, process: process),
            process: process,
            detectedBy: .held,
            generation: deployment.generation
        )
        detection.isUnreadable = true
        detection.latencyNanoseconds = deployment.deadlineNanoseconds
        agent.outbox.post(
            detection,
            at: Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
        )
    }
}
