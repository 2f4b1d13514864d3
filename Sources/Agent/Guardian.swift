// The process that looks after the one that holds execs. It is forked apart before fanotify_init,
// never holds the group, has one thread and does nothing: so it goes on when the other is stopped
// (SIGSTOP, a debugger), wedged or dead. It ends that one, which frees every held exec, and forks a
// new one from itself, without an exec that could be held. The service manager's watchdog is fed here.

import LinuxSystem
import Signals

/// Keeps one worker process alive and answering.
final class Guardian {
    /// Why a worker was replaced; the new one records it.
    struct Gap: Sendable, Equatable {
        /// Nanoseconds since 1970.
        let from: UInt64
        let to: UInt64
        let reason: String
    }

    /// What a worker shares with its guardian.
    struct Vitals: Sendable {
        let heartbeat: Heartbeat
        let canary: CanaryRecord
    }

    /// A worker that has not beaten for this long is ended; execs wait no longer than that.
    private static let patience: UInt64 = 4_000_000_000
    private static let lookMilliseconds: CInt = 500
    /// A program that dies again and again is left to the service manager.
    private static let restartLimit = 5
    private static let restartWindow: UInt64 = 60_000_000_000

    private let heartbeat: Heartbeat
    private let canary: Canary
    private let notify: SdNotify?
    private let signals: SignalDescriptor
    private let epoll: Epoll
    private var restarts: [UInt64] = []

    private init(canaryFile: String?) throws(SystemError) {
        heartbeat = try Heartbeat()
        // Longer than the deadline may be set to: late is not wedged.
        canary = try Canary(file: canaryFile, patience: 11_000_000_000)
        notify = try SdNotify(address: Host.environment("NOTIFY_SOCKET"))
        signals = try SignalDescriptor(
            blocking: [
                SignalDescriptor.terminate, SignalDescriptor.interrupt, SignalDescriptor.hangUp,
                SignalDescriptor.childEnded,
            ]
        )
        epoll = try Epoll()
        try epoll.add(signals.descriptor, token: 0)
    }

    /// Runs `worker` in a process of its own, again when it stops answering; its exit status.
    ///
    /// In the worker's process this call does not return: it ends with the worker's status.
    static func supervise(
        canaryFile: String?,
        _ worker: (Vitals, Gap?) -> Int32
    ) throws(SystemError) -> Int32 {
        let guardian = try Guardian(canaryFile: canaryFile)
        let vitals = Vitals(heartbeat: guardian.heartbeat, canary: guardian.canary.record)
        var gap: Gap?
        while true {
            guardian.heartbeat.reset()
            guardian.canary.beginAnew()
            switch try ChildProcess.fork() {
            case .child: Host.exit(worker(vitals, gap))
            case .parent(let child):
                switch guardian.watch(child) {
                case .done(let status): return status
                case .replaced(let reason):
                    gap = Gap(
                        from: guardian.heartbeat.lastRealtime,
                        to: KernelClock.realtime.nanoseconds,
                        reason: reason
                    )
                    guard guardian.mayRestart() else {
                        ServiceLog.error("\(reason), too often; stopping")
                        return 1
                    }
                    ServiceLog.error("\(reason); starting again")
                }
            }
        }
    }

    private enum Outcome {
        case done(Int32)
        case replaced(String)
    }

    /// Watches one worker to its end.
    private func watch(_ child: consuming ChildProcess) -> Outcome {
        while true {
            if let end = child.ended() {
                return switch end {
                case .exit(let status): .done(status)
                case .signal(let number): .replaced("signal \(number) ended the daemon")
                }
            }
            if let complaint = complaint(now: KernelClock.monotonic.nanoseconds) {
                child.destroy()
                canary.destroy()
                return .replaced(complaint)
            }
            canary.keepAlive()
            _ = try? epoll.wait(milliseconds: Self.lookMilliseconds)
            while let record = try? signals.next() {
                if record.signal != SignalDescriptor.childEnded { child.send(record.signal) }
            }
        }
    }

    /// Why the worker must be replaced; nil if all is well, which the service manager is told.
    private func complaint(now: UInt64) -> String? {
        let last = heartbeat.last
        if last > 0, now > last, now - last > Self.patience {
            return "the daemon had stopped answering"
        }
        if canary.isUnanswered(now: now) { return "a test exec was not answered" }
        if last > 0, canary.isHealthy(now: now) { try? notify?.send(.watchdog) }
        return nil
    }

    private func mayRestart() -> Bool {
        let now = KernelClock.monotonic.nanoseconds
        restarts.removeAll { now - $0 > Self.restartWindow }
        restarts.append(now)
        return restarts.count <= Self.restartLimit
    }
}
