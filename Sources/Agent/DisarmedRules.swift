// Which rules the brake has disarmed, kept in the state directory: neither a replaced process nor a
// restart nor a reboot is somebody's decision that they may block again.
//
//   disarmed.json     ["RULE", ...]

import JSON
import LinuxSystem
import Synchronization

/// The names of disarmed rules on the disk; any thread.
final class DisarmedRules: Sendable {
    private let file: StateFile
    /// What lies on the disk.
    private let kept: Mutex<Set<String>>
    private let wake: EventDescriptor

    /// Reads what was kept in a state directory; blocks as the file system does.
    init(stateDirectory: String) throws(SystemError) {
        file = StateFile(directory: stateDirectory, name: "disarmed.json")
        wake = try EventDescriptor()
        kept = Mutex(Set(file.value?.elements.compactMap(\.string) ?? []))
    }

    /// The names that are kept.
    var ids: Set<String> { kept.withLock { $0 } }

    /// Has `serve(for:)` write what has changed; never blocks.
    func noteChange() { wake.signal() }

    /// Writes what is disarmed now, if that is not what is kept; blocks as the file system does.
    func keep(of deployments: DeploymentBox) {
        kept.withLock { kept in
            // Under the lock: who comes last writes the latest.
            let ids = Set(deployments.current.disarmedRules)
            guard ids != kept else { return }
            do throws(SystemError) {
                try file.replace(with: .strings(ids.sorted()))
                kept = ids
            } catch {
                ServiceLog.warning(
                    "which rules are disarmed is not kept for the next start: \(error)"
                )
            }
        }
    }

    /// Keeps what changes, for as long as the process lives.
    func serve(for deployments: DeploymentBox) throws(SystemError) {
        while true {
            _ = try wake.wait(timeout: nil)
            wake.clear()
            keep(of: deployments)
        }
    }
}
