// The stable codes of what can be wrong with a text as YAML. Numbers are never reused.

package import Diagnostics

/// The codes of the diagnostics of this module.
package enum YAMLCode {
    /// The text is not YAML.
    package static let syntax = Diagnostic.Code("Y001")
    /// The text is larger than the limit.
    package static let size = Diagnostic.Code("Y002")
    /// A byte is not UTF-8.
    package static let encoding = Diagnostic.Code("Y003")
    /// A NUL or another control character.
    package static let control = Diagnostic.Code("Y004")
    /// The text is UTF-16.
    package static let wideEncoding = Diagnostic.Code("Y005")
    /// Nested too deep.
    package static let depth = Diagnostic.Code("Y006")
    /// Too many values, or they become too many by aliases.
    package static let nodes = Diagnostic.Code("Y007")
    /// Too many aliases.
    package static let aliases = Diagnostic.Code("Y008")
    /// An alias of an anchor that is not defined before it.
    package static let anchor = Diagnostic.Code("Y009")
    /// A key twice in one mapping.
    package static let duplicateKey = Diagnostic.Code("Y010")
    /// A key that is a sequence or a mapping.
    package static let keyKind = Diagnostic.Code("Y011")
    /// A second document in the file.
    package static let documents = Diagnostic.Code("Y012")
    /// Too many directives.
    package static let directives = Diagnostic.Code("Y013")
    /// A merge key (`<<`) whose value is not a mapping.
    package static let merge = Diagnostic.Code("Y014")
}
