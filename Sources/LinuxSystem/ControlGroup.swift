// A control group whose processes may be ended as one. Owns the directory it was found by: a group
// that is removed and made again under the same name is another one. The file system is the
// kernel's own: walking it waits for nobody.

import Glibc
import SystemPackage

/// An existing control group, pinned, in one hierarchy.
package struct ControlGroup: ~Copyable {
    private let directory: OwnedFD
    /// Whether it belongs to the unified hierarchy.
    package let isUnified: Bool
    /// Walks through the descriptor, so never into a group of the same name.
    private var place: String { "/proc/self/fd/\(directory.raw)" }

    /// Finds the group of a path as `/proc/PID/cgroup` shows it, that has any processes; nil if
    /// there is none.
    ///
    /// The same path can name groups of different processes in different hierarchies: whoever acts
    /// on the group must make sure that these are the ones.
    package init?(ofCgroup path: [UInt8]) {
        for (place, isUnified) in CgroupDirectory.places(ofCgroup: path) {
            let number = unsafe open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { continue }
            let directory = OwnedFD(number)
            let list = Self.processes(in: "/proc/self/fd/\(directory.raw)", depth: 0)
            guard list?.isEmpty == false else { continue }
            self.init(directory, isUnified: isUnified)
            return
        }
        return nil
    }

    private init(_ directory: consuming OwnedFD, isUnified: Bool) {
        self.directory = directory
        self.isUnified = isUnified
    }

    /// All processes in it and in the groups below, by number; nil if they cannot be read.
    ///
    /// None of a group that was removed.
    package var processes: [Int32]? { Self.processes(in: place, depth: 0) }

    /// Deeper groups than anybody nests (cgroup.max.depth is unlimited by default).
    private static let depthLimit = 32

    private static func processes(in place: String, depth: Int) -> [Int32]? {
        guard depth < depthLimit else { return [] }
        var found: [Int32] = []
        do throws(SystemError) {
            let text = try ConfigurationFile.read(place + "/cgroup.procs")
            found = text.split(separator: UInt8(ascii: "\n")).compactMap {
                Int32(String(decoding: $0, as: UTF8.self))
            }
        } catch {
            guard isOfNoProcesses(error) else { return nil }
        }
        // Files of the kernel have a dot in their names (cgroup.procs, tasks); groups may, too.
        for name in (try? ConfigurationFile.names(in: place)) ?? [] {
            let below = "\(place)/\(name)"
            let number = unsafe open(below, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard number >= 0 else { continue }
            let directory = OwnedFD(number)
            found += processes(in: "/proc/self/fd/\(directory.raw)", depth: depth + 1) ?? []
        }
        return found
    }

    /// The group was removed, or has threads only.
    private static func isOfNoProcesses(_ error: SystemError) -> Bool {
        error.isMissing || error.errno == .operationNotSupportedByDevice
            || error.errno == .notSupported
    }

    // MARK: - Ending

    /// Ends every process in it and below, forks in progress included (cgroup.kill, Linux 5.14).
    ///
    /// - Throws: `open`: ENOENT where the kernel has no such file: in the old hierarchies.
    package borrowing func kill() throws(SystemError) { try write("1", to: "cgroup.kill") }

    /// Keeps everything in it from running, or lets it go on.
    ///
    /// - Throws: `open`: ENOENT if this hierarchy does not freeze.
    package borrowing func setFrozen(_ isFrozen: Bool) throws(SystemError) {
        if isUnified {
            try write(isFrozen ? "1" : "0", to: "cgroup.freeze")
        } else {
            try write(isFrozen ? "FROZEN" : "THAWED", to: "freezer.state")
        }
    }

    private borrowing func write(_ text: String, to name: String) throws(SystemError) {
        let number = directory.raw
        let file = OwnedFD(
            try retrying("open", on: name) {
                unsafe openat(number, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
            }
        )
        let bytes = Array(text.utf8)
        try retrying("write", on: name) {
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file.raw, $0.baseAddress, $0.count) }
        }
    }
}
