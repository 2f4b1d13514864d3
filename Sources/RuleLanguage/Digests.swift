// The hash functions that wallet addresses carry checksums of. Pure, small inputs, no secrets:
// nothing here resists an observer, and nothing else may use it.

/// SHA-256 (FIPS 180-4).
enum SHA256 {
    /// The digest of a message: 32 bytes.
    static func digest(_ message: some Sequence<UInt8>) -> [UInt8] {
        var padded = Array(message)
        let bitCount = UInt64(padded.count) * 8
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
            0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        var schedule = [UInt32](repeating: 0, count: 64)
        for block in stride(from: 0, to: padded.count, by: 64) {
            mix(padded[block..<block + 64], into: &state, &schedule)
        }
        return state.flatMap { word in
            stride(from: 24, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: word >> UInt32($0))
            }
        }
    }

    private static func mix(
        _ block: ArraySlice<UInt8>,
        into state: inout [UInt32],
        _ schedule: inout [UInt32]
    ) {
        for index in 0..<16 {
            let start = block.startIndex + index * 4
            schedule[index] = block[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let first = schedule[index - 15]
            let second = schedule[index - 2]
            let low = first.rotated(7) ^ first.rotated(18) ^ (first >> 3)
            let high = second.rotated(17) ^ second.rotated(19) ^ (second >> 10)
            schedule[index] = schedule[index - 16] &+ low &+ schedule[index - 7] &+ high
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let high = e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)
            let first = h &+ high &+ ((e & f) ^ (~e & g)) &+ constants[index] &+ schedule[index]
            let low = a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)
            let second = low &+ ((a & b) ^ (a & c) ^ (b & c))
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() {
            state[index] = state[index] &+ value
        }
    }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
        0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
        0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
        0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
        0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
        0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
        0xc671_78f2,
    ]
}

/// Keccak-256 as cryptonote coins and Ethereum use it: the padding from before FIPS 202.
enum Keccak256 {
    /// The digest of a message: 32 bytes.
    static func digest(_ message: some Sequence<UInt8>) -> [UInt8] {
        KeccakSponge(rate: 136, suffix: 1, rounds: 24).digest(message)
    }
}

/// KangarooTwelve (RFC 9861) of a message of one chunk, without a customization string.
enum KangarooTwelve {
    /// The first 32 bytes of the output; the message has less than 8 KiB.
    static func digest(of message: [UInt8]) -> [UInt8] {
        // The chunk ends with the length of the customization string, in a form in which 0 is one
        // byte of 0.
        KeccakSponge(rate: 168, suffix: 7, rounds: 12).digest(message + [0])
    }
}

/// A sponge over Keccak-p[1600] (FIPS 202).
private struct KeccakSponge {
    /// Bytes of a block, a multiple of 8.
    let rate: Int
    /// The first byte of the padding.
    let suffix: UInt8
    /// The last so many of the 24 rounds are made.
    let rounds: Int

    /// The first 32 bytes of the output.
    func digest(_ message: some Sequence<UInt8>) -> [UInt8] {
        var padded = Array(message)
        let filled = padded.count / rate * rate + rate
        padded.append(suffix)
        while padded.count < filled { padded.append(0) }
        padded[filled - 1] |= 0x80
        var state = [UInt64](repeating: 0, count: 25)
        for block in stride(from: 0, to: padded.count, by: rate) {
            for lane in 0..<rate / 8 {
                let start = block + lane * 8
                state[lane] ^= padded[start..<start + 8].reversed().reduce(0) {
                    $0 << 8 | UInt64($1)
                }
            }
            permute(&state)
        }
        return state.prefix(4).flatMap { lane in
            (0..<8).map { UInt8(truncatingIfNeeded: lane >> UInt64($0 * 8)) }
        }
    }

    private func permute(_ state: inout [UInt64]) {
        var columns = [UInt64](repeating: 0, count: 5)
        for constant in Self.roundConstants.suffix(rounds) {
            for x in 0..<5 {
                columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
            }
            for x in 0..<5 {
                let parity = columns[(x + 4) % 5] ^ columns[(x + 1) % 5].rotatedLeft(1)
                for y in stride(from: x, to: 25, by: 5) { state[y] ^= parity }
            }
            var carried = state[1]
            for (lane, shift) in zip(Self.lanes, Self.rotations) {
                let next = state[lane]
                state[lane] = carried.rotatedLeft(shift)
                carried = next
            }
            for y in stride(from: 0, to: 25, by: 5) {
                for x in 0..<5 { columns[x] = state[y + x] }
                for x in 0..<5 { state[y + x] ^= ~columns[(x + 1) % 5] & columns[(x + 2) % 5] }
            }
            state[0] ^= constant
        }
    }

    private static let lanes = [
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
    ]
    private static let rotations: [UInt64] = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]
    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}

extension UInt32 {
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}

extension UInt64 {
    fileprivate func rotatedLeft(_ count: UInt64) -> UInt64 {
        self << count | self >> (64 - count)
    }
}
