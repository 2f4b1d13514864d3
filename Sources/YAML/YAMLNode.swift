// The tree of a YAML text: values with the places they came from.
// Keeps what the text says (style, order, tags); resolves no type by itself.

package import Diagnostics

/// One value of a YAML text.
///
/// An alias stands as a copy of what it names, with the spans of the original.
package struct YAMLNode: Sendable, Equatable {
    /// What kind of value, and what is in it.
    package enum Content: Sendable, Equatable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Pairs in the order of the text; no two keys are equal.
        case mapping([YAMLPair])
    }

    /// What it is.
    package var content: Content
    /// Where the value stands, in bytes of the file.
    package var span: SourceSpan

    /// Makes a node.
    package init(content: Content, span: SourceSpan) {
        self.content = content
        self.span = span
    }
}

/// One `key: value` of a mapping.
package struct YAMLPair: Sendable, Equatable {
    /// The key, unique in its mapping.
    package var key: YAMLScalar
    package var value: YAMLNode

    /// Makes a pair.
    package init(key: YAMLScalar, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// A scalar as written: its value after quotes, escapes and folding, and how it was written.
package struct YAMLScalar: Sendable, Equatable {
    /// How a scalar is written.
    package enum Style: Sendable, Equatable {
        case plain, singleQuoted, doubleQuoted
        /// `|`
        case literal
        /// `>`
        case folded
    }

    /// After quotes, escapes and folding.
    package var value: String
    package var style: Style
    /// An explicit tag in full, like "tag:yaml.org,2002:str"; nil if there is none.
    package var tag: String?
    /// Where it stands, quotes or block header included, in bytes of the file.
    package var span: SourceSpan

    /// Makes a scalar.
    package init(value: String, style: Style, tag: String? = nil, span: SourceSpan) {
        self.value = value
        self.style = style
        self.tag = tag
        self.span = span
    }
}
