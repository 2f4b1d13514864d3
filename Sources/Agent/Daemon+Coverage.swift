// The start of what decides which filesystems are held.

import LinuxSystem

extension Daemon {
    /// Marks what is to be held, and starts the threads that keep the marks up to date.
    func startCoverage(_ group: FanotifyGroup) throws(SystemError) {
        let coverage = Coverage(group: group)
        agent.parts.coverage = coverage
        guard options.watchedPaths.isEmpty else {
            try coverage.watch(options.watchedPaths)
            return
        }
        let follower = try MountFollower(agent: agent, coverage: coverage)
        try follower.look()
        try start("mounts", follower)
        let host = hostMounts(coverage)
        if let host { try start("host-mounts", host) }
        let namespaces = try NamespaceFollower(
            agent: agent,
            coverage: coverage,
            host: host?.namespace
        )
        agent.parts.namespaces = namespaces
        try NativeThread.start("namespaces") {
            logged("the thread that follows other mount namespaces") { () throws(SystemError) in
                try namespaces.look()
                try namespaces.run()
            }
        }
    }

    private func start(_ name: String, _ follower: MountFollower) throws(SystemError) {
        try NativeThread.start(name) { follower.run() }
    }

    /// Who follows the mounts of the host, if the service has a namespace of its own.
    private func hostMounts(_ coverage: Coverage) -> MountFollower? {
        do throws(SystemError) {
            return try MountFollower(ofHostFor: agent, coverage: coverage)
        } catch {
            // Then the host's is one of those that are looked through now and then.
            ServiceLog.warning("mounts of the host cannot be followed at once: \(error)")
            return nil
        }
    }
}
