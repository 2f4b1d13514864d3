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

    init(deployment: Deployment, host: HostRecord, scope: WatchScope) throws(SystemError) {
        deployments = DeploymentBox(deployment)
        outbox = try Outbox(host: host)
        watch = try DeadlineWatch()
        containers = try ContainerImages()
        self.host = host
        self.scope = scope
    }

    /// Reads what the rules of a deployment will ask for; before it becomes active.
    ///
    /// Blocks as the file system does.
    func prepare(for deployment: Deployment) {
        if deployment.needsPackages { packages.prepare() }
    }

    /// A place for attempts of one thread.
    func makeAttempt() throws(SystemError) -> Attempt {
        try Attempt(
            tree: tree,
            sources: FactSources(
                names: names,
                digests: digests,
                packages: packages,
                containers: containers
            ),
            variables: variables,
            hostName: host.name
        )
    }
}
