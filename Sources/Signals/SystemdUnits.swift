// Which units of systemd a control group belongs to, by its path alone. Pure.

/// The units of a control group, as journald names them, and the innermost one.
///
/// A user may make groups of any name below that of their own manager (`user@UID.service`): only what
/// lies above it is a unit of the system.
package struct SystemdUnits: Equatable {
    /// The outermost service or scope; empty if there is none.
    package private(set) var system: [UInt8] = []
    /// The unit of the user's manager; empty outside of it.
    package private(set) var user: [UInt8] = []
    /// The innermost service or scope; empty if there is none.
    package private(set) var innermost: [UInt8] = []

    /// Reads the path of a cgroup, below the root of its hierarchy.
    package init(cgroup: [UInt8]) {
        let units = cgroup.split(separator: UInt8(ascii: "/")).filter { part in
            Self.suffixes.contains {
                part.count > $0.count && part.suffix($0.count).elementsEqual($0)
            }
        }
        guard let first = units.first, let last = units.last else { return }
        system = Array(first)
        innermost = Array(last)
        if first.starts(with: "user@".utf8), units.count > 1 { user = Array(units[1]) }
    }

    private static let suffixes = [Array(".service".utf8), Array(".scope".utf8)]
}
