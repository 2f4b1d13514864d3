// All processes of the host at one moment, read from /proc. Slow; never on a verdict thread.

import LinuxSystem

/// Takes stock of the processes that run.
enum ProcessSurvey {
    /// Bytes of arguments remembered of each.
    private static let argumentLimit = 4096

    /// One snapshot per process; those that end meanwhile are left out.
    static func take(reader: ProcfsReader) -> [ProcessSnapshot] {
        let pids = (try? reader.procfs.processes()) ?? []
        return pids.compactMap { snapshot(of: $0, reader: reader) }
    }

    private static func snapshot(of pid: Int32, reader: ProcfsReader) -> ProcessSnapshot? {
        guard let stat = try? reader.procfs.stat(of: pid), !stat.isZombie,
            let status = try? reader.procfs.status(of: pid)
        else { return nil }
        let tick = 1_000_000_000 / KernelClock.ticksPerSecond
        let node = ProcessNode(
            pid: pid, startNanoseconds: stat.startTicks &* tick, name: TaskName(stat.name),
            realUser: status.user.real, effectiveUser: status.user.effective,
            image: image(of: pid, reader: reader))
        return ProcessSnapshot(
            node: node, parent: stat.parent,
            threads: (try? reader.procfs.threads(of: pid)) ?? [pid])
    }

    private static func image(of pid: Int32, reader: ProcfsReader) -> ProcessImage? {
        guard let path = try? reader.procfs.target(of: .program, pid: pid) else { return nil }
        let arguments = try? reader.procfs.arguments(of: pid, limit: argumentLimit)
        let program = try? reader.procfs.identity(of: .program, pid: pid)
        return ProcessImage(
            path: path, arguments: arguments?.bytes ?? [], device: program?.device)
    }
}
