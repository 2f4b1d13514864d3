// The directory of a control group below /sys/fs/cgroup. The file system is the kernel's own: walking
// it waits for nobody.

import CLinux
import Glibc
import SystemPackage

/// The directory that stands for a control group.
package struct CgroupDirectory: Sendable {
    package let identity: FileIdentity
    private let path: String

    /// Where hierarchies are mounted: the unified one alone, or next to the old ones.
    private static let mountPoints = ["", "/unified", "/freezer", "/systemd", "/memory", "/pids"]
        .map { "/sys/fs/cgroup\($0)" }
    /// CGROUP2_SUPER_MAGIC and CGROUP_SUPER_MAGIC.
    private static let unifiedType: UInt64 = 0x6367_7270
    private static let types: Set<UInt64> = [unifiedType, 0x0027_e0eb]

    /// Where a path of `/proc/PID/cgroup` has a directory, and whether that is of the unified
    /// hierarchy, which comes first; then the one that can freeze.
    static func places(ofCgroup path: [UInt8]) -> [(place: String, isUnified: Bool)] {
        guard path.first == UInt8(ascii: "/"), !path.contains(0) else { return [] }
        let name = String(decoding: path, as: UTF8.self)
        return mountPoints.compactMap { mountPoint in
            let place = mountPoint + name
            let number = unsafe open(place, clinux_O_PATH | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let directory = OwnedFD(number)
            guard let state = try? FileSystemState(of: directory.raw), types.contains(state.type)
            else { return nil }
            return (place, state.type == unifiedType)
        }
    }

    /// Finds the directory of a path as `/proc/PID/cgroup` shows it; nil if there is none.
    package init?(ofCgroup path: [UInt8]) {
        for (place, _) in Self.places(ofCgroup: path) {
            guard let identity = try? FileIdentity(ofPath: place) else { continue }
            self.identity = identity
            self.path = place
            return
        }
        return nil
    }

    /// Some of the processes in it, by number; the oldest mostly come first.
    package func processes(limit: Int) -> [Int32] {
        guard let text = try? ConfigurationFile.read(path + "/cgroup.procs") else { return [] }
        return text.split(separator: UInt8(ascii: "\n")).prefix(limit).compactMap {
            Int32(String(decoding: $0, as: UTF8.self))
        }
    }
}
