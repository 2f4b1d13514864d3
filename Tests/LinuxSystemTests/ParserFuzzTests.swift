// Every parser on damaged copies of good input: it may refuse or misread, but must not trap, and
// what it says of ranges must lie inside the input.

import LinuxSystem
import Testing

struct `Damaged input` {
    private static let seeds: [UInt64] = [11, 22, 33, 44]

    private static let samples: [[UInt8]] =
        RecordedEvent.all.map { $0.bytes(unionSize: 24) }
        + [
            Array(
                "4711 () R 1) S 812 4711 812 34816 4711 4194560 1 0 0 0 3 1 0 0 20 0 1 0 9 2 3\n"
                    .utf8
            ),
            Array(`Process status`.text.utf8), Array(`Mount table`.text.utf8),
            Array("9:name=systemd:/a\n4:memory:/docker/0123456789abcdef-12\n0::/\n".utf8),
            Array(
                "/ecs/0123456789abcdef0123456789abcdef-1234567890/6f265890-5165-7fab-6b52-18d1".utf8
            ),
        ]

    @Test(arguments: seeds)
    func `traps no parser`(seed: UInt64) {
        var random = SplitMix(state: seed)
        for sample in Self.samples {
            for _ in 0..<100 {
                let bytes = damaged(sample, &random)
                _ = parseEvent(bytes)
                _ = parseStat(bytes)
                _ = parseStatus(bytes)
                _ = parseMounts(bytes)
                _ = parseCgroups(bytes).mostSpecific
                let path = CgroupPath(bytes)
                #expect((path.containerID?.count ?? 28) >= 28)
            }
        }
    }

    /// Some bytes replaced, doubled, removed or cut off.
    private func damaged(_ sample: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = sample
        for _ in 0...random.next() % 4 where !bytes.isEmpty {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 5 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.insert(contentsOf: bytes[place...].prefix(70), at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeLast(bytes.count - place)
            default:
                bytes[place] = Array("0123456789:/-()\\ \n\0\u{7f}".utf8).randomElement(&random)
            }
        }
        return bytes
    }
}

/// A small reproducible generator.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension [UInt8] {
    fileprivate func randomElement(_ random: inout SplitMix) -> UInt8 {
        self[Int(random.next() % UInt64(count))]
    }
}
