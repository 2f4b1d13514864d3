// Who asked for a change.

/// The person or program that asked for a change.
package struct Actor: Sendable, Equatable {
    package var uid: UInt32
    /// Name of the user; empty if not known.
    package var user: [UInt8]
    /// The process that asked; nil if it was not one.
    package var pid: Int32?

    package init(uid: UInt32, user: [UInt8] = [], pid: Int32? = nil) {
        self.uid = uid
        self.user = user
        self.pid = pid
    }

    /// The name in a sentence: `alice (1000)`.
    package var name: String {
        user.isEmpty ? "user \(uid)" : "\(Escaping.shellWord(user)) (\(uid))"
    }
}

extension FactList {
    mutating func add(_ actor: Actor?) {
        guard let actor else { return }
        add("actor_uid", actor.uid)
        add("actor_user", actor.user)
        add("actor_pid", actor.pid)
    }
}
