// Who asks over the control socket and what that person may do.

import ControlProtocol
import LinuxSystem
import Signals

/// One asker.
struct Peer: Sendable {
    /// As signals name it.
    let actor: Actor
    let permissions: Set<Permission>

    /// An asker that is known already.
    init(actor: Actor, permissions: Set<Permission>) {
        self.actor = actor
        self.permissions = permissions
    }

    /// Looks up names and groups; blocks as reading /etc does.
    init(_ credentials: PeerCredentials, names: UserNames) {
        names.refresh()
        actor = Actor(
            uid: credentials.user,
            user: Array(names.user(credentials.user)),
            pid: credentials.pid > 0 ? credentials.pid : nil
        )
        permissions = AccessGroups.current.permissions(of: credentials)
    }
}

extension Refusal {
    /// That a permission is missing, and who gives it.
    static func missing(_ permission: Permission, for request: String) -> Refusal {
        Refusal(
            .forbidden,
            "\(request) needs \(permission.rawValue)",
            remedy: "root, or a member of the group \(permission.group), may do that",
            permission: permission.rawValue
        )
    }

    /// That all permissions are missing, and one of them would do.
    static func missingAny(for request: String) -> Refusal {
        let words = Permission.allCases.map(\.rawValue).joined(separator: " or ")
        let groups = Permission.allCases.map(\.group).joined(separator: " or ")
        return Refusal(
            .forbidden,
            "\(request) needs \(words)",
            remedy: "root, or a member of the group \(groups), may do that",
            permission: words
        )
    }
}
