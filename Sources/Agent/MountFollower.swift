// Keeps the marks up to date with the mounts of our namespace.

import LinuxSystem
import Signals

/// Follows mounts and marks what is new; one thread after `look`.
final class MountFollower: Sendable {
    private let agent: AgentState
    private let coverage: Coverage
    private let watcher: MountWatcher

    init(agent: AgentState, coverage: Coverage) throws(SystemError) {
        self.agent = agent
        self.coverage = coverage
        watcher = try MountWatcher()
    }

    /// Marks what is mounted now.
    func look() throws(SystemError) {
        _ = coverage.follow(try watcher.read())
    }

    /// Waits for changes, for as long as the process lives.
    func run() throws(SystemError) {
        while true {
            guard try watcher.waitForChange(timeout: nil) else { continue }
            let change = coverage.follow(try watcher.read())
            guard !change.added.isEmpty || !change.removed.isEmpty else { continue }
            agent.outbox.post(
                .coverageChanged(
                    added: change.added,
                    removed: change.removed,
                    coveredCount: coverage.markedCount
                )
            )
        }
    }
}
