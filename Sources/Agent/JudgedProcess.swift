// The right to kill a process, as a type: it can be made only by the scope, which checks that the
// process is the agent's business at all.

import LinuxSystem

/// A process that lies in the agent's scope, and the identity it was judged by.
struct JudgedProcess: Sendable {
    let identity: ProcessIdentity

    fileprivate init(_ identity: ProcessIdentity) { self.identity = identity }
}

extension WatchScope {
    /// Admits a process to judgement; nil outside the scope, or if it is gone.
    func admit(
        pid: Int32,
        program: FileIdentity,
        path: [UInt8],
        origins: () -> [FileIdentity.Device],
        reader: ProcfsReader
    ) -> JudgedProcess? {
        guard
            contains(
                program: program,
                isAnonymous: ProcessPath.isAnonymous(path),
                origins: origins
            ),
            let stat = try? reader.procfs.stat(of: pid), !stat.isKernelThread
        else { return nil }
        return JudgedProcess(
            ProcessIdentity(
                pid: pid,
                startTicks: stat.startTicks,
                device: program.device,
                inode: program.inode
            )
        )
    }
}
