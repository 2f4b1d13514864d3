// What a signal remembers of a process. All strings of the host are bytes in any encoding.
// Arguments and environment come in through types that scrub and bound them, so that no secret and
// no oversized string can be in a signal.

/// What a signal remembers of the program about to start, or of one of its ancestors.
///
/// Every value that is not known is nil or empty, and is then left out of the renderings.
package struct ProcessRecord: Sendable, Equatable {
    /// Process number, as the initial pid namespace has it.
    package var pid: Int32
    /// Parent process number.
    package var parentPID: Int32?
    /// Thread number of the task that called exec.
    package var tid: Int32?
    /// Real and effective user and group numbers.
    package var uid: UInt32?
    package var gid: UInt32?
    package var effectiveUID: UInt32?
    package var effectiveGID: UInt32?
    /// Audit login user number; nil when there was no login.
    package var loginUID: UInt32?
    /// Name of `uid`; filled where resolving names is allowed, never on the verdict path.
    package var user: [UInt8] = []
    /// The kernel's name of the task, at most 15 bytes.
    package var comm: [UInt8] = []
    /// The program file; for a `#!` script the script.
    package var executable: FileRecord?
    /// The interpreter of a `#!` script.
    package var interpreter: FileRecord?
    /// The arguments.
    package var arguments = ArgumentRecord()
    /// The environment.
    package var environment = EnvironmentRecord()
    /// Current directory.
    package var workingDirectory: [UInt8] = []
    /// Controlling terminal, like `pts/0`.
    package var terminal: [UInt8] = []
    /// Path of the control group.
    package var cgroup: [UInt8] = []
    /// systemd unit the process belongs to.
    package var unit: [UInt8] = []
    /// When the process started.
    package var startedAt: Timestamp?

    /// Makes a record in which only the number is known.
    package init(pid: Int32) {
        self.pid = pid
    }

    /// The service the process says it belongs to: `DD_SERVICE` of its environment; empty if unset.
    package var service: [UInt8] { environment.service }
}

/// What a signal remembers of a file.
package struct FileRecord: Sendable, Equatable {
    /// Path as the process sees it.
    package var path: [UInt8]
    package var inode: UInt64?
    /// Major and minor number of the device.
    package var device: Device?
    /// File type and permission bits.
    package var mode: UInt32?
    /// Owner.
    package var uid: UInt32?
    package var gid: UInt32?
    package var sizeBytes: UInt64?
    package var modifiedAt: Timestamp?
    package var changedAt: Timestamp?
    /// Type of the filesystem, like `tmpfs`.
    package var filesystem: [UInt8] = []
    /// Digest of the content, 32 bytes; empty if it was not computed.
    package var sha256: [UInt8] = []

    /// Makes a record in which only the path is known.
    package init(path: [UInt8]) {
        self.path = path
    }

    /// The number of a device.
    package struct Device: Sendable, Equatable {
        package var major: UInt32
        package var minor: UInt32

        package init(major: UInt32, minor: UInt32) {
            self.major = major
            self.minor = minor
        }
    }

    /// What follows the last `/` of the path.
    package var name: [UInt8] {
        Array(path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
    }
}

/// What a signal remembers of a container.
package struct ContainerRecord: Sendable, Equatable {
    /// Identity, usually 64 hexadecimal digits.
    package var id: [UInt8]
    /// The manager that started it, like `podman`.
    package var runtime: [UInt8] = []
    /// Image reference as it was given, like `ghcr.io/ns/worker:2.5`.
    package var image: [UInt8] = []
    /// Image name without tag, like `ghcr.io/ns/worker`.
    package var imageName: [UInt8] = []
    /// Last part of the image name, like `worker`.
    package var shortImage: [UInt8] = []
    /// Image tag, like `2.5`.
    package var imageTag: [UInt8] = []
    package var createdAt: Timestamp?

    /// Makes a record in which only the identity is known.
    package init(id: [UInt8]) {
        self.id = id
    }
}
