// A set of byte strings that is asked with slices: no key is built, nothing is allocated.

/// Finds a byte string among many; open addressing over one buffer, immutable.
struct ByteStringTable: Sendable {
    private let keys: ByteStringList
    private let hashes: [UInt64]
    /// Index into `keys`, or -1; the count is a power of two and at least twice that of the keys.
    private let slots: [Int32]
    /// Whether some key may have the ends and the length of a value, by their hash.
    private let outlines: [UInt64]
    private let longest: Int

    /// Takes the keys; a key that comes again keeps its first index.
    init(_ keys: [[UInt8]]) {
        self.keys = ByteStringList(keys)
        hashes = keys.map { Self.hash($0.span) }
        var size = 2
        while size < keys.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (index, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: hashes[index]) & (size - 1)
            while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & (size - 1) }
            if slots[slot] < 0 { slots[slot] = Int32(index) }
        }
        self.slots = slots
        // Sixteen bits and more for each key, from 128 bytes to 8 KiB.
        var outlines = [UInt64](repeating: 0, count: max(16, min(size / 8, 1024)))
        for key in keys {
            let bit = Self.outline(key.span) & (outlines.count * 64 - 1)
            outlines[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        self.outlines = outlines
        longest = keys.map(\.count).max() ?? 0
    }

    var isEmpty: Bool { keys.isEmpty }

    /// The index of a key; nil if it is not one.
    func index(of value: ByteString) -> Int? { index(of: value.span) }

    /// The index of a key; nil if it is not one.
    func index(of bytes: Span<UInt8>) -> Int? {
        // Most values are ruled out at a glance: hashing every byte of all variables costs.
        guard bytes.count <= longest else { return nil }
        let bit = Self.outline(bytes) & (outlines.count * 64 - 1)
        guard outlines[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return nil }
        let hash = Self.hash(bytes)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            let bounds = keys.bounds[index]
            if hashes[index] == hash, bounds.count == bytes.count,
                bytes.holds(keys.bytes.span.extracting(bounds), at: 0)
            {
                return index
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// A hash of the first and the last byte and the length.
    private static func outline(_ bytes: Span<UInt8>) -> Int {
        guard let last = bytes.indices.last else { return 0 }
        let ends = UInt64(bytes[0]) << 8 | UInt64(bytes[last])
        return Int(((UInt64(bytes.count) << 16 | ends) &* 0x9e37_79b9_7f4a_7c15) >> 40)
    }

    /// FNV-1a, folded.
    ///
    /// Collisions cost a comparison; keys come from rules, not from events.
    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var result: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { result = (result ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return result ^ (result >> 29)
    }
}
