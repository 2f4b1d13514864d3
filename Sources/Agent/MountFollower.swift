// Keeps the marks up to date with the mounts of one namespace: ours, and that of the host where the
// service has one of its own. Container engines keep their mounts from propagating.

import LinuxSystem
import Signals

/// Follows mounts and marks what is new; one thread after `look`.
final class MountFollower: Sendable {
    private let agent: AgentState
    private let coverage: Coverage
    private let watcher: MountWatcher
    private let process: Int32
    /// The namespace that is followed; nil for our own.
    let namespace: Coverage.Namespace

    /// Follows the mounts of our own namespace.
    init(agent: AgentState, coverage: Coverage) throws(SystemError) {
        self.agent = agent
        self.coverage = coverage
        watcher = try MountWatcher()
        process = Host.processID
        namespace = nil
    }

    /// Follows the mounts of the namespace that the first process is in; nil if that is ours.
    ///
    /// It lives as long as the host does, so it may be kept open.
    init?(ofHostFor agent: AgentState, coverage: Coverage) throws(SystemError) {
        let own = try ProcessView(of: Host.processID)?.mountNamespace()
        guard let namespace = try ProcessView(of: 1)?.mountNamespace(), namespace != own else {
            return nil
        }
        self.agent = agent
        self.coverage = coverage
        watcher = try MountWatcher(of: 1)
        process = 1
        self.namespace = namespace
    }

    /// Marks what is mounted now; says so if that comes to nothing.
    func look() throws(SystemError) {
        _ = try follow()
        guard coverage.markedCount == 0 else { return }
        let reasons = Set(coverage.filesystems.filter(\.isWorthTelling).compactMap(\.reason))
        let missing = "marks on filesystems: " + reasons.sorted().joined(separator: "; ")
        let effect =
            "no exec is held; programs are judged after they have started, and killed if a rule"
            + " blocks"
        ServiceLog.error("\(missing); \(effect)")
        agent.outbox.post(.degraded(missing: missing, effect: effect))
    }

    /// Marks what is mounted and waits for changes, for as long as the process lives.
    ///
    /// What keeps it from looking (no descriptor left) is told once, and it looks again.
    func run() {
        var isTroubled = false
        while true {
            do throws(SystemError) {
                agent.post(try follow(), of: coverage)
                while try !watcher.waitForChange(timeout: nil) {}
                isTroubled = false
            } catch {
                if !isTroubled { ServiceLog.warning("mounts cannot be followed now: \(error)") }
                isTroubled = true
                Host.sleep(milliseconds: 1000)
            }
        }
    }

    private func follow() throws(SystemError) -> Coverage.Change {
        guard let view = try ProcessView(of: process) else { return Coverage.Change() }
        return coverage.follow(try watcher.read(), in: namespace, through: view)
    }
}

extension AgentState {
    /// Has a change of what is held recorded.
    func post(_ change: Coverage.Change, of coverage: Coverage) {
        guard !change.isEmpty else { return }
        outbox.post(
            .coverageChanged(
                added: change.added,
                removed: change.removed,
                coveredCount: coverage.markedCount
            )
        )
    }
}
