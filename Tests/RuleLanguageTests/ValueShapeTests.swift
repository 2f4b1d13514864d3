// Short cuts must say what a look at every byte says: they stand before everything that finds miners.

import Testing

@testable import RuleLanguage

@Suite struct ValueShapeTests {
    @Test func `a mark is found at every place of a value of every length`() {
        for count in 0..<40 {
            var value = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            #expect(!hasMarks(value), "\(count)")
            for place in 0..<count {
                for mark in [UInt8](",;@".utf8) {
                    value[place] = mark
                    #expect(hasMarks(value), "\(count) bytes, \(mark) at \(place)")
                }
                value[place] = UInt8(ascii: "a")
            }
        }
    }

    @Test func `no other byte is a mark, whatever stands beside it`() {
        for byte in UInt8.min...UInt8.max where !",;@".utf8.contains(byte) {
            for neighbour in [UInt8(0), 1, UInt8(ascii: "+"), UInt8(ascii: "A"), 0x80, 0xFF] {
                let value = [
                    neighbour, byte, neighbour, byte, byte, neighbour, byte, neighbour, byte,
                ]
                #expect(!hasMarks(value), "\(byte) beside \(neighbour)")
            }
        }
    }

    @Test func `a table finds its keys and nothing else`() {
        var random = Random(seed: 11)
        for size in [0, 1, 2, 60, 3_000] {
            // Few letters, so that many have ends and length in common.
            let keys = (0..<size).map { _ in random.bytes(upTo: 6, from: "abcd") }
            let table = ByteStringTable(keys)
            let known = Set(keys)
            for (index, key) in keys.enumerated() {
                #expect((table.index(of: key[...]) ?? .max) <= index)
            }
            for _ in 0..<2_000 {
                let other = random.bytes(upTo: 7, from: "abcd")
                #expect((table.index(of: other[...]) != nil) == known.contains(other))
            }
        }
    }
}

private func hasMarks(_ value: [UInt8]) -> Bool { value.span.hasMarks }
