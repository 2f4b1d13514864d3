// What is known of a `${variable}` before any event: its name, type and how long it lives.

package import RuleLanguage

/// A variable as `set` actions declare it.
package struct VariableDeclaration: Sendable, Equatable {
    /// What a variable belongs to.
    package enum Scope: Sendable, Equatable {
        /// The whole host.
        case global
        case process, container, cgroup
    }

    /// The name expressions use, scope included, like `process.seen`.
    package let name: String
    package let scope: Scope
    package let type: VariableType
    /// What it reads while it is not set: `default_value`, or the empty value of its type.
    package internal(set) var defaultValue: VariableValue
    /// How many values a list keeps; of more the oldest go.
    package internal(set) var capacity: Int
    /// How long a value counts after it was set, in nanoseconds; nil means until it is replaced.
    ///
    /// In a list each member has its own time.
    package internal(set) var timeToLive: UInt64?
    /// Whether signals leave it out.
    package internal(set) var isPrivate: Bool
    /// For process scope: whether it passes on to children and to the next program.
    package internal(set) var isInherited: Bool
}

extension VariableDeclaration {
    /// What a list keeps unless `size` says otherwise; upstream's number.
    static let defaultCapacity = 100
    /// More than this in one list would be no list but a leak.
    static let maximumCapacity = 10_000

    /// Declares what a `set` action says, with the type its value has.
    init(_ set: SetDefinition, type: VariableType) {
        name = VariableTable.name(of: set)
        scope =
            switch set.scope {
            case nil: .global
            case .process: .process
            case .container: .container
            case .cgroup: .cgroup
            }
        self.type = type
        defaultValue =
            set.defaultValue.flatMap { VariableValue($0, as: type) } ?? VariableValue(emptyOf: type)
        capacity = min(set.size ?? Self.defaultCapacity, Self.maximumCapacity)
        timeToLive = set.timeToLive.map(\.nonnegativeNanoseconds)
        isPrivate = set.isPrivate
        isInherited = set.isInherited
    }

    /// Takes over what a later declaration says and this one left open.
    mutating func complete(with set: SetDefinition, after first: SetDefinition) {
        if first.defaultValue == nil, let value = set.defaultValue {
            defaultValue = VariableValue(value, as: type) ?? defaultValue
        }
        if first.size == nil, let size = set.size { capacity = min(size, Self.maximumCapacity) }
        if first.timeToLive == nil { timeToLive = set.timeToLive.map(\.nonnegativeNanoseconds) }
        isPrivate = isPrivate || set.isPrivate
        isInherited = isInherited || set.isInherited
    }
}

extension VariableValue {
    /// The value of a type that nothing was set to.
    init(emptyOf type: VariableType) {
        self =
            switch type {
            case .boolean: .boolean(false)
            case .integer: .integer(0)
            case .string: .string([])
            case .integers: .integers([])
            case .strings: .strings([])
            }
    }

    /// A literal as a value of a type; nil if it is of another.
    ///
    /// One value also makes a list.
    init?(_ literal: SetValue, as type: VariableType) {
        switch (literal, type) {
        case (.boolean(let value), .boolean): self = .boolean(value)
        case (.integer(let value), .integer): self = .integer(value)
        case (.integer(let value), .integers): self = .integers([value])
        case (.string(let value), .string): self = .string(ArraySlice(value.utf8))
        // Policies write "" for the default of a list that begins empty.
        case (.string(let value), .strings):
            self = .strings(value.isEmpty ? [] : [ArraySlice(value.utf8)])
        case (.integers(let values), .integers): self = .integers(values)
        case (.strings(let values), .strings): self = .strings(values.map { ArraySlice($0.utf8) })
        case (.strings([]), .integers): self = .integers([])
        default: return nil
        }
    }

    /// Its type.
    package var type: VariableType {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .string: .string
        case .integers: .integers
        case .strings: .strings
        }
    }
}

extension VariableType {
    /// The type of a list of this, for what can be appended; nil for what cannot.
    var list: VariableType? {
        switch self {
        case .boolean: nil
        case .integer, .integers: .integers
        case .string, .strings: .strings
        }
    }

    /// The type in words, for messages.
    var words: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a number"
        case .string: "a string"
        case .integers: "a list of numbers"
        case .strings: "a list of strings"
        }
    }
}

extension Duration {
    /// Whole nanoseconds; 0 for a negative duration, the greatest number for one too long.
    package var nonnegativeNanoseconds: UInt64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        return overflow || carry ? .max : sum
    }
}
