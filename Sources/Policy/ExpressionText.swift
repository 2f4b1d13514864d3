// An expression where it stands: its text, and the way from a place in it to a place in the file.

package import Diagnostics
package import YAML

/// A SECL expression as written in a YAML file.
package struct ExpressionText: Sendable, Equatable {
    package let scalar: YAMLScalar
    package let file: SourceFile

    /// The expression itself, after YAML quoting and folding.
    package var text: String { scalar.value }
    /// Where it stands in the file.
    package var span: SourceSpan { scalar.span }

    package init(scalar: YAMLScalar, file: SourceFile) {
        self.scalar = scalar
        self.file = file
    }

    /// Findings whose spans are relative to the expression, moved to the file.
    ///
    /// Those without a place get that of the expression.
    package func placed(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        guard !diagnostics.isEmpty else { return [] }
        let map = ScalarSourceMap(of: scalar, in: file)
        return diagnostics.map { diagnostic in
            var result = diagnostic.placed(in: file) { map.fileSpan(of: $0) }
            if result.span == nil { result.span = scalar.span }
            return result
        }
    }
}

/// A value with the place it was written at.
package struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    package var value: Value
    package var span: SourceSpan

    package init(_ value: Value, _ span: SourceSpan) {
        self.value = value
        self.span = span
    }
}
