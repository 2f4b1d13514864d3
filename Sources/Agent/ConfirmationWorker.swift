// What runs is compared with what was judged; what was not held is judged now. A match of a
// blocking rule is killed. Everything here is after the fact and is recorded as such.

import LinuxSystem
import Policy
import RuleLanguage
import Signals

/// One thread that looks at processes after their exec.
final class ConfirmationWorker {
    private let agent: AgentState
    private let member: PoolMember
    private let pool: WorkerPool
    private let attempt: Attempt
    private var judge = Judge()
    private var executioner: Executioner
    private let epoll: Epoll

    private var queue: ConfirmationQueue { agent.confirmations }

    init(agent: AgentState, member: PoolMember, pool: WorkerPool) throws(SystemError) {
        self.agent = agent
        self.member = member
        self.pool = pool
        attempt = try agent.makeAttempt()
        executioner = Executioner(protected: agent.protected, scope: agent.scope)
        epoll = try Epoll()
        try epoll.add(agent.confirmations.wake.raw, token: 0)
    }

    /// Runs until this thread is surplus.
    func run() {
        while true {
            guard let confirmation = queue.pop() else {
                _ = try? epoll.wait()
                continue
            }
            member.begin(now: KernelClock.monotonic.nanoseconds)
            agent.watch.noteWork()
            if confirmation.process == 0 {
                sweep(confirmation.cause)
            } else {
                look(at: confirmation)
            }
            member.end()
            if pool.retires(member, now: KernelClock.monotonic.nanoseconds) { return }
        }
    }

    /// Has processes looked at: after lost events those whose program is not the one that the tree
    /// knows; under new rules all, except those whose exec was reported since.
    private func sweep(_ cause: Confirmation.Cause) {
        let begin = KernelClock.monotonic.nanoseconds
        let survey = (try? ProcessSnapshot.all(reading: &attempt.reader.procfs)) ?? []
        let deployment = agent.deployments.current
        for snapshot in survey {
            let known = agent.tree.process(snapshot.node.pid)
            let isDue =
                if cause == .alreadyRunning {
                    known?.execNanoseconds.map(deployment.isYounger) ?? true
                } else {
                    Self.isOtherProgram(snapshot.node.image, than: known?.image)
                }
            if isDue { queue.push(Confirmation(process: snapshot.node.pid, cause: cause)) }
        }
        // Only lost events can have left the tree behind.
        guard cause == .sweep else { return }
        agent.followVariables(survey)
        agent.tree.synchronize(with: survey, begunAt: begin)
    }

    private static func isOtherProgram(_ image: ProcessImage?, than known: ProcessImage?) -> Bool {
        guard let known else { return true }
        return image.map { !known.isSameProgram(as: $0) } ?? true
    }

    private func look(at confirmation: Confirmation) {
        let pid = confirmation.process
        // Before anything is read: an exec from now on is another one to look at.
        guard queue.beginLook(at: confirmation, now: KernelClock.monotonic.nanoseconds) else {
            return
        }
        let records = records(for: confirmation)
        attempt.run(process: pid)
        defer { attempt.clear() }
        // Gone, or a thread of the kernel: nothing runs that could be judged.
        guard let program = attempt.process.program else {
            agent.counters.unconfirmed.count()
            // Its exit was reported before this look was noted: nobody else takes the note away.
            queue.forget(pid)
            return
        }
        agent.parts.namespaces?.note(process: pid, program: program.device)
        let deployment = agent.deployments.current
        // What the container's next exec may depend on is then known already.
        if deployment.needsImages, let cgroup = attempt.process.cgroup {
            agent.containers.note(cgroup)
        }
        let confirmed =
            confirmation.cause != .alreadyRunning
            ? (records.earlier + records.later).first { confirms($0, deployment) } : nil
        let judged =
            confirmed != nil
            ? nil
            : agent.scope.admit(
                pid: pid,
                program: program,
                path: attempt.path,
                origins: { origins(of: pid, records.earlier) },
                reader: attempt.reader
            )
        agent.tree.setImage(
            ProcessImage(
                path: confirmed?.runningPath ?? attempt.path,
                arguments: Array(
                    attempt.process.arguments.vector.bytes.prefix(
                        ProcessImage.rememberedArguments
                    )
                ),
                device: program.device,
                inode: program.inode
            ),
            of: pid
        )
        if confirmed != nil {
            agent.counters.confirmed.count()
        } else if let judged {
            judgeNow(judged, records.earlier, confirmation, deployment)
        }
    }

