// The daemon's life: everything that may start a program or load a module happens before the first
// filesystem is marked; at the end the group is closed before anything else.

import ControlProtocol
import LinuxSystem
import Policy
import Signals

/// The running daemon; owned by the main thread.
package final class Daemon {
    let options: DaemonOptions
    private let heartbeat: Heartbeat
    private let deployer: Deployer
    let agent: AgentState
    private let signals: SignalDescriptor
    private let manager: ServiceManager
    private let descriptions: DescriptionReader
    private var group: FanotifyGroup?

    /// Runs until it is told to stop; the exit status.
    ///
    /// The calling process becomes the guardian of the one that holds execs; it must have one
    /// thread.
    package static func run(_ options: DaemonOptions) -> Int32 {
        Host.forbidDumps()
        Host.raiseDescriptorLimit()
        FanotifyGroup.forbidCrashReporter()
        do throws(SystemError) {
            guard options.hasGuardian else {
                let vitals = Guardian.Vitals(heartbeat: try Heartbeat(), canary: try CanaryRecord())
                return work(options, vitals: vitals, after: nil)
            }
            return try Guardian.supervise(canaryFile: options.canary) { vitals, gap in
                work(options, vitals: vitals, after: gap)
            }
        } catch {
            ServiceLog.error(error.description)
            return 1
        }
    }

    /// The life of the process that holds execs.
    private static func work(
        _ options: DaemonOptions,
        vitals: Guardian.Vitals,
        after gap: Guardian.Gap?
    ) -> Int32 {
        do throws(SystemError) {
            let daemon = try Daemon(options, vitals, isReplacement: gap != nil)
            if let gap {
                daemon.agent.outbox.post(
                    .gap(
                        from: Timestamp(nanoseconds: Int64(gap.from)),
                        to: Timestamp(nanoseconds: Int64(gap.to)),
                        reason: gap.reason
                    )
                )
            }
            guard try daemon.start() else { return 1 }
            try daemon.serve()
            daemon.stop()
            return 0
        } catch {
            ServiceLog.error(error.description)
            return 1
        }
    }

    private init(
        _ options: DaemonOptions,
        _ vitals: Guardian.Vitals,
        isReplacement: Bool
    ) throws(SystemError) {
        self.options = options
        heartbeat = vitals.heartbeat
        // Before any thread exists: all inherit the blocked signals.
        signals = try SignalDescriptor(
            blocking: [
                SignalDescriptor.terminate, SignalDescriptor.interrupt, SignalDescriptor.hangUp,
            ])
        manager = try ServiceManager()
        let (deployer, report) = Deployer.start(
            rules: RuleStore(
                directories: RuleDirectories(
                    shipped: options.rulesDirectory,
                    configuration: options.configurationDirectory
                ),
                host: .current
            ),
            stateDirectory: options.stateDirectory,
            isReplacement: isReplacement
        )
        self.deployer = deployer
        let deployment = deployer.active.deployment
        let disarmed = try DisarmedRules(stateDirectory: options.stateDirectory)
        disarmed.resume(deployment, after: nil)
        for id in deployment.disarmedRules where deployment.blocks(ruleNamed: id) {
            ServiceLog.warning(
                "rule '\(id)' stays disarmed, for it has blocked too much;"
                    + " 'minewarden protection rearm \(id)' lets it block again"
            )
        }
        descriptions = DescriptionReader(further: deployment.settings.containerStorage)
        agent = try AgentState(
            deployment: deployment,
            host: HostRecord(
                name: Host.name,
                agentVersion: Version.text,
                kernelRelease: Host.kernelRelease,
                architecture: Host.architecture
            ),
            scope: try Self.scope(options.watchedPaths),
            canary: vitals.canary,
            keptDisarmed: disarmed,
            guardian: options.hasGuardian ? Host.parentProcessID : nil
        )
        report.tell(agent)
    }

    private static func scope(_ paths: [String]) throws(SystemError) -> WatchScope {
        guard !paths.isEmpty else { return .host }
        var devices: Set<FileIdentity.Device> = []
        for path in paths { devices.insert(try FileIdentity(ofPath: path).device) }
        return WatchScope(devices: devices)
    }

    // MARK: - Start

    /// Starts everything; false if nothing of this host could be protected.
    private func start() throws(SystemError) -> Bool {
        let output = SignalWriter.Output(
            rawValue: options.output ?? agent.deployments.current.settings.output.rawValue
        )
        let journalPath = options.journalSocket ?? JournalSocket.systemPath
        try NativeThread.start("journal") { [agent] in
            logged("the thread that records signals") { () throws(SystemError) in
                try SignalWriter(
                    agent: agent,
                    output: output ?? .journal,
                    journalPath: journalPath
                ).run()
            }
        }
        try agent.containers.start(reading: descriptions)
        try NativeThread.start("responses") { [agent] in
            logged("the thread that ends containers") { () throws(SystemError) in
                try agent.responses.serve(for: agent)
            }
        }
        try NativeThread.start("disarmed") { [agent] in
            logged("the thread that keeps what is disarmed") { () throws(SystemError) in
                try agent.keptDisarmed.serve(for: agent)
            }
        }
        agent.prepare(for: agent.deployments.current)
        // The first use of a netlink family may load a module, which is an exec.
        _ = try? Taskstats()
        let connector = openConnector()
        let group = openGroup()
        guard group != nil || connector != nil else {
            ServiceLog.error("nothing can be watched on this host; stopping")
            return false
        }
        var pools: [WorkerPool] = []
        if let connector { pools.append(try startConfirmation(connector)) }
        if let group {
            pools.append(try startVerdicts(group, with: pools))
            // From here on execs can wait for this process.
            heartbeat.beat()
            try startCoverage(group)
        }
        listen()
        let deployment = agent.deployments.current
        agent.outbox.post(
            .started(
                version: Version.text,
                ruleCount: deployment.ruleSet.rules.count,
                generation: deployment.generation,
                isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
                coveredCount: agent.parts.coverage?.markedCount
            )
        )
        manager.notify(.ready, .status(agent.serviceStatus))
        return true
    }

    /// Opens the control socket; without it execs are judged all the same.
    private func listen() {
        do throws(SystemError) {
            let desk = ControlDesk(target: target, deployer: deployer)
            try ControlServer(desk: desk).start(in: options.runtimeDirectory)
        } catch {
            degrade(
                missing: "the control socket: \(error)",
                effect: "nobody can ask or change anything with the minewarden command"
            )
        }
    }

    private func openGroup() -> FanotifyGroup? {
        do throws(SystemError) {
            let group = try FanotifyGroup()
            self.group = group
            return group
        } catch {
            degrade(
                missing: "execs cannot be held: \(error)",
                effect: "nothing is denied before it runs; programs are judged after they have"
                    + " started, and killed if a rule blocks"
            )
            return nil
        }
    }

    private func openConnector() -> ProcConnector? {
        do throws(SystemError) {
            let capabilities = HostCapabilities()
            // Since Linux 6.6 anybody may listen; without this, nothing heard could be looked at.
            let reading = capabilities.has(.sysPtrace)
            guard reading.isAvailable else {
                degradeWithoutConnector(because: "\(reading.subject) is \(reading.reason)")
                return nil
            }
            let connector = try ProcConnector.open()
            let killing = capabilities.has(.killOthers)
            if !killing.isAvailable {
                degrade(
                    missing: "\(killing.subject) is \(killing.reason)",
                    effect: "execs are held and denied, but no running process can be killed"
                )
            }
            return connector
        } catch {
            degradeWithoutConnector(because: error.description)
            return nil
        }
    }

    private func degradeWithoutConnector(because reason: String) {
        degrade(
            missing: "processes cannot be followed: \(reason)",
            effect: "held execs are still judged and denied; what cannot be held (programs in"
                + " memory, arguments changed during the hold) is not seen"
        )
    }

    private func degrade(missing: String, effect: String) {
        ServiceLog.warning("\(missing); \(effect)")
        agent.outbox.post(.degraded(missing: missing, effect: effect))
    }

    private func startConfirmation(
        _ connector: ProcConnector
    ) throws(SystemError) -> WorkerPool {
        let pool = WorkerPool(name: "confirm", size: 1, limit: 16, counters: agent.counters) {
            [agent] member, pool in
            logged("a confirmation thread") { () throws(SystemError) in
                try ConfirmationWorker(agent: agent, member: member, pool: pool).run()
            }
        }
        try pool.start()
        agent.parts.confirmations = pool
        let sensor = Sensor(agent: agent, connector: connector)
        try NativeThread.start("sensor") { sensor.run() }
        // Events from now on are received: what ran before is taken from /proc.
        var procfs = try Procfs()
        let begin = KernelClock.monotonic.nanoseconds
        let survey = try ProcessSnapshot.all(reading: &procfs)
        agent.tree.synchronize(with: survey, begunAt: begin)
        for snapshot in survey {
            agent.confirmations.push(
                Confirmation(process: snapshot.node.pid, cause: .alreadyRunning)
            )
        }
        return pool
    }

    private func startVerdicts(
        _ group: FanotifyGroup,
        with others: [WorkerPool]
    ) throws(SystemError) -> WorkerPool {
        let size = max(2, min(4, Host.processorCount))
        let pool = WorkerPool(
            name: "verdict",
            urgency: .urgent,
            size: size,
            limit: 64,
            counters: agent.counters
        ) {
            [agent] member, pool in
            logged("a verdict thread") { () throws(SystemError) in
                try VerdictWorker(agent: agent, group: group, member: member, pool: pool).run()
            }
        }
        agent.parts.verdicts = pool
        try pool.start()
        try NativeThread.start("deadline", urgency: .urgent) { [agent] in
            logged("the deadline thread") { () throws(SystemError) in
                let answer = try DeadlineAnswer(agent: agent, group: group)
                agent.watch.run(others + [pool]) { now, exhausted in
                    answer.look(at: pool.members, now: now)
                    if exhausted.contains(where: { $0 === pool }) { answer.letGo(now: now) }
                }
            }
        }
        return pool
    }

    // MARK: - Service

    private static let beatMilliseconds: CInt = 1000
    private static let settlingBeats = 3

    private func serve() throws(SystemError) {
        let epoll = try Epoll()
        try epoll.add(signals.descriptor, token: 0)
        // When what loading rules took is given back: a few beats after each deploy, when what ran
        // before has been looked at.
        var known = agent.deployments.current.generation
        var beatsLeft = Self.settlingBeats
        while true {
            // The guardian ends this process if the beats stop.
            if agent.watch.isHealthy(now: KernelClock.monotonic.nanoseconds) { heartbeat.beat() }
            _ = try epoll.wait(milliseconds: Self.beatMilliseconds)
            while let record = try signals.next() {
                guard record.signal == SignalDescriptor.hangUp else { return }
                reload()
            }
            let generation = agent.deployments.current.generation
            if generation != known {
                (known, beatsLeft) = (generation, Self.settlingBeats)
                // A deploy over the control socket is nothing the service manager asked for.
                manager.notify(.status(agent.serviceStatus))
            }
            if beatsLeft == 1 { Host.releaseMemory() }
            beatsLeft = max(0, beatsLeft - 1)
        }
    }

    /// Deploys what lies on the disk, on a thread of its own: verdicts and heartbeats go on.
    private func reload() {
        manager.notify(
            .reloading(monotonicMicroseconds: KernelClock.monotonic.nanoseconds / 1000)
        )
        do throws(SystemError) {
            try NativeThread.start("reload", stackKibibytes: 8192) { [deployer, target, manager] in
                let outcome = deployer.deploy(DeployOptions(), cause: .reload, into: target)
                if case .failure(let refusal) = outcome { ServiceLog.error(refusal.message) }
                manager.notify(.ready, .status(target.agent.serviceStatus))
            }
        } catch {
            ServiceLog.error("the rules are not reloaded: \(error)")
            manager.notify(.ready)
        }
    }

    private var target: DeployTarget { DeployTarget(agent: agent, descriptions: descriptions) }

    // MARK: - Stop

    /// The group first: from here on nothing can wait for us.
    private func stop() {
        group?.close()
        manager.notify(.stopping)
        agent.outbox.post(.stopped(reason: "asked to stop"))
        // The guardian is still there, and would start another if the beats stopped.
        heartbeat.beat()
        // The thread for it has done so already, but for the last milliseconds.
        try? agent.keptDisarmed.keep(of: agent.deployments)
        heartbeat.beat()
        // journald may be stopping too: signals get this long, then what is left is lost.
        for _ in 0..<200 where !agent.outbox.isEmpty { Host.sleep(milliseconds: 10) }
    }
}

/// Runs a thread's body; what ends it is told.
func logged(_ thread: String, _ body: () throws(SystemError) -> Void) {
    do throws(SystemError) {
        try body()
    } catch {
        ServiceLog.error("\(thread) cannot run: \(error)")
    }
}
