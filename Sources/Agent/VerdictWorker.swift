// One verdict thread: takes a held exec, understands it, judges it, answers it, and only then
// records. Blocks in nothing but the reads of the held task, which the deadline thread guards.

import LinuxSystem
import Policy
import RuleLanguage
import Signals

/// The state of one verdict thread.
final class VerdictWorker {
    private let agent: AgentState
    private let group: FanotifyGroup
    private let member: PoolMember
    private let pool: WorkerPool
    private let reader = ExecStringReader()
    private let attempt: Attempt
    private var judge = Judge()
    private var loaders = KnownLoaders()
    private let epoll: Epoll

    init(
        agent: AgentState,
        group: FanotifyGroup,
        member: PoolMember,
        pool: WorkerPool
    ) throws(SystemError) {
        self.agent = agent
        self.group = group
        self.member = member
        self.pool = pool
        attempt = try agent.makeAttempt()
        epoll = try Epoll()
        // Of several waiting threads one is woken per event.
        try epoll.add(group.pollDescriptor, token: 0, exclusively: true)
    }

    /// Runs until the group is closed or this thread is surplus.
    func run() {
        while true {
            do throws(SystemError) {
                switch try group.next(into: member.slot, fallback: .allow) {
                case .held(let pending):
                    member.begin(now: pending.takenNanoseconds)
                    agent.watch.noteWork()
                    handle(pending)
                    member.end()
                    if pool.retires(member, now: KernelClock.monotonic.nanoseconds) { return }
                case .empty:
                    _ = try epoll.wait()
                case .overflow:
                    agent.counters.overflows.count()
                    agent.outbox.post(.eventsLost(.held, lostCount: nil))
                case .closed:
                    return
                }
            } catch {
                // Out of descriptors: the kernel has denied that exec by itself. Waiting a moment
                // lets events in progress give theirs back.
                agent.counters.failedReads.count()
                Host.sleep(milliseconds: 1)
            }
        }
    }

    private func handle(_ pending: consuming PendingPermission) {
        let verdict = decide(pending)
        let taken = pending.takenNanoseconds
        if agent.canary.isCanary(task: pending.task) { agent.canary.noteHeld(now: taken) }
        let answered = pending.answer(verdict.answer)
        let latency = KernelClock.monotonic.nanoseconds - taken
        agent.latency.record(nanoseconds: latency)
        agent.post(of: verdict.judgement, by: verdict.deployment)
        guard !isLeftToConfirmation(verdict, answered.delivery) else { return }
        guard var scene = verdict.scene else { return }
        // Nobody is held any more: the record may wait for the image that the verdict did not need.
        scene.completeContainer(from: agent.containers)
        scene.addDigest(of: answered.file.raw, from: agent.digests)
        report(verdict, scene: scene, delivery: answered.delivery, latency: latency)
    }

    // MARK: - Verdict

    /// The answer, and what is to be recorded after it.
    private struct Verdict {
        var answer = Answer.allow
        var judgement = Judgement()
        /// Set if something is to be recorded.
        var scene: Scene?
        var isUnreadable = false
        var isCheckOnly = false
        /// Kept until the task is free: closing its file takes time, too.
        var task: HeldTaskFile?
        /// What was left for the confirmation of an exec that may begin.
        var record: ExecRecord?
        let deployment: Deployment
    }

    private func decide(_ pending: borrowing PendingPermission) -> Verdict {
        let deployment = agent.deployments.current
        var verdict = Verdict(deployment: deployment)
        // A task that is not visible from this pid namespace has no number here.
        guard pending.task > 0 else {
            agent.counters.unattributed.count()
            return verdict
        }
        do throws(SystemError) {
            guard let record = agent.ledger.record(of: pending.task) else {
                try decideFirst(pending, &verdict)
                return verdict
            }
            let file = try? FileIdentity(descriptor: pending.file)
            if record.isOpenedThrough(file, thread: pending.task, reader: attempt.reader) {
                agent.counters.continued.count()
            } else if record.continues(
                with: pending,
                file,
                loaders: &loaders,
                strings: reader,
                procfs: &attempt.reader.procfs,
                environment: deployment.needsEnvironment
            ) {
                agent.counters.continued.count()
                try decideFurther(pending, file, record: record, &verdict)
            } else {
                try decideFirst(pending, &verdict)
            }
        } catch {
            // ESRCH: the task was killed while it waited. EPERM: we may not read any task here,
            // which was reported at start; denying would deny everything.
            agent.counters.unreadable.count()
            if !error.isOfTaskThatIsGone, !error.isPermissionDenied {
                refuseUnseen(pending, &verdict)
            }
        }
        return verdict
    }

