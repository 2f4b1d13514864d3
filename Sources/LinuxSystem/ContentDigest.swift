// A digest that tells whether two lists of strings are the same, without keeping them.

/// A keyed 64-bit digest of a list of byte strings.
///
/// The key is drawn at process start (SipHash of the standard library), so nobody can prepare two
/// lists with the same digest. Means nothing outside this process.
package struct ContentDigest: Sendable, Equatable {
    private let value: Int

    /// Digests strings as the kernel lays them out: each followed by a NUL.
    package init(bytes: [UInt8], bounds: [Range<Int>]) {
        var hasher = Hasher()
        unsafe bytes.withUnsafeBytes { all in
            // Strings that lie side by side, as they mostly do, are digested together: the digest is
            // one of a stream of bytes, however it is cut.
            var run = 0..<0
            for range in bounds {
                if range.lowerBound != run.upperBound {
                    unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: all[run]))
                    run = range.lowerBound..<range.lowerBound
                }
                if range.upperBound < all.count, unsafe all[range.upperBound] == 0 {
                    run = run.lowerBound..<range.upperBound + 1
                } else {
                    unsafe hasher.combine(
                        bytes: UnsafeRawBufferPointer(
                            rebasing: all[run.lowerBound..<range.upperBound]
                        )
                    )
                    hasher.combine(0 as UInt8)
                    run = range.upperBound..<range.upperBound
                }
            }
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: all[run]))
        }
        value = hasher.finalize()
    }

    /// Digests one string.
    package init(_ string: ArraySlice<UInt8>) {
        var hasher = Hasher()
        unsafe string.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        value = hasher.finalize()
    }
}
