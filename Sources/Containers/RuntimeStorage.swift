// Where the container runtimes keep their descriptions. Paths only; nothing here looks at them.

/// A directory in which a runtime keeps what it knows of its containers.
package struct RuntimeStorage: Sendable, Hashable {
    /// How a runtime arranges its directory.
    package enum Layout: Sendable, Hashable, CaseIterable {
        /// podman and CRI-O (containers/storage), the persistent or the volatile root.
        case containersStorage
        /// Docker's data root.
        case docker
        /// containerd's tasks: a directory per namespace.
        case containerdTasks
    }

    package let path: String
    /// The arrangements to try.
    package let layouts: [Layout]

    /// Makes one; by default it may be of any runtime.
    package init(_ path: String, _ layouts: [Layout] = Layout.allCases) {
        self.path = path
        self.layouts = layouts
    }

    /// The directories of the runtimes that run as root, where their packages put them.
    package static let ofHost: [RuntimeStorage] =
        [
            "/run/containerd", "/run/k3s/containerd", "/run/k0s/containerd",
            "/var/snap/microk8s/common/run/containerd",
        ].flatMap { state in
            ["v2.task", "v1.linux"].map {
                RuntimeStorage("\(state)/io.containerd.runtime.\($0)", [.containerdTasks])
            }
        } + [
            RuntimeStorage("/var/lib/containers/storage", [.containersStorage]),
            RuntimeStorage("/run/containers/storage", [.containersStorage]),
            RuntimeStorage("/var/lib/docker", [.docker]),
            RuntimeStorage("/var/snap/docker/common/var-lib-docker", [.docker]),
        ]

    /// The directories of the runtimes that a user runs without being root.
    package static func ofUser(_ number: UInt32, home: String) -> [RuntimeStorage] {
        [
            RuntimeStorage("\(home)/.local/share/containers/storage", [.containersStorage]),
            RuntimeStorage("/run/user/\(number)/containers", [.containersStorage]),
            RuntimeStorage("\(home)/.local/share/docker", [.docker]),
        ]
    }
}

/// A file, or a set of them, that may describe a container.
package enum DescriptionPlace: Sendable, Hashable {
    case file(path: String, DescriptionFormat)
    /// `directory/NAME/rest` for every NAME in the directory.
    case each(directory: String, rest: String, DescriptionFormat)
}

extension RuntimeStorage {
    /// Where a container may be described, the most telling place first.
    ///
    /// Empty for an id that is none: it becomes a part of paths.
    package func places(ofContainer id: String) -> [DescriptionPlace] {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard !id.isEmpty, id.utf8.count <= 128, isPlain else { return [] }
        return layouts.flatMap { places(ofContainer: id, $0) }
    }

    private func places(ofContainer id: String, _ layout: Layout) -> [DescriptionPlace] {
        switch layout {
        case .containersStorage:
            // CRI-O's bundle says more than the index; podman's says no image.
            Self.drivers.flatMap { driver -> [DescriptionPlace] in
                let directory = "\(path)/\(driver)-containers"
                return [
                    .file(path: "\(directory)/\(id)/userdata/config.json", .bundle),
                    .file(path: "\(directory)/containers.json", .storageIndex),
                    .file(path: "\(directory)/volatile-containers.json", .storageIndex),
                ]
            }
        case .docker: [.file(path: "\(path)/containers/\(id)/config.v2.json", .docker)]
        case .containerdTasks: [.each(directory: path, rest: "\(id)/config.json", .bundle)]
        }
    }

    /// The drivers of containers/storage name its directories.
    private static let drivers = ["overlay", "vfs", "btrfs", "zfs"]
}