    /// Something else kept the task from being looked at: the same as memory that cannot be read.
    private func refuseUnseen(_ pending: borrowing PendingPermission, _ verdict: inout Verdict) {
        attempt.hold(
            file: pending.file,
            thread: pending.task,
            process: pending.task,
            program: HeldProgram()
        )
        verdict.isUnreadable = true
        if mustDenyUnreadable(verdict) { verdict.answer = .deny }
        verdict.scene = Scene(of: attempt)
        attempt.clear()
    }

    private func decideFirst(
        _ pending: borrowing PendingPermission,
        _ verdict: inout Verdict
    ) throws(SystemError) {
        let task = HeldTaskFile(
            try HeldTask(thread: pending.task, procfs: attempt.reader.procfs.directory)
        )
        guard let call = try task.task.currentCall() else {
            // The kernel starts a helper of its own (usermode helper): never delayed; if a rule
            // matches it, the confirmation sees it running.
            agent.counters.unattributed.count()
            return
        }
        verdict.task = task
        let process = try processID(of: task)
        agent.counters.judged.count()
        try look(
            at: pending,
            Held(task: task, call: call, process: process, record: nil),
            &verdict
        )
    }

    /// An interpreter is about to be opened, or a loader.
    private func decideFurther(
        _ pending: borrowing PendingPermission,
        _ file: FileIdentity?,
        record: ExecRecord,
        _ verdict: inout Verdict
    ) throws(SystemError) {
        verdict.task = record.task
        guard record.expectation == .interpreter else {
            agent.ledger.store(record.expecting(.nothing, loader: file), replacing: record)
            return
        }
        let format = try ProgramFormat.of(pending.file)
        var isScript = false
        if case .script = format { isScript = true }
        guard isScript || verdict.deployment.needsInterpreter, let task = record.task else {
            // What could not be asked before has its error told here.
            let interpreter =
                if let file { file } else { try FileIdentity(descriptor: pending.file) }
            let further = record.expecting(
                ExecRecord.Expectation(after: format),
                interpreter: interpreter
            )
            verdict.record = further
            agent.ledger.store(further, replacing: record)
            return
        }
        try look(
            at: pending,
            Held(task: task, call: record.call, process: record.process, record: record),
            &verdict
        )
    }

    /// One event of an exec, as far as it is known without its memory.
    private struct Held {
        let task: HeldTaskFile
        let call: HeldSyscall
        let process: Int32
        /// What an earlier event of the same exec left.
        let record: ExecRecord?
    }

    /// Reads what is about to start and judges it.
    private func look(
        at pending: borrowing PendingPermission,
        _ held: Held,
        _ verdict: inout Verdict
    ) throws(SystemError) {
        let strings = try reader.read(
            task: pending.task,
            call: held.call,
            environment: verdict.deployment.needsEnvironment
        )
        let format = try ProgramFormat.of(pending.file)
        var program = HeldProgram(
            strings: strings,
            call: held.call,
            format: format,
            chain: held.record?.chain
        )
        if let record = held.record {
            program.main = .other(path: record.path, record.file)
        } else {
            let finder = MainFileFinder(
                event: pending.file,
                thread: pending.task,
                reader: attempt.reader
            )
            finder.find(for: &program, call: held.call, format: format)
        }
        attempt.hold(
            file: pending.file,
            thread: pending.task,
            process: held.process,
            program: program
        )
        verdict.isUnreadable = strings.isUnreadable
        verdict.isCheckOnly = held.call.isCheckOnly
        member.slot.enter(.judging)
        settle(held, strings, format: format, &verdict)
        attempt.clear()
        reader.recycle(strings)
    }

