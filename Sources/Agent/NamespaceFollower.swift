// Finds the mount namespaces of other processes (containers, services, whoever runs unshare) and has
// the filesystems marked that only they see: a tmpfs in a container is none of ours. A namespace tells
// nobody of its mounts without being kept alive, so they are looked through now and then, and at
// once when a program runs in or from one that is not known. Ours and the host's are MountFollower's.

import LinuxSystem
import Signals
import Synchronization

/// Follows the mounts of other namespaces; `note` from any thread, the rest on one.
final class NamespaceFollower: Sendable {
    private let agent: AgentState
    private let coverage: Coverage
    private let wake: EventDescriptor
    /// Namespaces that are followed otherwise.
    private let others: Set<UInt64>
    private let known = Mutex<Set<UInt64>>([])

    /// How often everything is looked through if nothing happens.
    private static let period = Duration.seconds(10)
    /// Between two looks, whatever happens: somebody may start unheld programs all the time.
    private static let pauseMilliseconds: UInt32 = 200

    /// `host` is the host's namespace, if somebody else follows it and it is not ours.
    init(
        agent: AgentState,
        coverage: Coverage,
        host: UInt64?
    ) throws(SystemError) {
        self.agent = agent
        self.coverage = coverage
        wake = try EventDescriptor()
        let own = try ProcessView(of: Host.processID)?.mountNamespace()
        others = Set([own, host].compactMap(\.self))
    }

    /// A program runs: looks soon if it is in a namespace or on a filesystem that is not known.
    ///
    /// Costs a few system calls; not on the way of a verdict.
    func note(process: Int32, program: FileIdentity.Device) {
        if coverage.knows(program), isKnown(namespaceOf: process) { return }
        wake.signal()
    }

    private func isKnown(namespaceOf process: Int32) -> Bool {
        guard let view = try? ProcessView(of: process),
            let namespace = (try? view.mountNamespace()) ?? nil
        else { return true }
        return others.contains(namespace) || known.withLock { $0.contains(namespace) }
    }

    /// Looks through all namespaces once.
    func look() throws(SystemError) {
        var seen: Set<UInt64> = []
        let procfs = try Procfs()
        for pid in try procfs.processes() {
            // A process that may not be looked at, or is gone: others of its namespace may do.
            guard let view = (try? ProcessView(of: pid)) ?? nil,
                let namespace = (try? view.mountNamespace()) ?? nil,
                !others.contains(namespace), !seen.contains(namespace),
                let table = (try? view.mounts()) ?? nil
            else { continue }
            seen.insert(namespace)
            agent.post(coverage.follow(table, in: namespace, through: view), of: coverage)
        }
        agent.post(coverage.keepNamespaces(seen.union(others)), of: coverage)
        known.withLock { $0 = seen }
    }

    /// Looks again and again, for as long as the process lives.
    func run() throws(SystemError) {
        while true {
            _ = try wake.wait(timeout: Self.period)
            wake.clear()
            try look()
            Host.sleep(milliseconds: Self.pauseMilliseconds)
        }
    }
}
