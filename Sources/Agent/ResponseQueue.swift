// What is left to do after a denial: ending the rest of the container or control group that the
// program was to start in. On a thread of its own, for it waits for processes to end; the signal is
// written when that is known.

import LinuxSystem
import Signals
import Synchronization

/// A denied exec whose rule asks for more.
struct Response: Sendable {
    let plan: KillPlan
    /// The path of the control group, as the kernel shows it.
    let cgroup: [UInt8]
    let detections: [Detection]
    let time: Timestamp

    init(plan: KillPlan, cgroup: [UInt8], detections: [Detection], at time: Timestamp) {
        self.plan = plan
        self.cgroup = cgroup
        self.detections = detections
        self.time = time
    }
}

/// Responses that wait for their turn; any thread.
final class ResponseQueue: Sendable {
    private let waiting = Mutex<[Response]>([])
    private let wake: EventDescriptor
    private let capacity: Int

    init(capacity: Int = 256) throws(SystemError) {
        self.capacity = capacity
        wake = try EventDescriptor()
    }

    /// Adds one; false if there is no room, and then nothing more is done about it.
    func push(_ response: Response) -> Bool {
        let isTaken = waiting.withLock { waiting in
            guard waiting.count < capacity else { return false }
            waiting.append(response)
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Carries out responses for as long as the process lives.
    func serve(for agent: AgentState) throws(SystemError) {
        let reader = try ProcfsReader()
        let executioner = Executioner(protected: agent.protected, scope: agent.scope)
        while true {
            _ = try wake.wait(timeout: nil)
            wake.clear()
            let batch = waiting.withLock { waiting in
                let batch = waiting
                waiting = []
                return batch
            }
            for response in batch {
                var report = KillReport(
                    signal: response.plan.signalName,
                    status: .performed,
                    detectedAt: response.time
                )
                executioner.killGroup(
                    of: CgroupPath(response.cgroup),
                    plan: response.plan,
                    report: &report,
                    reader: reader
                )
                for var detection in response.detections {
                    detection.attach(report)
                    agent.outbox.post(detection, at: response.time)
                }
            }
        }
    }
}