    /// Judges, decides, and leaves a record for the exec's further events and its confirmation.
    ///
    /// All before the answer: afterwards the task moves on.
    private func settle(
        _ held: Held,
        _ strings: ExecStrings,
        format: ProgramFormat,
        _ verdict: inout Verdict
    ) {
        let deployment = verdict.deployment
        let known =
            held.record?.generation == deployment.generation ? held.record?.signalled ?? [] : []
        verdict.judgement = judge.judge(
            attempt,
            by: deployment,
            except: known,
            program: held.record == nil ? .next : .current,
            isBrakeable: !verdict.isCheckOnly
        )
        if verdict.judgement.blocks || mustDenyUnreadable(verdict) {
            verdict.answer = .deny
            // From here on nothing that stalls (an ancestor's memory) may turn it into allow.
            member.slot.enter(.denying)
        }
        attempt.settleVariables(
            verdict.isCheckOnly ? .discarded : verdict.answer == .allow ? .started : .refused
        )
        if verdict.judgement.matches.contains(where: \.isReported) || verdict.isUnreadable {
            verdict.scene = Scene(of: attempt)
        }
        if verdict.isUnreadable { agent.counters.unreadable.count() }
        guard verdict.answer == .allow, !verdict.isCheckOnly else {
            // What the thread did before this exec may still be looked at.
            if let record = held.record { agent.ledger.drop(record) }
            return
        }
        let record = ExecRecord(
            of: attempt,
            call: held.call,
            task: held.task,
            format: format,
            strings: strings,
            signalled: known + verdict.judgement.matches.map(\.rule),
            deployment: deployment
        )
        verdict.record = record
        agent.ledger.store(record, replacing: held.record)
    }

    /// An exec that hides what it runs is refused where anything is blocked at all.
    private func mustDenyUnreadable(_ verdict: Verdict) -> Bool {
        verdict.isUnreadable && verdict.deployment.blocksUnreadable
            && !attempt.isProtected
    }

    private func processID(of task: HeldTaskFile) throws(SystemError) -> Int32 {
        let thread = task.task.thread
        if task.task.isGroupLeader { return thread }
        return try attempt.reader.procfs.status(of: thread)?.process ?? thread
    }

    // MARK: - Record

    /// Whether an exec that the deadline let go is judged by the confirmation, before or after this.
    ///
    /// It tells of it then, once. What it has taken from the ledger it counts as told by us, and so
    /// it must find what was told at an earlier event of the same exec.
    private func isLeftToConfirmation(_ verdict: Verdict, _ delivery: Delivery) -> Bool {
        guard verdict.answer == .allow, case .late(.allow) = delivery,
            verdict.scene != nil, let record = verdict.record,
            record.signalled.count == verdict.judgement.matches.count,
            agent.parts.confirmations != nil
        else { return false }
        return agent.ledger.drop(record)
    }

    private func report(
        _ verdict: Verdict,
        scene: Scene,
        delivery: Delivery,
        latency: UInt64
    ) {
        if verdict.answer == .deny, delivery == .delivered { agent.counters.denied.count() }
        let report = HeldReport(
            answer: verdict.answer,
            delivery: delivery,
            isUnreadable: verdict.isUnreadable,
            isCheckOnly: verdict.isCheckOnly,
            latencyNanoseconds: latency
        )
        let now = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
        let detections = report.detections(
            of: verdict.judgement,
            scene: scene,
            by: verdict.deployment
        )
        // The rest of the container is killed by a thread that may wait for its end.
        if verdict.answer == .deny, delivery == .delivered, !verdict.isCheckOnly,
            let plan = verdict.judgement.plan, plan.scope != .process,
            agent.responses.push(
                Response(plan: plan, cgroup: scene.process.cgroup, detections: detections, at: now)
            )
        {
            return
        }
        for detection in detections { agent.outbox.post(detection, at: now) }
    }
}
