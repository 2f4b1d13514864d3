// How the agent is doing, and what it holds, as it is told over the control socket.

import ControlProtocol
import Diagnostics
import LinuxSystem
import Signals

extension HealthReport {
    /// As it is now.
    init(of agent: AgentState) {
        self.init()
        let counters = agent.counters
        unreadable = counters.unreadable.current
        judgedAfter = counters.judgedAfter.current
        overflows = counters.overflows.current
        failedReads = counters.failedReads.current
        held = agent.parts.verdicts?.members.count { $0.isBusy } ?? 0
        waitingPrograms = agent.confirmations.waitingCount
        waitingSignals = agent.outbox.waitingCount
        latencyMedian = agent.latency.quantile(0.5).map { $0 / 1000 }
        latency99 = agent.latency.quantile(0.99).map { $0 / 1000 }
        let filesystems = agent.parts.coverage?.filesystems ?? []
        markedFilesystems = filesystems.count { $0.reason == nil }
        unmarkedFilesystems = filesystems.count { $0.isWorthTelling } - markedFilesystems
        if let last = ServiceLog.lastError {
            lastError = Escaping.terminal(last.text)
            lastErrorAt = Timestamp(nanoseconds: Int64(last.nanoseconds)).rfc3339
        }
    }
}

extension CoverageReport {
    /// As it is now; filesystems of other mount namespaces only for those who may see them.
    init(of coverage: Coverage?, withOtherNamespaces: Bool) {
        let all = (coverage?.filesystems ?? []).filter(\.isWorthTelling)
        let shown = withOtherNamespaces ? all : all.filter { $0.namespace == nil }
        self.init(
            filesystems: shown.map(FilesystemReport.init).sorted {
                ($0.namespace ?? 0, $0.mountPoint) < ($1.namespace ?? 0, $1.mountPoint)
            },
            hiddenCount: all.count - shown.count
        )
    }
}

extension FilesystemReport {
    init(_ filesystem: Coverage.Filesystem) {
        self.init(
            mountPoint: Escaping.terminal(filesystem.mountPoint),
            type: filesystem.type,
            device: "\(filesystem.device.major):\(filesystem.device.minor)",
            namespace: filesystem.namespace,
            reason: filesystem.reason
        )
    }
}

extension Coverage.Filesystem {
    /// Interfaces of the kernel hold no programs: nobody misses a mark there.
    var isWorthTelling: Bool {
        FilesystemKind(type: type) != .excluded(.pseudo)
    }
}
