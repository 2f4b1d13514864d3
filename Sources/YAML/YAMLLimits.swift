// How much of a hostile file is looked at. Values only.

/// What a YAML text may cost: beyond any of these it is refused with a diagnostic.
package struct YAMLLimits: Sendable, Equatable {
    /// The size of the text in bytes.
    package var sizeBytes = 4 << 20
    /// How deep sequences and mappings may be nested, aliases expanded.
    package var depth = 48
    /// How many values and keys there may be, aliases expanded: what a reader of the tree visits.
    ///
    /// Each 64 bytes of a text count as one more.
    package var nodes = 400_000
    /// How many aliases (`*name`) there may be.
    package var aliases = 2_000
    /// How many directives (`%TAG`, `%YAML`) there may be; libyaml compares each with each.
    package var directives = 16

    /// The defaults: generous for people, small for the machine.
    package init() {}
}
