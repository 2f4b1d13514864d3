// The corpus that fuzzing has found, and seeds of our own, through every target; and a few mutations
// of each, so that an ordinary test run meets hostile input too. The real fuzzer is `make fuzz`.

import Foundation
import FuzzTargets
import Testing

@Suite struct CorpusTests {
    static func corpus(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/fuzz/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, Array(try Data(contentsOf: folder.appending(path: $0))))
        }
    }

    @Test(arguments: FuzzTarget.allCases) func `the corpus does no harm`(target: FuzzTarget) throws
    {
        let corpus = try Self.corpus(target)
        #expect(corpus.count >= 3)
        let start = ContinuousClock.now
        for (_, bytes) in corpus { target.run(bytes) }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test(arguments: FuzzTarget.allCases) func `mutations do no harm`(target: FuzzTarget) throws {
        var state: UInt64 = 88_172_645_463_325_252
        func number(below limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        for (_, seed) in try Self.corpus(target).prefix(40) {
            for _ in 0..<5 {
                var bytes = seed
                for _ in 0...number(below: 3) {
                    let place = number(below: bytes.count + 1)
                    switch number(below: 3) {
                    case 0: bytes.insert(UInt8(number(below: 256)), at: place)
                    case 1:
                        bytes.removeSubrange(place..<min(bytes.count, place + 1 + number(below: 8)))
                    default:
                        bytes.insert(
                            contentsOf: seed.suffix(number(below: seed.count + 1)),
                            at: place
                        )
                    }
                }
                target.run(bytes)
            }
        }
    }
}
