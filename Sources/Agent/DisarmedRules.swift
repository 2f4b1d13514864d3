// Which rules the brake has disarmed, kept in the state directory: neither a replaced process nor a
// restart nor a reboot is somebody's decision that they may block again.
//
//   disarmed.json     ["RULE", ...]

import JSON
import LinuxSystem
import Policy
import Signals
import Synchronization

/// The names of disarmed rules on the disk; any thread.
final class DisarmedRules: Sendable {
    private struct State {
        /// What lies on the disk.
        var kept: Set<String>
        /// Names of rules that are not there now: a filter of theirs may hold again later.
        var absent: Set<String> = []
    }

    private static let retryInterval = Duration.seconds(60)

    private let file: StateFile
    private let state: Mutex<State>
    private let wake: EventDescriptor

    /// Reads what was kept in a state directory; blocks as the file system does.
    init(stateDirectory: String) throws(SystemError) {
        file = StateFile(directory: stateDirectory, name: "disarmed.json")
        wake = try EventDescriptor()
        let value = file.read()
        if value == nil, file.exists {
            ServiceLog.warning(
                "\(file.path) is damaged: rules that were disarmed for blocking too much block again"
            )
        }
        state = Mutex(State(kept: Set(value?.elements.compactMap(\.string) ?? [])))
    }

    /// The names that are kept.
    var ids: Set<String> { state.withLock { $0.kept } }

    /// Has a deployment go on where the one before was, or, if there was none, where an earlier process
    /// was; `rearming` has everything block again.
    func resume(_ deployment: Deployment, after previous: Deployment?, rearming: Bool = false) {
        let names = Set(deployment.ruleSet.rules.map(\.id))
        let carried = state.withLock { state in
            let disarmed = previous.map { Set($0.disarmedRules) } ?? state.kept
            let carried = rearming ? [] : disarmed.union(state.absent)
            state.absent = carried.subtracting(names)
            return carried
        }
        deployment.disarm(carried)
    }

    /// Has `serve(for:)` write what has changed; never blocks.
    func noteChange() { wake.signal() }

    /// Writes what is disarmed now, if that is not what is kept; blocks as the file system does.
    func keep(of deployments: DeploymentBox) throws(SystemError) {
        try state.withLock { state throws(SystemError) in
            // Under the lock: who comes last writes the latest.
            let ids = state.absent.union(deployments.current.disarmedRules)
            guard ids != state.kept else { return }
            try file.replace(with: .strings(ids.sorted()))
            state.kept = ids
        }
    }

    /// Keeps what changes, for as long as the process lives; tries again after a minute if that fails.
    func serve(for agent: AgentState) throws(SystemError) {
        var hasFailed = false
        while true {
            _ = try wake.wait(timeout: hasFailed ? Self.retryInterval : nil)
            wake.clear()
            do throws(SystemError) {
                try keep(of: agent.deployments)
                hasFailed = false
            } catch {
                guard !hasFailed else { continue }
                hasFailed = true
                agent.outbox.post(
                    .degraded(
                        missing: "what the brake has disarmed cannot be kept: \(error)",
                        effect: "after a restart those rules block again"
                    )
                )
            }
        }
    }
}
