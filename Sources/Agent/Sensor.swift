// The thread that receives the kernel's process events. It only keeps the tree and the ledger up to
// date and hands execs on: reading anything of a process here could let the socket overflow.

import LinuxSystem
import Policy
import Signals

/// Follows the processes of the host; one thread.
final class Sensor: Sendable {
    private let agent: AgentState
    private let connector: ProcConnector
    private let confirmations: ConfirmationQueue

    /// After a batch, events gather for this long: a fork, its exec and its exit come close together,
    /// and waking for each takes the processor from the very programs that start.
    private static let gatheringMicroseconds: UInt32 = 400

    init(agent: AgentState, connector: ProcConnector, confirmations: ConfirmationQueue) {
        self.agent = agent
        self.connector = connector
        self.confirmations = confirmations
    }

    /// Runs until the connector is stopped.
    func run() {
        while true {
            do throws(SystemError) {
                guard try connector.receive({ handle($0) }) else { return }
                Host.sleep(microseconds: Self.gatheringMicroseconds)
            } catch {
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

    private func handle(_ event: ProcEvent) {
        agent.tree.apply(event)
        switch event.kind {
        case .fork(let parent, let child):
            guard child.isLeader else { return }
            agent.variables.fork(
                parent: parent.process,
                child: child.process,
                at: event.timestampNanoseconds
            )
        case .exec(let task):
            confirmations.push(
                Confirmation(
                    process: task.process,
                    cause: .exec,
                    execNanoseconds: event.timestampNanoseconds
                )
            )
        case .exit(let task, _, _, _):
            agent.ledger.forget(thread: task.thread, process: task.process)
            if task.isLeader { confirmations.forget(task.process) }
            // A first thread may end long before its process.
            if agent.variables.hasProcesses, agent.tree.process(task.process) == nil {
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
        /// Events were lost: whatever is not known yet is judged like an exec.
        case sweep
        /// It ran before the rules were active: signalled, never killed.
        case alreadyRunning
    }

    /// 0 for all processes.
    let process: Int32
    let cause: Cause
    /// Monotonic time of the exec; 0 if it is not known.
    var execNanoseconds: UInt64 = 0
}