    /// What was said about the execs of a process up to the one that is looked at.
    private func records(for confirmation: Confirmation) -> ExecLedger.Entries {
        let exec =
            switch confirmation.cause {
            // It was not held when it started; what is held now is another exec.
            case .alreadyRunning: UInt64(0)
            case .exec, .sweep:
                confirmation.execNanoseconds == 0 ? .max : confirmation.execNanoseconds
            }
        return agent.ledger.take(process: confirmation.process, before: exec)
    }

    /// Where the task came from: the programs that it and its parent ran before, as far as known.
    ///
    /// It may have gone on to another exec already, and a program told of after a fork is not
    /// known of the child.
    private func origins(of pid: Int32, _ records: [ExecRecord]) -> [FileIdentity.Device] {
        let images = [
            agent.tree.process(pid)?.image,
            agent.tree.lineage(of: pid, limit: 1)?.ancestors.first?.image,
        ]
        return records.compactMap { $0.runningFile?.device } + images.compactMap { $0?.device }
    }

    /// True if the process is what the record's verdict was about.
    private func confirms(_ record: ExecRecord, _ deployment: Deployment) -> Bool {
        guard record.generation == deployment.generation, let runs = record.runningFile,
            let program = attempt.process.program, runs.isSameFile(as: program),
            record.arguments == attempt.process.arguments.vector.digest
        else { return false }
        guard let environment = record.environment else { return !deployment.needsEnvironment }
        return environment == attempt.process.environment.environment.digest
    }

    private func judgeNow(
        _ judged: JudgedProcess,
        _ records: [ExecRecord],
        _ confirmation: Confirmation,
        _ deployment: Deployment
    ) {
        let known = records.filter { $0.generation == deployment.generation }.flatMap(\.signalled)
        agent.counters.judgedAfter.count()
        let isOlder = isOlder(judged, confirmation, than: deployment)
        // Its fork was before the agent.
        if confirmation.cause == .alreadyRunning { attempt.inheritVariables() }
        let judgement = judge.judge(
            attempt,
            by: deployment,
            except: known,
            // What was held has begun its variables already.
            program: records.isEmpty && confirmation.cause != .alreadyRunning ? .next : .current,
            isBrakeable: !isOlder
        )
        attempt.settleVariables(.started)
        agent.post(of: judgement, by: deployment)
        guard !judgement.matches.isEmpty else { return }
        var scene = Scene(of: attempt)
        // Opened while it runs, read when nothing waits for it.
        let program = try? attempt.reader.procfs.openProgram(of: attempt.process.pid)
        let now = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
        var kill: KillReport?
        if judgement.blocks, !isOlder, let plan = judgement.plan {
            var report = executioner.kill(
                judged,
                plan: plan,
                startedAt: scene.process.startedAt,
                detectedAt: now,
                reader: attempt.reader
            )
            if report.outcome == .killed { agent.counters.killed.count() }
            executioner.killGroup(
                of: attempt.process.cgroup,
                plan: plan,
                report: &report,
                reader: attempt.reader
            )
            kill = report
        }
        if let program { scene.addDigest(of: program.raw, from: agent.digests) }
        scene.completeContainer(from: agent.containers)
        let report = AfterReport(cause: confirmation.cause, isOlderThanRules: isOlder, kill: kill)
        for detection in report.detections(of: judgement, scene: scene, by: deployment) {
            agent.outbox.post(detection, at: now)
        }
    }

    /// Whether the process ran before the rules blocked.
    ///
    /// When an exec happened that nobody reported is not known: then the start of the process
    /// counts, which is before it.
    private func isOlder(
        _ judged: JudgedProcess,
        _ confirmation: Confirmation,
        than deployment: Deployment
    ) -> Bool {
        guard confirmation.cause != .alreadyRunning else { return true }
        let started =
            confirmation.execNanoseconds > 0
            ? confirmation.execNanoseconds
            : KernelClock.monotonicNanoseconds(ofStartTicks: judged.identity.startTicks)
        return deployment.isYounger(thanProgramStartedAt: started)
    }
}
