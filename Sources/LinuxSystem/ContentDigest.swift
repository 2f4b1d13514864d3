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
            for range in bounds {
                unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: all[range]))
                hasher.combine(0 as UInt8)
            }
        }
        value = hasher.finalize()
    }
}
