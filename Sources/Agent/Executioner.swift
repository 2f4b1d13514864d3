// Kills one judged process and sees it end. The only caller of ProcessHandle.send.

import LinuxSystem
import Signals

/// Kills processes that were judged; one per thread.
struct Executioner: ~Copyable {
    /// For the record of what a killed process has used; not vital.
    private var taskstats: Taskstats? = try? Taskstats()

    /// How long the end of a killed process is waited for before nothing is claimed.
    private static let patience = Duration.seconds(2)

    /// Kills with SIGKILL; blocks until the exit is seen or patience is over.
    mutating func kill(
        _ judged: JudgedProcess,
        scene: Scene,
        detectedAt: Timestamp,
        reader: ProcfsReader
    ) -> KillReport {
        var report = KillReport(status: .error, detectedAt: detectedAt)
        report.createdAt = scene.process.startedAt
        do throws(ProcessHandleError) {
            guard !ProtectedProgram.isProtected(judged.identity.pid) else {
                throw .refused(.systemProcess)
            }
            let handle = try ProcessHandle(pid: judged.identity.pid)
            // Asked before the end: the numbers are gone with it.
            if let use = try? taskstats?.use(of: judged.identity.pid) {
                report.cpuTimeNanoseconds = (use.userMicroseconds + use.systemMicroseconds) * 1000
            }
            try handle.send(.kill, ifStill: judged.identity, reading: &reader.procfs)
            report.status = .performed
            report.killedAt = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
            if (try? handle.waitForExit(timeout: Self.patience)) == true {
                report.exitedAt = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
            }
        } catch {
            switch error {
            case .gone: report.status = .aborted
            case .refused: report.failure = "this process is never killed"
            case .changed: report.failure = "it has started another program meanwhile"
            case .system(let error): report.failure = error.description
            }
        }
        return report
    }
}
