import LinuxSystem
import Testing

struct `Content digest` {
    private func digest(_ bytes: [UInt8], _ bounds: [Range<Int>]) -> ContentDigest {
        ContentDigest(bytes: bytes, bounds: bounds)
    }

    /// Held strings lie where the caller had them, those of a running program side by side.
    @Test func `does not depend on where the strings lie`() {
        let packed = digest(Array("xmrig\0-o\0pool\0".utf8), [0..<5, 6..<8, 9..<13])
        #expect(digest(Array("pool\0xmrig\0-o\0".utf8), [5..<10, 11..<13, 0..<4]) == packed)
        #expect(digest(Array("xmrig--o--pool".utf8), [0..<5, 7..<9, 11..<15 - 1 + 0]) != packed)
        #expect(digest(Array("-xmrig--o-pool".utf8), [1..<6, 7..<9, 10..<14]) == packed)
        #expect(digest(Array("xmrig-opool".utf8), [0..<5, 5..<7, 7..<11]) == packed)
    }

    @Test func `tells lists apart that only differ in where a string ends`() {
        let one = digest(Array("ab\0c\0".utf8), [0..<2, 3..<4])
        #expect(one != digest(Array("a\0bc\0".utf8), [0..<1, 2..<4]))
        #expect(one != digest(Array("ab\0c\0".utf8), [0..<2]))
        #expect(
            digest(Array("ab\0\0".utf8), [0..<2, 3..<3]) != digest(Array("ab\0".utf8), [0..<2])
        )
    }

    @Test func `strings that could not be read count as empty ones`() {
        let bytes = Array("x\0y\0".utf8)
        #expect(
            digest(bytes, [0..<1, 0..<0, 2..<3])
                == digest(Array("x\0\0y\0".utf8), [0..<1, 2..<2, 3..<4])
        )
    }
}
