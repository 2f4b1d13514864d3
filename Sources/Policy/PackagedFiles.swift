// The programs that the host's own packages have installed, as a value: a rule that matches one of
// them by its name alone would take a part of the host for malware. Whoever loads rules reads the
// lists; nothing here looks at the host.

import RuleLanguage

/// The programs of the packages of a host.
package struct PackagedFiles: Sendable {
    /// Their paths, sorted, none twice.
    package let programs: [[UInt8]]

    /// Takes the files of packages; those in directories of programs count.
    package init(paths: some Sequence<some Collection<UInt8>>) {
        var found: Set<[UInt8]> = []
        for path in paths {
            guard let slash = path.lastIndexOfSlash else { continue }
            let directory = Array(path[..<slash])
            guard Self.directories.contains(directory), path.index(after: slash) < path.endIndex
            else { continue }
            found.insert(Array(path))
            // Where /bin is a link to /usr/bin, lists may have either name.
            if !directory.starts(with: Self.usr) { found.insert(Self.usr + path) }
        }
        programs = found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Takes lists of files as dpkg has them, one path in each line.
    package init(lists: some Sequence<[UInt8]>) {
        var lines: [ArraySlice<UInt8>] = []
        for list in lists { lines += list.split(separator: UInt8(ascii: "\n")) }
        self.init(paths: lines)
    }

    private static let usr = Array("/usr".utf8)
    private static let directories = Set(
        [
            "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/games", "/usr/libexec",
            "/usr/local/bin", "/usr/local/sbin",
        ].map { Array($0.utf8) }
    )

    /// Finds the programs that rules match by file name or path alone, by the rule's position.
    ///
    /// Each program is tried as an exec of which nothing else is known: no arguments, no
    /// environment, no ancestors. A rule that asks for any of these to be something is not found.
    func matches(by rules: RuleSet) -> [Int: [[UInt8]]] {
        var found: [Int: [[UInt8]]] = [:]
        var scratch = MatchScratch()
        let names: Set = [Field(.process, .filePath), Field(.process, .fileName)]
        let areAsking = rules.rules.map { !$0.compiled.fields.isDisjoint(with: names) }
        guard areAsking.contains(true) else { return [:] }
        for path in programs {
            let event = try? EventDescription([
                "exec.file.path": .string(path),
                // Derived from the name otherwise, but not what people mean by it.
                "exec.comm": .text(""),
            ])
            guard let event else { continue }
            rules.index.candidates(event, into: &scratch.candidates)
            for rule in scratch.candidates.rules
            where areAsking[rule] && rules.rules[rule].compiled.evaluate(event) {
                found[rule, default: []].append(path)
            }
        }
        return found
    }
}

extension Collection<UInt8> {
    fileprivate var lastIndexOfSlash: Index? {
        var last: Index?
        for index in indices where self[index] == UInt8(ascii: "/") { last = index }
        return last
    }
}
