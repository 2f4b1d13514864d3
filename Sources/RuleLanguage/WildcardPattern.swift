// The two meanings of `*`. Both backtrack fully: `*.sh` matches `a.sh.sh`, which a matcher that only
// ever takes the first occurrence misses. Time linear in the value. No `?`, no classes, no escapes.

/// A pattern whose `*` stands for any bytes, `/` included.
package final class WildcardPattern: Sendable {
    /// The text as written.
    package let text: [UInt8]
    /// Whether it has a `*` at all; without one it is a plain value.
    package let hasWildcard: Bool
    private let prefix: [UInt8]
    private let middle: [Needle]
    private let suffix: [UInt8]
    private let minimumLength: Int

    /// Takes a pattern; two stars in a row mean the same as one.
    package init(_ text: [UInt8]) {
        self.text = text
        let parts = text.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        hasWildcard = parts.count > 1
        prefix = Array(parts[0])
        suffix = hasWildcard ? Array(parts[parts.count - 1]) : []
        middle = parts.dropFirst().dropLast().filter { !$0.isEmpty }.map { Needle(Array($0)) }
        minimumLength = text.count { $0 != UInt8(ascii: "*") }
    }

    /// Whether it stands for every value.
    package var matchesEverything: Bool { hasWildcard && minimumLength == 0 }

    /// The fixed parts in their order, empty ones left out.
    package var literals: [[UInt8]] {
        ([prefix] + middle.map(\.bytes) + [suffix]).filter { !$0.isEmpty }
    }

    /// Whether the whole value matches.
    package func matches(_ value: ByteString) -> Bool { matches(value.span) }

    func matches(_ value: Span<UInt8>) -> Bool {
        // A span of a property of a class needs a local owner.
        let prefix = prefix
        let suffix = suffix
        guard hasWildcard else { return value.equals(prefix.span) }
        guard value.count >= minimumLength, value.holds(prefix.span, at: 0),
            value.holds(suffix.span, at: value.count - suffix.count)
        else { return false }
        // The first occurrence of each middle part leaves the most room for those after it.
        var position = prefix.count
        let end = value.count - suffix.count
        for needle in middle {
            guard position <= end, let after = needle.endOfFirst(in: value, position..<end) else {
                return false
            }
            position = after
        }
        return position <= end
    }
}

/// A pattern over paths whose `*` stops at `/`; `**` as the last element is any depth.
package final class GlobPattern: Sendable {
    /// The text as written.
    package let text: [UInt8]
    /// Whether it has a `*` at all; without one it is a plain value.
    package let hasWildcard: Bool
    private let elements: [WildcardPattern]
    private let endsInAnyDepth: Bool

    /// Takes a pattern; a leading `*/` means `/*/`.
    package init(_ text: [UInt8]) {
        self.text = text
        hasWildcard = text.contains(UInt8(ascii: "*"))
        let isShort = text.starts(with: "*/".utf8)
        let normal = isShort ? [UInt8(ascii: "/")] + text : text
        var parts = normal.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        endsInAnyDepth = parts.last.map { $0.elementsEqual("**".utf8) } ?? false
        if endsInAnyDepth { parts.removeLast() }
        elements = parts.map { WildcardPattern(Array($0)) }
    }

    /// Whether it stands for every path; not for "", the path of what has none.
    package var matchesEveryPath: Bool {
        endsInAnyDepth && elements.allSatisfy { $0.text.isEmpty }
    }

    /// Whether it can match an absolute path, which all paths are.
    package var canMatchPath: Bool { elements.first.map { $0.text.isEmpty } ?? true }

    /// The fixed parts in their order, each with the slashes around it.
    package var literals: [[UInt8]] {
        let isShort = text.starts(with: "*/".utf8)
        let normal = isShort ? [UInt8(ascii: "/")] + text : text
        return normal.split(separator: UInt8(ascii: "*")).map { Array($0) }
    }

    /// Whether the whole value matches.
    package func matches(_ value: ByteString) -> Bool {
        let bytes = value.span
        let text = text
        guard hasWildcard else { return bytes.equals(text.span) }
        var start = 0
        for element in elements {
            guard start <= bytes.count else { return false }
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "/") { end += 1 }
            guard element.matches(bytes.extracting(start..<end)) else { return false }
            start = end + 1
        }
        // Any depth is at least one level: `/tmp/**` matches neither `/tmp` nor `/tmp/`.
        return endsInAnyDepth ? start < bytes.count : start == bytes.count + 1
    }
}
