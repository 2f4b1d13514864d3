// Whether an event belongs to an exec that was judged at an earlier one: the interpreter of a script,
// the loader of a program. On a verdict thread, under its deadline.

import LinuxSystem

extension ExecRecord {
    /// True if the file of an event is what comes next in this exec.
    ///
    /// Equal registers are not enough: an exec that fails after its verdict (no such interpreter) is
    /// reported by nobody, and the next one may come from the same place with other strings.
    /// `file` is that of the event, `strings` the thread's reader, `environment` whether rules need it.
    func continues(
        with pending: borrowing PendingPermission,
        _ file: FileIdentity?,
        loaders: inout KnownLoaders,
        strings: ExecStringReader,
        procfs: inout Procfs,
        environment: Bool
    ) -> Bool {
        // An error: the record is of a task that is gone, whose number this one has now.
        guard expectation != .nothing, let task, let now = try? task.task.currentCall(), now == call
        else { return false }
        if expectation == .interpreter { return procfs.execStage(of: thread) != .program }
        let time = Int64(KernelClock.realtime.nanoseconds)
        guard let file, loaders.contains(file, opened: pending.file, now: time) else {
            return false
        }
        // With the same strings even another exec is one that was judged. To read them again costs
        // less than to have the kernel show its call chain, which is all that tells of a script.
        return chain.steps.isEmpty
            ? areStringsUnchanged(reader: strings, environment: environment)
            : procfs.execStage(of: thread) != .program
    }

    /// True if the strings of the call are still those that were judged.
    private func areStringsUnchanged(reader: ExecStringReader, environment: Bool) -> Bool {
        if environment == (self.environment != nil), let judged = self.strings,
            reader.isUnchanged(judged, task: thread, call: call, environment: environment)
        {
            return true
        }
        guard
            let strings = try? reader.read(task: thread, call: call, environment: environment)
        else { return false }
        defer { reader.recycle(strings) }
        let entries =
            environment ? ContentDigest(bytes: strings.bytes, bounds: strings.envp) : nil
        return !strings.isUnreadable && entries == self.environment
            && calledPath == ContentDigest(strings.bytes[strings.path])
            && arguments == ContentDigest(bytes: strings.bytes, bounds: strings.argv)
    }
}
