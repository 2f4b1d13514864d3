// What the agent's threads share. Everything in it is made before the first filesystem is marked.

import LinuxSystem
import Policy
import Signals

/// The shared parts of a running agent; any thread.
final class AgentState: Sendable {
    let deployments: DeploymentBox
    let ledger = ExecLedger()
    let tree = ProcessTree()
    let names = UserNames()
    let counters = Counters()
    let digests = FileDigests()
    let containers: ContainerImages
    let packages = PackageIndex()
    let outbox: Outbox
    let host: HostRecord
    let scope: WatchScope
    let watch: DeadlineWatch
    let variables = VariableStore { KernelClock.monotonic.nanoseconds }
    let notes = ServiceNotes()
    let keptDisarmed: DisarmedRules
    let refusals = RefusalLimit()
    let canary: CanaryRecord
    let protected: ProtectedPrograms
    /// Processes that are to be looked at.
    let confirmations: ConfirmationQueue
    /// Denied execs whose rules ask for more.
    let responses: ResponseQueue
    let latency = LatencyHistogram()
    let parts = RunningParts()

    init(
        deployment: Deployment,
        host: HostRecord,
        scope: WatchScope,
        canary: CanaryRecord,
        keptDisarmed: DisarmedRules,
        guardian: Int32? = nil
    ) throws(SystemError) {
        deployments = DeploymentBox(deployment)
        outbox = try Outbox(host: host)
        outbox.note(activeProtection: deployment.isActiveProtectionEnabled)
        watch = try DeadlineWatch()
        containers = try ContainerImages()
        confirmations = try ConfirmationQueue()
        responses = try ResponseQueue()
        self.host = host
        self.scope = scope
        self.canary = canary
        self.keptDisarmed = keptDisarmed
        protected = ProtectedPrograms(guardian: guardian)
    }

    /// Reads what the rules of a deployment will ask for; before it becomes active.
    ///
    /// Blocks as the file system does.
    func prepare(for deployment: Deployment) {
        if deployment.needsPackages { packages.prepare() }
    }

    /// Makes a deployment the active one, and has everything that runs already looked at: what
    /// matches is signalled, never killed.
    ///
    /// With `rearming` what the brake has disarmed blocks again; only for somebody who may decide
    /// about blocking. Blocks as the file system does.
    func activate(_ deployment: Deployment, rearming: Bool) {
        prepare(for: deployment)
        let previous = deployments.current
        if !rearming { deployment.brake.resume(from: previous.brake) }
        keptDisarmed.resume(deployment, after: previous, rearming: rearming)
        deployments.replace(with: deployment)
        keptDisarmed.noteChange()
        outbox.note(activeProtection: deployment.isActiveProtectionEnabled)
        for rule in previous.disarmedRules where rearming && deployment.blocks(ruleNamed: rule) {
            outbox.post(.ruleRearmed(rule: rule))
        }
        confirmations.push(Confirmation(process: 0, cause: .alreadyRunning))
    }

    /// A place for attempts of one thread.
    func makeAttempt() throws(SystemError) -> Attempt {
        try Attempt(
            tree: tree,
            sources: FactSources(
                names: names,
                digests: digests,
                packages: packages,
                containers: containers,
                protected: protected
            ),
            variables: variables,
            hostName: host.name
        )
    }
}
