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
    /// Of a file that lies on no mounted filesystem (`isAnonymous`: a memfd) the device of the
    /// program that the same task ran before decides.
    func contains(
        program: FileIdentity,
        isAnonymous: Bool,
        previous: FileIdentity.Device?
    ) -> Bool {
        guard let devices else { return true }
        if devices.contains(program.device) { return true }
        guard isAnonymous, let previous else { return false }
        return devices.contains(previous)
    }
}
