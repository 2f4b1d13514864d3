// The service manager that started the daemon, if one did; any thread may tell it something.

import LinuxSystem
import Policy

/// Tells the service manager how the daemon is; without one it does nothing.
final class ServiceManager: Sendable {
    private let socket: SdNotify?

    init() throws(SystemError) {
        socket = try SdNotify(address: Host.environment("NOTIFY_SOCKET"))
    }

    func notify(_ messages: SdNotify.Message...) {
        for message in messages { try? socket?.send(message) }
    }
}

extension AgentState {
    /// One line for `systemctl status`.
    var serviceStatus: String {
        let deployment = deployments.current
        let protection = deployment.isActiveProtectionEnabled ? "enabled" : "disabled"
        return "\(deployment.ruleSet.rules.count) rules, Active Protection \(protection)"
    }
}
