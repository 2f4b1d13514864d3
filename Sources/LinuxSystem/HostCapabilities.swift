// What this host and the privileges of this process allow. Every probe only looks; none loads a
// module, subscribes or marks. Each answer has its reason, for people.

import CLinux
import Glibc
import SystemPackage

/// The release of the kernel, as far as it is compared.
package struct KernelRelease: Sendable, Hashable, Comparable {
    package let major: Int
    package let minor: Int
    /// The whole text: "6.1.0-28-amd64".
    package let text: String

    /// Reads the text of uname(2); nil if it does not begin with two numbers.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var offset = 0
        guard let major = bytes.span.decimal(at: &offset, as: Int.self),
            bytes.span.skip(UInt8(ascii: "."), at: &offset),
            let minor = bytes.span.decimal(at: &offset, as: Int.self)
        else { return nil }
        self.major = major
        self.minor = minor
        self.text = text
    }

    package static func < (left: KernelRelease, right: KernelRelease) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    package static func == (left: KernelRelease, right: KernelRelease) -> Bool {
        (left.major, left.minor) == (right.major, right.minor)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
    }
}

/// A capability of capabilities(7) that this program uses.
package enum Capability: UInt64, Sendable, CaseIterable {
    case killOthers = 5
    case netAdmin = 12
    case sysPtrace = 19
    case sysAdmin = 21
    case sysNice = 23
    case dacReadSearch = 2

    /// The name in capabilities(7).
    package var name: String {
        switch self {
        case .killOthers: "CAP_KILL"
        case .netAdmin: "CAP_NET_ADMIN"
        case .sysPtrace: "CAP_SYS_PTRACE"
        case .sysAdmin: "CAP_SYS_ADMIN"
        case .sysNice: "CAP_SYS_NICE"
        case .dacReadSearch: "CAP_DAC_READ_SEARCH"
        }
    }
}

/// The answer to one question about the host.
package struct Probe: Sendable, Equatable {
    /// Stable name: "initial network namespace".
    package let subject: String
    package let isAvailable: Bool
    /// What was found, and what would help.
    package let reason: String

    package init(_ subject: String, isAvailable: Bool, reason: String) {
        self.subject = subject
        self.isAvailable = isAvailable
        self.reason = reason
    }
}

/// What this host allows, at the time of asking.
package struct HostCapabilities: Sendable {
    package let kernel: KernelRelease?
    /// Bit N is capability N, of the calling thread.
    package let effectiveCapabilities: UInt64
    package let networkNamespace: Probe
    package let userNamespace: Probe
    package let pidNamespace: Probe
    /// Whether the memory of other processes may be read.
    package let memoryReading: Probe
    package let fanotifyLimits: FanotifyLimits

    /// The limits of fs.fanotify; nil where the kernel has no such setting.
    package struct FanotifyLimits: Sendable, Equatable {
        package let queuedEvents: Int?
        package let groupsPerUser: Int?
        package let marksPerUser: Int?
        /// Seconds after which the kernel logs a late answer; since 6.18, 0 is off.
        package let watchdogTimeoutSeconds: Int?
    }

    /// Asks everything.
    package init() {
        kernel = Self.kernelRelease()
        effectiveCapabilities = Self.capabilities()
        userNamespace = Self.initialNamespace(
            "user",
            Self.initialUserInode,
            fallback: "/proc/1/ns/user"
        )
        pidNamespace = Self.initialNamespace("pid", Self.initialPIDInode, fallback: nil)
        networkNamespace = Self.initialNamespace(
            "net",
            Self.initialNetworkInode,
            fallback: pidNamespace.isAvailable ? "/proc/1/ns/net" : nil
        )
        memoryReading = Self.memoryReading(effectiveCapabilities)
        fanotifyLimits = FanotifyLimits(
            queuedEvents: Self.setting("/proc/sys/fs/fanotify/max_queued_events"),
            groupsPerUser: Self.setting("/proc/sys/fs/fanotify/max_user_groups"),
            marksPerUser: Self.setting("/proc/sys/fs/fanotify/max_user_marks"),
            watchdogTimeoutSeconds: Self.setting("/proc/sys/fs/fanotify/watchdog_timeout")
        )
    }

    /// Whether the calling thread had a capability.
    package func has(_ capability: Capability) -> Probe {
        let isHeld = effectiveCapabilities >> capability.rawValue & 1 == 1
        return Probe(
            capability.name,
            isAvailable: isHeld,
            reason: isHeld ? "effective" : "not effective"
        )
    }
}
