// The currency of values: arguments, paths and environment strings are bytes, not text.
// The kernel promises no encoding, so nothing here assumes one.

/// One string value of an event, as the bytes the kernel has; any encoding, no NUL.
package typealias ByteString = ArraySlice<UInt8>

/// A list of byte strings that share one buffer, like an argument vector.
///
/// Reading an element makes no copy and no allocation: it is a slice of `bytes`.
package struct ByteStringList: Sendable, RandomAccessCollection {
    /// The buffer that all elements lie in; what is between them is not looked at.
    package var bytes: [UInt8]
    /// Where each element lies in `bytes`, in order; ranges may overlap and need not be sorted.
    package var bounds: [Range<Int>]

    package init(bytes: [UInt8] = [], bounds: [Range<Int>] = []) {
        self.bytes = bytes
        self.bounds = bounds
    }

    /// Makes a list with a buffer of its own.
    package init(_ strings: some Sequence<some Sequence<UInt8>>) {
        self.init()
        for string in strings { append(string) }
    }

    /// Makes a list from text, for tests and for tools.
    package init(_ strings: some Sequence<String>) {
        self.init()
        for string in strings { append(string.utf8) }
    }

    /// Adds one element at the end of the buffer, followed by a NUL.
    package mutating func append(_ string: some Sequence<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: string)
        bounds.append(start..<bytes.count)
        bytes.append(0)
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { bounds.count }
    package subscript(position: Int) -> ByteString { bytes[bounds[position]] }
}
