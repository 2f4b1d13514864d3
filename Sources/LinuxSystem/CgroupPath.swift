// What a cgroup path says about the container a process runs in: pure, from bytes.
// The patterns of container ids are those of SECL's `container.id`.

/// Who made a cgroup.
package enum CgroupManager: String, Sendable, Hashable, CaseIterable {
    case docker
    case containerd
    case crio = "cri-o"
    case podman
    case lxc
    case ecs
    case garden
    case systemd
    /// A container of a kind that its path does not tell, or nobody known.
    case unknown = ""
}

/// A cgroup path, taken apart.
package struct CgroupPath: Sendable, Equatable {
    /// The path as the kernel shows it, from the root of the hierarchy.
    package let bytes: [UInt8]
    /// Where the container's id lies in `bytes`; nil outside containers.
    package let containerIDBounds: Range<Int>?
    package let manager: CgroupManager

    /// The container's id; nil outside containers.
    package var containerID: ArraySlice<UInt8>? { containerIDBounds.map { bytes[$0] } }

    /// Takes a path apart.
    ///
    /// Of nested containers the innermost counts.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var id: Range<Int>?
        var offset = 0
        let text = bytes.span
        while offset < text.count {
            if let found = Self.containerID(text, at: offset) {
                // The monitor of a container runs on the host, in a cgroup named after it.
                if !Self.isMonitor(text, before: found.lowerBound) { id = found }
                offset = found.upperBound
            } else {
                offset += 1
            }
        }
        containerIDBounds = id
        manager = Self.manager(text, id)
    }

    // MARK: - Container ids

    /// An id that starts exactly here and is delimited by other than hexadecimal digits.
    private static func containerID(_ text: Span<UInt8>, at start: Int) -> Range<Int>? {
        guard start == 0 || text[start - 1].hexadecimalValue == nil else { return nil }
        let run = hexadecimalRun(text, at: start)
        switch run {
        case 64: return start..<start + 64
        case 32: return taskID(text, at: start)
        case 8: return gardenID(text, at: start)
        default: return nil
        }
    }

    /// ECS: 32 digits, a hyphen, decimal digits.
    private static func taskID(_ text: Span<UInt8>, at start: Int) -> Range<Int>? {
        var offset = start + 32
        guard text.skip(UInt8(ascii: "-"), at: &offset) else { return nil }
        let first = offset
        while offset < text.count, isDecimal(text[offset]) { offset += 1 }
        guard offset > first, offset == text.count || text[offset].hexadecimalValue == nil
        else { return nil }
        return start..<offset
    }

    /// Garden: groups of 8, 4, 4, 4 and 4 digits; a UUID ends in 12 and is something else.
    private static func gardenID(_ text: Span<UInt8>, at start: Int) -> Range<Int>? {
        var offset = start + 8
        for _ in 0..<4 {
            guard text.skip(UInt8(ascii: "-"), at: &offset),
                hexadecimalRun(text, at: offset) == 4
            else { return nil }
            offset += 4
        }
        return start..<offset
    }

    private static func hexadecimalRun(_ text: Span<UInt8>, at start: Int) -> Int {
        var offset = start
        while offset < text.count, text[offset].hexadecimalValue != nil { offset += 1 }
        return offset - start
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // MARK: - Managers

    private static func isMonitor(_ text: Span<UInt8>, before id: Int) -> Bool {
        precedes(text, "libpod-conmon-", id) || precedes(text, "crio-conmon-", id)
    }

    private static func manager(_ text: Span<UInt8>, _ id: Range<Int>?) -> CgroupManager {
        guard let id else { return managerOutsideContainers(text) }
        for (mark, manager) in marks where precedes(text, mark, id.lowerBound) { return manager }
        if contains(text, "/garden/") || id.count == 28 { return .garden }
        if contains(text, "/ecs/") || id.count != 64 { return .ecs }
        if contains(text, "/docker/") { return .docker }
        if contains(text, "containerd.service") { return .containerd }
        return isUnit(text) && !contains(text, "kubepods") ? .systemd : .unknown
    }

    /// What stands directly before an id.
    private static let marks: [(StaticString, CgroupManager)] = [
        ("cri-containerd-", .containerd), ("cri-containerd:", .containerd),
        ("nerdctl-", .containerd), ("crio-", .crio), ("crio:", .crio),
        ("libpod-", .podman), ("libpod:", .podman), ("docker-", .docker),
        ("docker:", .docker), ("docker/", .docker), ("lxc/", .lxc), ("lxc.payload.", .lxc),
    ]

    private static func managerOutsideContainers(_ text: Span<UInt8>) -> CgroupManager {
        // Containers of LXC have names, not ids.
        if contains(text, "/lxc/") || contains(text, "/lxc.payload") { return .lxc }
        return isUnit(text) ? .systemd : .unknown
    }

    private static func isUnit(_ text: Span<UInt8>) -> Bool {
        contains(text, ".slice") || contains(text, ".service") || contains(text, ".scope")
    }

    private static func precedes(_ text: Span<UInt8>, _ mark: StaticString, _ end: Int) -> Bool {
        text.starts(with: mark, at: end - mark.utf8CodeUnitCount)
    }

    private static func contains(_ text: Span<UInt8>, _ part: StaticString) -> Bool {
        (0..<text.count).contains { text.starts(with: part, at: $0) }
    }
}
