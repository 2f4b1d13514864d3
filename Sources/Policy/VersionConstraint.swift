// `agent_version`: which versions of the upstream agent a rule is written for.

/// A release number: major, minor, patch; what follows "-" or "+" is dropped.
package struct ReleaseVersion: Sendable, Comparable {
    /// The first number.
    package var major: Int
    package var minor: Int
    package var patch: Int

    /// Makes a version of its numbers.
    package init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `7.78.0`, `v7.78` or `7`; nil if it is none of them.
    package init?(_ text: some StringProtocol) {
        guard let parsed = Self.parse(text), !parsed.hasWildcard else { return nil }
        self = parsed.version
    }

    /// By number, not by text.
    package static func < (left: ReleaseVersion, right: ReleaseVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// Reads a version that may be short or end in a wildcard; says how many parts it fixes.
    static func parse(_ text: some StringProtocol)
        -> (version: ReleaseVersion, parts: Int, hasWildcard: Bool)?
    {
        var body = Substring(text)
        if body.hasPrefix("v") { body.removeFirst() }
        body = body.prefix { $0 != "-" && $0 != "+" }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        var hasWildcard = false
        for part in parts {
            if ["x", "X", "*"].contains(part) {
                hasWildcard = true
            } else {
                guard !hasWildcard, part.utf8.count <= 9,
                    part.allSatisfy({ $0.isASCII && $0.isWholeNumber }),
                    let number = Int(part)
                else { return nil }
                numbers.append(number)
            }
        }
        let full = numbers + [0, 0, 0]
        return (ReleaseVersion(full[0], full[1], full[2]), numbers.count, hasWildcard)
    }
}

/// A condition on a version: `>= 7.71`, `>=7.65 <7.70`, `7.65 - 7.70`, `~7.65`, `^7`, `7.x`; `||` for alternatives.
package struct VersionConstraint: Sendable, Equatable {
    /// From (included) to (excluded); any of them.
    private var ranges: [[Bound]] = []

    private struct Bound: Sendable, Equatable {
        var lowest = ReleaseVersion(0, 0, 0)
        /// Excluded; nil means no upper end.
        var end: ReleaseVersion?
        var isNegated = false

        func contains(_ version: ReleaseVersion) -> Bool {
            let isInside = version >= lowest && end.map { version < $0 } ?? true
            return isInside != isNegated
        }
    }

    /// Reads a constraint; conditions are separated by spaces or commas and must all hold.
    package init?(_ text: String) {
        var position = 0
        let characters = Array(text)
        var bounds: [Bound] = []
        func isSeparator(_ character: Character) -> Bool { character == " " || character == "," }
        while position < characters.count {
            if isSeparator(characters[position]) {
                position += 1
                continue
            }
            if characters[position...].starts(with: "||") {
                guard !bounds.isEmpty else { return nil }
                ranges.append(bounds)
                bounds = []
                position += 2
                continue
            }
            let sign = String(characters[position...].prefix { "<>=!~^".contains($0) })
            position += sign.count
            while position < characters.count, characters[position] == " " { position += 1 }
            let version = characters[position...].prefix {
                !isSeparator($0) && !"|<>=!~^".contains($0)
            }
            position += version.count
            if sign.isEmpty, let start = Self.startAfterDash(characters, position) {
                let last = characters[start...].prefix { !isSeparator($0) && $0 != "|" }
                position = start + last.count
                guard let from = Self.bound(">=", String(version)),
                    let to = Self.bound("<=", String(last))
                else { return nil }
                bounds += [from, to]
                continue
            }
            guard let bound = Self.bound(sign, String(version)) else { return nil }
            bounds.append(bound)
        }
        guard !bounds.isEmpty else { return nil }
        ranges.append(bounds)
    }

    /// Where the second version of `7.65 - 7.70` starts, if a dash between spaces stands here.
    private static func startAfterDash(_ characters: [Character], _ position: Int) -> Int? {
        let rest = characters[position...]
        guard rest.first == " " else { return nil }
        let dash = rest.drop { $0 == " " }
        guard dash.first == "-", dash.dropFirst().first == " " else { return nil }
        return dash.dropFirst().firstIndex { $0 != " " }
    }

    /// Whether the version is one the constraint asks for.
    package func allows(_ version: ReleaseVersion) -> Bool {
        ranges.contains { $0.allSatisfy { $0.contains(version) } }
    }

    private static func bound(_ sign: String, _ text: String) -> Bound? {
        guard let (version, parts, _) = ReleaseVersion.parse(text) else { return nil }
        /// The first version after all that begin with the first `count` parts.
        func after(_ count: Int) -> ReleaseVersion? {
            switch count {
            case 0: nil
            case 1: ReleaseVersion(version.major + 1, 0, 0)
            case 2: ReleaseVersion(version.major, version.minor + 1, 0)
            default: ReleaseVersion(version.major, version.minor, version.patch + 1)
            }
        }
        switch sign {
        case "", "=", "==": return Bound(lowest: version, end: after(parts))
        case "!=": return Bound(lowest: version, end: after(parts), isNegated: true)
        case ">=", "=>": return Bound(lowest: version)
        case "<": return Bound(end: version)
        case ">": return after(parts).map { Bound(lowest: $0) }
        case "<=", "=<": return Bound(end: after(parts))
        case "~", "~>": return Bound(lowest: version, end: after(min(parts, 2)))
        case "^": return Bound(lowest: version, end: after(version.major > 0 ? 1 : min(parts, 2)))
        default: return nil
        }
    }
}
