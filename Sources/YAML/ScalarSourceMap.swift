// From a place inside a scalar's value back to the place in the file it was written at.
// Re-reads the scalar's source text by the rules of its style and notes where each byte came from;
// costs nothing until something is wrong with a value.

package import Diagnostics

/// Where each byte of one scalar's value was written.
///
/// Approximate, but inside the scalar, for a block scalar of nothing but blanks.
package struct ScalarSourceMap: Sendable {
    /// The file offset of each byte of the value, and of its end.
    private let offsets: [Int]
    /// Whether the second reading arrived at the parser's value; if not, places are approximate.
    package let isExact: Bool

    /// Reads the source of `scalar` in `file` again; linear in its length.
    package init(of scalar: YAMLScalar, in file: SourceFile) {
        var reader = ScalarReader(
            bytes: file.bytes,
            range: max(0, scalar.span.start)..<max(0, min(scalar.span.end, file.bytes.count))
        )
        switch scalar.style {
        case .plain: reader.readFlow(.plain)
        case .singleQuoted: reader.readFlow(.singleQuoted)
        case .doubleQuoted: reader.readFlow(.doubleQuoted)
        case .literal: reader.readBlock(isFolded: false, value: scalar.value)
        case .folded: reader.readBlock(isFolded: true, value: scalar.value)
        }
        isExact = reader.value.elementsEqual(scalar.value.utf8)
        offsets = reader.offsets + [reader.end]
    }

    /// The file offset of a byte of the value; the value's length gives the place after its end.
    ///
    /// An offset outside the value means its nearest end.
    package func fileOffset(of valueOffset: Int) -> Int {
        offsets[min(max(valueOffset, 0), offsets.count - 1)]
    }

    /// The stretch of the file a stretch of the value was written in.
    package func fileSpan(of span: SourceSpan) -> SourceSpan {
        guard span.end > span.start else {
            let offset = fileOffset(of: span.start)
            return SourceSpan(start: offset, end: offset)
        }
        // The end is after the last byte that belongs to it, not before the next one: a fold or
        // an escape may lie between them.
        let last = fileOffset(of: span.end - 1)
        let next = fileOffset(of: span.end)
        return SourceSpan(
            start: fileOffset(of: span.start),
            end: max(last + 1, min(next, last + 1))
        )
    }
}
