// Kills judged processes, and the control groups that their rules ask for, and sees them end. The
// only caller of ProcessHandle.send and of ControlGroup.kill.

import LinuxSystem
import Signals

/// Kills processes that were judged; one per thread.
struct Executioner: ~Copyable {
    private let protected: ProtectedPrograms
    private let scope: WatchScope
    /// For the record of what a killed process has used; not vital.
    private var taskstats: Taskstats? = try? Taskstats()

    /// How long the end of killed processes is waited for before nothing is claimed.
    private static let patience = Duration.seconds(2)
    private static let roundMilliseconds: UInt32 = 10
    /// As many rounds as patience has.
    private static let roundLimit = 200

    /// Looks at a process that is not where it was listed.
    private static let exitLooks = 10

    init(protected: ProtectedPrograms, scope: WatchScope) {
        self.protected = protected
        self.scope = scope
    }

    // MARK: - One process

    /// Sends the signal of the plan; blocks until the exit is seen or patience is over.
    mutating func kill(
        _ judged: JudgedProcess,
        plan: KillPlan,
        startedAt: Timestamp?,
        detectedAt: Timestamp,
        reader: ProcfsReader
    ) -> KillReport {
        var report = KillReport(signal: plan.signalName, status: .error, detectedAt: detectedAt)
        report.createdAt = startedAt
        do throws(ProcessHandleError) {
            guard !protected.covers(process: judged.identity.pid) else {
                throw .refused(.systemProcess)
            }
            let handle = try ProcessHandle(pid: judged.identity.pid)
            // Asked before the end: the numbers are gone with it.
            if let use = try? taskstats?.use(of: judged.identity.pid) {
                report.cpuTimeNanoseconds = (use.userMicroseconds + use.systemMicroseconds) * 1000
            }
            try handle.send(plan.signal, ifStill: judged.identity, reading: &reader.procfs)
            report.status = .performed
            report.killedAt = Self.now
            if (try? handle.waitForExit(timeout: Self.patience)) == true {
                report.exitedAt = Self.now
            }
        } catch {
            switch error {
            case .gone: report.status = .aborted
            case .refused: report.failure = "this process is never killed"
            case .changed: report.failure = "it has started another program meanwhile"
            case .system(let error): report.failure = error.description
            }
        }
        return report
    }

    // MARK: - A whole group

    /// Ends what is in the group that the plan is about, and adds to the report what came of it.
    ///
    /// Nothing in it is touched if a single process of it must not be. Blocks until the group is
    /// empty or patience is over.
    func killGroup(
        of cgroup: CgroupPath?,
        plan: KillPlan,
        report: inout KillReport,
        reader: ProcfsReader
    ) {
        guard plan.scope != .process else { return }
        report.scope = plan.scope
        do throws(ScopeRefusal) {
            guard let cgroup else { throw .unclear }
            let path = try plan.scope.group(of: cgroup)
            guard let group = ControlGroup(ofCgroup: path) else {
                report.targetCount = 0
                return
            }
            let count = try end(group, path, with: plan.signal, reader: reader)
            report.targetCount = count
            if report.killedAt == nil { report.killedAt = Self.now }
            if !isEmpty(group) { report.status = .partiallyPerformed }
        } catch {
            report.failure = error.description
            report.status = .partiallyPerformed
        }
    }

    /// Signals everything in a group; how many processes that were.
    private func end(
        _ group: borrowing ControlGroup,
        _ path: [UInt8],
        with signal: ProcessSignal,
        reader: ProcfsReader
    ) throws(ScopeRefusal) -> Int {
        guard let processes = group.processes else { throw .unclear }
        for pid in processes { try examine(pid, in: path, reader: reader) }
        guard signal == .kill else {
            for pid in processes { send(signal, to: pid, in: path, reader: reader) }
            return processes.count
        }
        // The kernel's own way leaves nothing out, however fast it forks.
        if (try? group.kill()) != nil { return processes.count }
        // Without it, nothing forks while it is frozen; of the old kind, what is frozen ends only when
        // it thaws. It thaws whatever came of freezing it: nothing may stay so.
        try? group.setFrozen(true)
        defer { try? group.setFrozen(false) }
        var count = processes.count
        for _ in 0..<Self.roundLimit {
            let left = group.processes
            if left?.isEmpty == true { break }
            count = max(count, left?.count ?? 0)
            for pid in left ?? [] { send(.kill, to: pid, in: path, reader: reader) }
            try? group.setFrozen(false)
            Host.sleep(milliseconds: Self.roundMilliseconds)
        }
        return count
    }

    /// Refuses the whole group for a process that must not be killed.
    private func examine(
        _ pid: Int32,
        in path: [UInt8],
        reader: ProcfsReader
    ) throws(ScopeRefusal) {
        guard !protected.covers(process: pid) else { throw .protected(pid, path: []) }
        for attempt in 1... {
            if Self.isMember(pid, of: path, reader: reader) { break }
            // What ends leaves its group a moment before it is seen to have ended.
            let stat = (try? reader.procfs.stat(of: pid)) ?? nil
            guard let stat, !stat.isZombie else { return }
            // The hierarchies disagree about who is in the group.
            guard attempt < Self.exitLooks else { throw .unclear }
            Host.sleep(milliseconds: Self.roundMilliseconds)
        }
        guard let program = (try? reader.procfs.identity(of: .program, pid: pid)) ?? nil else {
            let stat = (try? reader.procfs.stat(of: pid)) ?? nil
            if let stat, stat.isKernelThread { throw .protected(pid, path: stat.name) }
            return
        }
        let place = ((try? reader.procfs.target(of: .program, pid: pid)) ?? nil) ?? []
        guard !protected.covers(path: place, file: program) else {
            throw .protected(pid, path: place)
        }
        guard scope.contains(program: program, isAnonymous: false, origins: { [] }) else {
            throw .foreign(pid)
        }
    }

    private static func isMember(_ pid: Int32, of path: [UInt8], reader: ProcfsReader) -> Bool {
        guard let own = ((try? reader.procfs.cgroups(of: pid)) ?? nil)?.mostSpecific else {
            return false
        }
        return own.bytes == path || own.bytes.starts(with: path + [UInt8(ascii: "/")])
    }

    private func send(
        _ signal: ProcessSignal,
        to pid: Int32,
        in path: [UInt8],
        reader: ProcfsReader
    ) {
        guard !protected.covers(process: pid),
            let identity = (try? ProcessIdentity.current(of: pid, reading: &reader.procfs)) ?? nil,
            let handle = try? ProcessHandle(pid: pid),
            // Pinned before it is asked: the number cannot have become another's.
            Self.isMember(pid, of: path, reader: reader)
        else { return }
        try? handle.send(signal, ifStill: identity, reading: &reader.procfs)
    }

    private func isEmpty(_ group: borrowing ControlGroup) -> Bool {
        for _ in 0..<Self.roundLimit {
            if group.processes?.isEmpty == true { return true }
            Host.sleep(milliseconds: Self.roundMilliseconds)
        }
        return false
    }

    private static var now: Timestamp {
        Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
    }
}
