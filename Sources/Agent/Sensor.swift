// The thread that receives the kernel's process events. It only keeps the tree and the ledger up to
// date and hands execs on: reading anything of a process here could let the socket overflow.

import LinuxSystem
import Policy
import Signals

/// Follows the processes of the host; one thread.
final class Sensor: Sendable {
    private let agent: AgentState
    private let connector: ProcConnector

    /// After a batch, events gather for this long: a fork, its exec and its exit come close together,
    /// and waking for each takes the processor from the very programs that start.
    private static let gatheringMicroseconds: UInt32 = 2000

    init(agent: AgentState, connector: ProcConnector) {
        self.agent = agent
        self.connector = connector
    }

    private var confirmations: ConfirmationQueue { agent.confirmations }

    /// Runs until the connector is stopped.
    func run() {
        var deferred = DeferredConfirmations()
        while true {
            do throws(SystemError) {
                let now = KernelClock.monotonic.nanoseconds
                while let due = deferred.takeDue(now: now) { confirmations.push(due) }
                var hasEvents = false
                let isOpen = try connector.receive(within: deferred.delay(now: now)) { event in
                    hasEvents = true
                    handle(event, &deferred)
                }
                guard isOpen else { return }
                if hasEvents { Host.sleep(microseconds: Self.gatheringMicroseconds) }
            } catch {
                agent.parts.confirmations = nil
                agent.outbox.post(
                    .degraded(
                        missing: error.description,
                        effect: "execs that were not held are no longer seen; held ones are judged"
                    )
                )
                return
            }
        }
    }

    private func handle(_ event: ProcEvent, _ deferred: inout DeferredConfirmations) {
        agent.tree.apply(event)
        switch event.kind {
        case .fork(let parent, let child):
            guard child.isLeader else { return }
            // What it runs is part of its child's lineage, even if it ends soon.
            if let waiting = deferred.take(parent.process) { confirmations.push(waiting) }
            agent.variables.fork(
                parent: parent.process,
                child: child.process,
                at: event.timestampNanoseconds
            )
        case .exec(let task):
            let confirmation = Confirmation(
                process: task.process,
                cause: .exec,
                execNanoseconds: event.timestampNanoseconds
            )
            let now = KernelClock.monotonic.nanoseconds
            let waits =
                agent.ledger.hasRecord(ofProcess: task.process)
                && deferred.add(confirmation, now: now)
            if !waits { confirmations.push(confirmation) }
        case .exit(let task, _, _, _):
            agent.ledger.forget(thread: task.thread, process: task.process)
            if task.isLeader { confirmations.forget(task.process) }
            // A first thread may end long before its process.
            guard agent.tree.process(task.process) == nil else { break }
            if deferred.take(task.process) != nil { agent.counters.unconfirmed.count() }
            if agent.variables.hasProcesses {
                agent.variables.exit(task.process, at: event.timestampNanoseconds)
            }
        case .overrun: recover(lost: nil)
        case .lost(let count): recover(lost: UInt64(count))
        default: break
        }
    }

    private func recover(lost: UInt64?) {
        agent.outbox.post(.eventsLost(.processEvents, lostCount: lost))
        confirmations.push(Confirmation(process: 0, cause: .sweep))
    }
}

/// A process to be looked at.
struct Confirmation: Sendable {
    /// Why it is looked at.
    enum Cause: Sendable {
        /// The kernel reported its exec.
        case exec
        /// Events were lost: whatever is not known yet is judged like an exec, at a time that is
        /// not known.
        case sweep
        /// New rules became active: what ran before is signalled, never killed.
        case alreadyRunning
    }

    /// 0 for all processes.
    let process: Int32
    let cause: Cause
    /// Monotonic time of the exec; 0 if it is not known.
    var execNanoseconds: UInt64 = 0
}
