// The ids and capabilities that a task will have after its exec, computed while it still shows the
// old ones. Pure; the rules are those of capabilities(7) and of security/commoncap.c. Not known here,
// and so taken for ordinary: securebits, tracers, and threads that share their root directory.

import LinuxSystem

/// What an executed file gives whoever executes it.
struct ProgramPrivileges: Sendable, Equatable {
    /// The owner and the group that become effective; nil without the bit.
    var user: UInt32?
    var group: UInt32?
    var capabilities: FileCapabilities?

    init(user: UInt32? = nil, group: UInt32? = nil, capabilities: FileCapabilities? = nil) {
        self.user = user
        self.group = group
        self.capabilities = capabilities
    }

    /// Those of an open file, or of one that only its identity is known of.
    init(of identity: FileIdentity, descriptor: CInt?) {
        if let descriptor {
            // A mount that ignores the bits ignores the capabilities as well.
            if (try? FileSystemState(of: descriptor))?.ignoresSetID == true { return }
            capabilities = FileCapabilities(of: descriptor)
        }
        if identity.mode & 0o4000 != 0 { user = identity.user }
        // Without the group's execute bit it means something else.
        if identity.mode & 0o2010 == 0o2010 { group = identity.group }
    }
}

/// What a task may do after its exec.
struct NewCredentials: Sendable, Equatable {
    let effectiveUser: UInt32
    let effectiveGroup: UInt32
    let permitted: UInt64
    let effective: UInt64

    /// Computes them.
    ///
    /// `rootUser` is who is root for the task: 0, or another in a user namespace.
    init(of old: ProcessStatus, executing file: ProgramPrivileges, rootUser: UInt32?) {
        let isHeldBack = old.hasNoNewPrivileges
        let user = isHeldBack ? old.user.effective : file.user ?? old.user.effective
        let group = isHeldBack ? old.group.effective : file.group ?? old.group.effective
        let given = file.capabilities.flatMap {
            $0.rootUser == 0 || $0.rootUser == rootUser ? $0 : nil
        }
        var permitted: UInt64 = 0
        var isEffective = false
        if let given {
            permitted =
                old.inheritableCapabilities & given.inheritable
                | old.boundingCapabilities & given.permitted
            isEffective = given.isEffective
        }
        let isRoot = user == rootUser
        let wasRoot = old.user.real == rootUser
        // A set-id root program with capabilities of its own gets those instead of all.
        if given == nil || !isRoot || wasRoot {
            if isRoot || wasRoot {
                permitted = old.boundingCapabilities | old.inheritableCapabilities
            }
            if isRoot { isEffective = true }
        }
        let isSetID = user != old.user.real || group != old.group.real
        if isHeldBack { permitted &= old.permittedCapabilities }
        let ambient = given != nil || isSetID ? 0 : old.ambientCapabilities
        self.permitted = permitted | ambient
        effective = isEffective ? self.permitted : ambient
        effectiveUser = user
        effectiveGroup = group
    }
}
