// Takes snapshots of processes from /proc, for the process tree. Reads files that can block: not
// for threads that answer execs.

package import LinuxSystem

extension ProcessSnapshot {
    /// The most bytes of arguments that are kept of a process that was there before the agent.
    private static let argumentLimit = 4096

    /// What /proc tells of a process now; nil if it is gone.
    ///
    /// The program is left out if there is none (the kernel's threads) or it may not be read: some
    /// processes are closed even to root.
    package init?(of pid: Int32, reading procfs: inout Procfs) throws(SystemError) {
        guard let stat = try procfs.stat(of: pid), let status = try procfs.status(of: pid),
            let threads = try procfs.threads(of: pid)
        else { return nil }
        self.init(
            node: ProcessNode(
                pid: pid,
                startNanoseconds: KernelClock.monotonicNanoseconds(ofStartTicks: stat.startTicks),
                name: TaskName(stat.name),
                realUser: status.user.real,
                effectiveUser: status.user.effective,
                image: try Self.image(of: pid, reading: &procfs)
            ),
            parent: stat.parent,
            threads: threads
        )
    }

    private static func image(
        of pid: Int32,
        reading procfs: inout Procfs
    ) throws(SystemError) -> ProcessImage? {
        do throws(SystemError) {
            guard let path = try procfs.target(of: .program, pid: pid),
                let arguments = try procfs.arguments(of: pid, limit: Self.argumentLimit)
            else { return nil }
            let program = try procfs.identity(of: .program, pid: pid)
            return ProcessImage(
                path: path,
                arguments: arguments.bytes,
                device: program?.device,
                inode: program?.inode
            )
        } catch {
            if error.isPermissionDenied { return nil }
            throw error
        }
    }

    /// Snapshots of all processes; those that end meanwhile are left out.
    package static func all(reading procfs: inout Procfs) throws(SystemError) -> [ProcessSnapshot] {
        var snapshots: [ProcessSnapshot] = []
        for pid in try procfs.processes() {
            if let snapshot = try ProcessSnapshot(of: pid, reading: &procfs) {
                snapshots.append(snapshot)
            }
        }
        return snapshots
    }
}
