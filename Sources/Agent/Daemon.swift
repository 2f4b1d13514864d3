// The daemon's life: everything that may start a program or load a module happens before the first
// filesystem is marked; at the end the group is closed before anything else.

import LinuxSystem
import Policy
import Signals

/// The running daemon; owned by the main thread.
package final class Daemon {
    private let options: DaemonOptions
    private let heartbeat: Heartbeat
    private let store: RuleStore
    private let agent: AgentState
    private let signals: SignalDescriptor
    private let notify: SdNotify?
    private let descriptions: DescriptionReader
    private var group: FanotifyGroup?
    private var coverage: Coverage?
    private var generation: UInt64 = 1

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
                return work(options, heartbeat: try Heartbeat(), after: nil)
            }
            return try Guardian.supervise { heartbeat, gap in
                work(options, heartbeat: heartbeat, after: gap)
            }
        } catch {
            ServiceLog.error(error.description)
            return 1
        }
    }

    /// The life of the process that holds execs.
    private static func work(
        _ options: DaemonOptions,
        heartbeat: Heartbeat,
        after gap: Guardian.Gap?
    ) -> Int32 {
        do throws(SystemError) {
            let daemon = try Daemon(options, heartbeat)
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

    private init(_ options: DaemonOptions, _ heartbeat: Heartbeat) throws(SystemError) {
        self.options = options
        self.heartbeat = heartbeat
        // Before any thread exists: all inherit the blocked signals.
        signals = try SignalDescriptor(
            blocking: [
                SignalDescriptor.terminate, SignalDescriptor.interrupt, SignalDescriptor.hangUp,
            ])
        notify = try SdNotify(address: Host.environment("NOTIFY_SOCKET"))
        store = RuleStore(
            directories: RuleDirectories(
                shipped: options.rulesDirectory,
                configuration: options.configurationDirectory
            ),
            host: .current
        )
        let loaded = store.load(generation: generation)
        descriptions = DescriptionReader(further: loaded.settings.containerStorage)
        agent = try AgentState(
            deployment: Deployment(
                ruleSet: loaded.result.ruleSet,
                settings: loaded.settings,
                generation: generation
            ),
            host: HostRecord(
                name: Host.name,
                agentVersion: Version.text,
                kernelRelease: Host.kernelRelease,
                architecture: Host.architecture
            ),
            scope: try Self.scope(options.watchedPaths)
        )
        report(loaded)
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
        let deployment = agent.deployments.current
        agent.outbox.post(
            .started(
                version: Version.text,
                ruleCount: deployment.ruleSet.rules.count,
                generation: deployment.generation,
                isActiveProtectionEnabled: deployment.isActiveProtectionEnabled
            )
        )
        try? notify?.send(.ready, .status(status))
        return true
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
        let queue = try ConfirmationQueue()
        let pool = WorkerPool(name: "confirm", size: 1, limit: 16, counters: agent.counters) {
            [agent] member, pool in
            logged("a confirmation thread") { () throws(SystemError) in
                try ConfirmationWorker(agent: agent, queue: queue, member: member, pool: pool)
                    .run()
            }
        }
        try pool.start()
        let sensor = Sensor(agent: agent, connector: connector, confirmations: queue)
        try NativeThread.start("sensor") { sensor.run() }
        // Events from now on are received: what ran before is taken from /proc.
        var procfs = try Procfs()
        let survey = try ProcessSnapshot.all(reading: &procfs)
        agent.tree.synchronize(with: survey)
        for snapshot in survey {
            queue.push(Confirmation(process: snapshot.node.pid, cause: .alreadyRunning))
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

    private func startCoverage(_ group: FanotifyGroup) throws(SystemError) {
        let coverage = Coverage(group: group)
        self.coverage = coverage
        guard options.watchedPaths.isEmpty else {
            try coverage.watch(options.watchedPaths)
            return
        }
        let follower = try MountFollower(agent: agent, coverage: coverage)
        try follower.look()
        try NativeThread.start("mounts") {
            logged("the thread that follows mounts") { () throws(SystemError) in
                try follower.run()
            }
        }
    }

    // MARK: - Service

    private static let beatMilliseconds: CInt = 1000

    private func serve() throws(SystemError) {
        let epoll = try Epoll()
        try epoll.add(signals.descriptor, token: 0)
        while true {
            // The guardian ends this process if the beats stop.
            if agent.watch.isHealthy(now: KernelClock.monotonic.nanoseconds) { heartbeat.beat() }
            _ = try epoll.wait(milliseconds: Self.beatMilliseconds)
            while let record = try signals.next() {
                guard record.signal == SignalDescriptor.hangUp else { return }
                reload()
            }
        }
    }

    /// Reads rules and settings again; what is broken is refused, the rest becomes active.
    private func reload() {
        try? notify?.send(
            .reloading(monotonicMicroseconds: KernelClock.monotonic.nanoseconds / 1000)
        )
        let loaded = store.load(generation: generation + 1)
        report(loaded)
        // What is active stays: half of a change may be worse than none.
        guard !loaded.hasErrors else {
            ServiceLog.error("the rules are not reloaded: correct the errors above")
            try? notify?.send(.ready, .status(status))
            return
        }
        generation += 1
        descriptions.use(further: loaded.settings.containerStorage)
        let deployment = Deployment(
            ruleSet: loaded.result.ruleSet,
            settings: loaded.settings,
            generation: generation
        )
        agent.prepare(for: deployment)
        agent.deployments.replace(with: deployment)
        agent.outbox.post(
            .rulesLoaded(
                ruleCount: loaded.result.ruleSet.rules.count,
                fileCount: loaded.fileCount,
                generation: generation
            )
        )
        try? notify?.send(.ready, .status(status))
    }

    private func report(_ loaded: LoadedRules) {
        let texts = loaded.renderedDiagnostics
        for text in texts { ServiceLog.plain(text) }
        guard loaded.hasErrors else { return }
        let refused = loaded.result.ruleSet.statuses.count { $0.isRejected }
        agent.outbox.post(
            .rulesRefused(
                refusedCount: refused,
                loadedCount: loaded.result.ruleSet.rules.count,
                diagnostics: texts
            )
        )
    }

    private var status: String {
        let deployment = agent.deployments.current
        let protection = deployment.isActiveProtectionEnabled ? "enabled" : "disabled"
        return "\(deployment.ruleSet.rules.count) rules, Active Protection \(protection)"
    }

    // MARK: - Stop

    /// The group first: from here on nothing can wait for us.
    private func stop() {
        group?.close()
        try? notify?.send(.stopping)
        agent.outbox.post(.stopped(reason: "asked to stop"))
        // journald may be stopping too: signals get this long, then what is left is lost.
        for _ in 0..<200 where !agent.outbox.isEmpty { Host.sleep(milliseconds: 10) }
    }
}

/// Runs a thread's body; what ends it is told.
private func logged(_ thread: String, _ body: () throws(SystemError) -> Void) {
    do throws(SystemError) {
        try body()
    } catch {
        ServiceLog.error("\(thread) cannot run: \(error)")
    }
}
