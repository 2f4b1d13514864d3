// What a string value is compared with, prepared once at compile time.

/// One or more values, patterns and expressions that a string may match.
enum StringMatcher: Sendable {
    case exact([UInt8])
    case pattern(WildcardPattern)
    case glob(GlobPattern)
    case regularExpression(RegularExpression)
    case anyOf(StringSet)

    /// Whether the value matches.
    func matches(_ value: ByteString) -> Bool {
        switch self {
        case .exact(let bytes): value.span.equals(bytes.span)
        case .pattern(let pattern): pattern.matches(value)
        case .glob(let pattern): pattern.matches(value)
        case .regularExpression(let expression): expression.matches(value)
        case .anyOf(let set): set.matches(value)
        }
    }

    /// Every value of its own, in place of a set.
    var alternatives: [StringMatcher] {
        guard case .anyOf(let set) = self else { return [self] }
        return set.values.map { .exact($0) } + set.others
    }
}

/// The members of a list: plain values in a table, the rest in a row.
final class StringSet: Sendable {
    /// The plain values.
    let values: [[UInt8]]
    /// Patterns and expressions.
    let others: [StringMatcher]
    private let table: ByteStringTable

    init(_ members: [StringMatcher]) {
        var values: [[UInt8]] = []
        var others: [StringMatcher] = []
        for member in members {
            if case .exact(let bytes) = member {
                values.append(bytes)
            } else {
                others.append(member)
            }
        }
        self.values = values
        self.others = others
        table = ByteStringTable(values)
    }

    func matches(_ value: ByteString) -> Bool {
        if table.index(of: value) != nil { return true }
        for other in others where other.matches(value) { return true }
        return false
    }
}
