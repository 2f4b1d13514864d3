// The stable codes of what can be wrong with a text as YAML. Numbers are never reused.

package import Diagnostics

extension Diagnostic.Code {
    /// Whether it is about the text as YAML, whatever it is to say.
    package var isOfYAML: Bool { name.hasPrefix("Y") }
    /// The text is not YAML.
    package static let yamlSyntax = Self("Y001")
    /// The text is larger than the limit.
    package static let yamlSize = Self("Y002")
    /// A byte is not UTF-8.
    package static let yamlEncoding = Self("Y003")
    /// A NUL or another control character.
    package static let yamlControlCharacter = Self("Y004")
    /// The text is UTF-16.
    package static let yamlWideEncoding = Self("Y005")
    /// Nested too deep.
    package static let yamlDepth = Self("Y006")
    /// Too many values, or they become too many by aliases.
    package static let yamlNodes = Self("Y007")
    /// Too many aliases.
    package static let yamlAliases = Self("Y008")
    /// An alias of an anchor that is not defined before it.
    package static let yamlAnchor = Self("Y009")
    /// A key twice in one mapping.
    package static let yamlDuplicateKey = Self("Y010")
    /// A key that is a sequence or a mapping.
    package static let yamlKeyKind = Self("Y011")
    /// A second document in the file.
    package static let yamlDocuments = Self("Y012")
    /// Too many directives.
    package static let yamlDirectives = Self("Y013")
    /// A merge key (`<<`) whose value is not a mapping.
    package static let yamlMerge = Self("Y014")
}
