// /proc/PID/cgroup in its three forms (v1, v2, both): parsing and the choice of the path that says
// most about the container. Pure; reading it is Procfs'.

/// The cgroups of one process.
package struct CgroupFile: Sendable, Equatable {
    /// One hierarchy and the process's place in it.
    package struct Entry: Sendable, Equatable {
        /// 0 for the unified hierarchy (v2).
        package let hierarchy: UInt32
        /// The controllers of a v1 hierarchy, comma-separated; empty for v2.
        package let controllers: [UInt8]
        package let path: [UInt8]
    }

    package let entries: [Entry]

    /// Reads the text of the file; lines that are cut short or malformed are left out.
    ///
    /// Source: cgroups(7), "/proc files".
    package init(_ text: Span<UInt8>) {
        var entries: [Entry] = []
        var offset = 0
        let colon = UInt8(ascii: ":")
        while let line = text.line(at: &offset) {
            var cursor = line.lowerBound
            guard let hierarchy = text.decimal(at: &cursor, as: UInt32.self),
                text.skip(colon, at: &cursor),
                let controllers = text.word(endingWith: colon, at: &cursor, limit: line.upperBound),
                cursor < line.upperBound, text[cursor] == UInt8(ascii: "/")
            else { continue }
            entries.append(
                Entry(
                    hierarchy: hierarchy,
                    controllers: text.copy(controllers),
                    path: text.copy(cursor..<line.upperBound)
                )
            )
        }
        self.entries = entries
    }

    /// The path that tells most about the container; nil without entries.
    ///
    /// One with a container id, the unified one first; else the unified one, systemd's or any
    /// other, as long as it is not the root.
    package var mostSpecific: CgroupPath? {
        let paths = entries.sorted { Self.rank($0) < Self.rank($1) }.map { CgroupPath($0.path) }
        return paths.first { $0.containerIDBounds != nil }
            ?? paths.first { $0.bytes.count > 1 } ?? paths.first
    }

    private static func rank(_ entry: Entry) -> Int {
        if entry.hierarchy == 0 { return 0 }
        return entry.controllers.elementsEqual("name=systemd".utf8) ? 1 : 2
    }
}
