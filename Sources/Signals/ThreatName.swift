// What a threat is called in the signals.

/// The display name of a threat.
///
/// Safe to stand in a sentence: one line, no control characters, bounded, and put in quotes if it
/// comes from the process and could be read as a part of the sentence.
package struct ThreatName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    package let text: String

    /// The longest name, in bytes before escaping.
    package static let limitBytes = 64

    /// The name.
    package var description: String { text }

    /// Names a threat.
    ///
    /// The first of these that says something: the value of the rule's tag `threat`, the base name
    /// of the script, of the executable, of `argv0`.
    ///
    /// - Parameters:
    ///   - tags: the rule's tags as `key:value`.
    ///   - executable: path of the program file.
    ///   - script: path of the script an interpreter is told to run, if that is what matched.
    ///   - argv0: the first argument.
    package init(
        tags: [String] = [],
        executable: [UInt8] = [],
        script: [UInt8] = [],
        argv0: [UInt8] = []
    ) {
        if let tag = tags.first(where: { $0.hasPrefix("threat:") && $0.utf8.count > 7 }) {
            let name = Cut.bytes(Array(tag.utf8.dropFirst(7)), limit: Self.limitBytes)
            text = Escaping.display(name)
            return
        }
        for candidate in [script, executable, SecretScrubber.scrub(text: argv0)] {
            let name = Self.baseName(candidate)
            guard !name.isEmpty else { continue }
            text = Escaping.shellWord(Cut.bytes(name, limit: Self.limitBytes))
            return
        }
        text = "unknown"
    }

    /// Names the threat of a rule in a process: of the tags, else of its script or program.
    package init(rule: RuleReference?, process: ProcessRecord) {
        self.init(
            tags: rule?.tags ?? [],
            executable: process.executable?.path ?? [],
            argv0: process.arguments.argv0
        )
    }

    /// What follows the last `/`, without the mark the kernel puts on unlinked files.
    private static func baseName(_ path: [UInt8]) -> [UInt8] {
        let mark = Array(" (deleted)".utf8)
        var path = path[...]
        if path.count > mark.count, path.suffix(mark.count).elementsEqual(mark) {
            path = path.dropLast(mark.count)
        }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
        return Array(path[start...])
    }
}
