// What the language knows about one field name. The manual's table is made from these.

/// The two meanings of `*`; the field decides which applies.
package enum WildcardKind: Sendable, Hashable {
    /// `*` crosses `/`; `**` is refused.
    case pattern
    /// `*` stops at `/`; `**` as the last element is any depth.
    case glob
}

/// The event an expression is about.
package enum EventType: String, Sendable, Hashable {
    case exec
}

/// One field as an expression names it.
package struct FieldDescription: Sendable, Hashable {
    /// The current name; old spellings lead here too.
    package let name: String
    package let field: Field
    package let type: ValueType
    /// What `*` means in patterns compared with it.
    package let wildcards: WildcardKind
    /// Whether values compared with it must be absolute, clean paths.
    package let isPath: Bool
    /// Whether `EventSource.alternatives(of:element:)` has further values for it.
    package let hasAlternatives: Bool
    /// The event its use implies; nil if it may stand in any rule.
    package let eventType: EventType?
    /// One line for the manual, lower case, no full stop.
    package let summary: String

    /// Whether the field has one value for each element of a list.
    package var isIterated: Bool { field.subject == .ancestors }
}
