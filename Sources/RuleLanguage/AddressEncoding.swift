// The encodings of wallet addresses: base58 in two forms, bech32 and its relatives, TON's base64,
// Qubic's letters.
// Pure, bounded by the length of what they get; wrong input gives nil or false.

/// The digits of an encoding.
struct DigitAlphabet: Sendable {
    private let values: [Int8]

    init(_ digits: String) {
        var values = [Int8](repeating: -1, count: 256)
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = Int8(value) }
        self.values = values
    }

    /// The value of a digit; nil if it is none.
    func value(of digit: UInt8) -> Int? {
        let value = values[Int(digit)]
        return value < 0 ? nil : Int(value)
    }
}

/// Numbers in base 58.
enum Base58 {
    static let alphabet = DigitAlphabet(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    )

    /// Decodes one number, as Bitcoin does; nil if a digit is wrong.
    ///
    /// Quadratic: for short words.
    static func decode(_ word: ByteString) -> [UInt8]? {
        var number: [UInt8] = []
        for digit in word {
            guard var carry = alphabet.value(of: digit) else { return nil }
            for index in number.indices {
                carry += Int(number[index]) * 58
                number[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            while carry > 0 {
                number.append(UInt8(truncatingIfNeeded: carry))
                carry >>= 8
            }
        }
        let zeros = word.prefix { $0 == UInt8(ascii: "1") }.count
        return [UInt8](repeating: 0, count: zeros) + number.reversed()
    }

    /// Decodes blocks of 11 digits to 8 bytes, as cryptonote coins do; nil if something is wrong.
    static func decodeBlocks(_ word: ByteString) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = word
        while !rest.isEmpty {
            let block = rest.prefix(11)
            rest = rest.dropFirst(11)
            guard let size = blockSizes[block.count] else { return nil }
            var number: UInt64 = 0
            for digit in block {
                guard let value = alphabet.value(of: digit) else { return nil }
                let (product, isTooLarge) = number.multipliedReportingOverflow(by: 58)
                let (sum, isTooLargeNow) = product.addingReportingOverflow(UInt64(value))
                guard !isTooLarge, !isTooLargeNow else { return nil }
                number = sum
            }
            guard size == 8 || number >> UInt64(size * 8) == 0 else { return nil }
            for index in (0..<size).reversed() {
                result.append(UInt8(truncatingIfNeeded: number >> UInt64(index * 8)))
            }
        }
        return result
    }

    /// Bytes in a block of so many digits.
    private static let blockSizes = [2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8]
}

/// BCH codes over 32 digits: bech32 (BIP 173, 350) and the longer code of cash addresses.
enum Bech32 {
    static let alphabet = DigitAlphabet("qpzry9x8gf2tvdw0s3jn54khce6mua7l")
    /// Conflux (CIP-37) has the code of cash addresses over digits of its own.
    static let confluxAlphabet = DigitAlphabet("abcdefghjkmnprstuvwxyz0123456789")

    /// Whether data and prefix make a bech32 or bech32m string.
    static func isValid(_ data: ByteString, prefix: ByteString) -> Bool {
        guard data.count >= 6 + 20, prefix.allSatisfy(\.isLetter) else { return false }
        var checksum: UInt32 = 1
        for byte in prefix { step(&checksum, UInt32(byte >> 5)) }
        step(&checksum, 0)
        for byte in prefix { step(&checksum, UInt32(byte & 31)) }
        for digit in data {
            guard let value = alphabet.value(of: digit) else { return false }
            step(&checksum, UInt32(value))
        }
        return checksum == 1 || checksum == 0x2bc8_30a3
    }

    /// Whether data and prefix make a cash address, of Bitcoin Cash or of Kaspa and its relatives.
    static func isValidCashAddress(_ data: ByteString, prefix: ByteString) -> Bool {
        isValid(data, prefix: prefix, alphabet: alphabet)
    }

    /// Whether data in other digits make a cash address.
    static func isValid(
        _ data: ByteString,
        prefix: ByteString,
        alphabet: DigitAlphabet
    ) -> Bool {
        guard data.count >= 8 + 30 else { return false }
        var checksum: UInt64 = 1
        for byte in prefix { step(&checksum, UInt64(byte & 31)) }
        step(&checksum, 0)
        for digit in data {
            guard let value = alphabet.value(of: digit) else { return false }
            step(&checksum, UInt64(value))
        }
        return checksum == 1
    }

    private static func step(_ checksum: inout UInt32, _ value: UInt32) {
        let top = checksum >> 25
        checksum = (checksum & 0x1ff_ffff) << 5 ^ value
        for (bit, generator) in shortGenerators.enumerated() where top >> UInt32(bit) & 1 == 1 {
            checksum ^= generator
        }
    }

    private static func step(_ checksum: inout UInt64, _ value: UInt64) {
        let top = checksum >> 35
        checksum = (checksum & 0x7_ffff_ffff) << 5 ^ value
        for (bit, generator) in longGenerators.enumerated() where top >> UInt64(bit) & 1 == 1 {
            checksum ^= generator
        }
    }

    private static let shortGenerators: [UInt32] = [
        0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
    ]
    private static let longGenerators: [UInt64] = [
        0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470,
    ]
}

/// TON's user-friendly addresses: 36 bytes in base64url, the last two a CRC-16.
enum TONAddress {
    private static let alphabet = DigitAlphabet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )

    /// Whether 48 digits are an address.
    static func isValid(_ word: ByteString) -> Bool {
        var bits: UInt32 = 0
        var count = 0
        var checksum: UInt16 = 0
        for digit in word {
            guard let value = alphabet.value(of: digit) else { return false }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            checksum ^= UInt16(truncatingIfNeeded: bits >> UInt32(count) & 0xff) << 8
            for _ in 0..<8 {
                checksum = checksum & 0x8000 == 0 ? checksum << 1 : checksum << 1 ^ 0x1021
            }
        }
        // A CRC over a message and its own CRC is zero.
        return word.count == 48 && checksum == 0
    }
}

/// Qubic's identities: 60 capital letters, four numbers of 64 bits in base 26 with the least digit
/// first, then 18 bits of their KangarooTwelve.
enum Qubic {
    /// Whether 60 letters are an identity.
    static func isValid(_ word: ByteString) -> Bool {
        let digits = word.map { Int($0) - Int(UInt8(ascii: "A")) }
        guard digits.count == 60, digits.allSatisfy({ (0..<26).contains($0) }) else { return false }
        var key: [UInt8] = []
        for start in stride(from: 0, to: 56, by: 14) {
            var number: UInt64 = 0
            for digit in digits[start..<(start + 14)].reversed() {
                let (product, isTooLarge) = number.multipliedReportingOverflow(by: 26)
                let (sum, isTooLargeNow) = product.addingReportingOverflow(UInt64(digit))
                guard !isTooLarge, !isTooLargeNow else { return false }
                number = sum
            }
            for shift in 0..<8 {
                key.append(UInt8(truncatingIfNeeded: number >> UInt64(shift * 8)))
            }
        }
        let checksum = digits[56...].reversed().reduce(0) { $0 * 26 + $1 }
        let digest = KangarooTwelve.digest(of: key)
        return checksum == Int(digest[0]) | Int(digest[1]) << 8 | Int(digest[2] & 3) << 16
    }
}
