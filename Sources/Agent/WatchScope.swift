// Which processes the agent may judge after they have started. In ordinary service: all. With
// `--watch`, the proc connector still reports every process of the machine, so nothing outside the
// watched filesystems may be judged, let alone killed: this is the guard.

import LinuxSystem

/// The filesystems whose programs are the agent's business.
struct WatchScope: Sendable {
    /// The watched devices; nil for the whole host.
    let devices: Set<FileIdentity.Device>?

    /// The whole host.
    static let host = WatchScope(devices: nil)

    /// True if a process that runs `program` may be judged.
    ///
    /// Of a file that lies on no mounted filesystem (`isAnonymous`: a memfd) the devices of the
    /// programs that its task came from decide.
    func contains(
        program: FileIdentity,
        isAnonymous: Bool,
        origins: () -> [FileIdentity.Device]
    ) -> Bool {
        guard let devices else { return true }
        if devices.contains(program.device) { return true }
        return isAnonymous && origins().contains { devices.contains($0) }
    }
}
