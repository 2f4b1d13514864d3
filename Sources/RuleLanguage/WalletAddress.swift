// Which coin a word is an address of. Owns shapes and checksums; knows neither options nor rules.
// Pure. Every check is bounded: no address is longer than `longest`.

/// Recognises wallet addresses.
enum WalletAddress {
    /// What a word is.
    enum Finding: Equatable {
        /// An address of the coin: its checksum is right, or the coin has none.
        case address(of: String)
        /// Shaped like one, but the checksum is wrong or the end is cut off.
        case resembling(String)

        /// As it stands in a list: the coin, with `-like` if it only resembles one.
        var name: String {
            switch self {
            case .address(let coin): coin
            case .resembling(let coin): coin + "-like"
            }
        }
    }

    static let shortest = 25
    static let longest = 128

    /// What the word is; nil if it is no address.
    ///
    /// `prefix` is the letters before a colon in front of the word: some coins have them in their
    /// checksum.
    static func finding(in word: ByteString, prefix: ByteString = []) -> Finding? {
        guard (shortest...longest).contains(word.count) else { return nil }
        if !prefix.isEmpty, let found = prefixed(word, prefix) { return found }
        if word.starts(with: "0x".utf8) { return ethereum(word.dropFirst(2)) }
        if let part = word.lastIndex(of: UInt8(ascii: "1")), part > word.startIndex {
            let coin = word[..<part]
            if Bech32.isValid(word[(part + 1)...], prefix: coin) {
                return .address(of: Self.bech32Coins[text(coin)] ?? "bech32")
            }
        }
        switch word.count {
        case 36 where word.starts(with: "NQ".utf8) && isNimiq(word): return .address(of: "nimiq")
        case 25...36: return base58Check(word)
        case 48 where word.starts(with: "EQ".utf8) || word.starts(with: "UQ".utf8):
            return TONAddress.isValid(word) ? .address(of: "ton") : .resembling("ton")
        case 60 where Qubic.isValid(word): return .address(of: "qubic")
        case 86...: return cryptonote(word)
        default: return nil
        }
    }

    // MARK: - Families

    private static func prefixed(_ word: ByteString, _ prefix: ByteString) -> Finding? {
        let coin = text(prefix)
        if coin == "cfx" {
            return Bech32.isValid(word, prefix: prefix, alphabet: Bech32.confluxAlphabet)
                ? .address(of: "conflux") : .resembling("conflux")
        }
        guard word.count >= 38 else { return nil }
        if Bech32.isValidCashAddress(word, prefix: prefix) {
            // The checksum covers the prefix, so that a fork of Kaspa need not be known to be found.
            let isKaspaLike = (61...63).contains(word.count)
            return .address(of: isKaspaLike && isFork(coin) ? "kaspa-fork" : coin)
        }
        if Bech32.isValid(word, prefix: prefix) { return .address(of: coin) }
        guard word.count >= 50, word.allSatisfy({ Bech32.alphabet.value(of: $0) != nil }) else {
            return nil
        }
        return .resembling(coin)
    }

    /// 40 hexadecimal digits; in mixed case the case is the checksum (EIP-55).
    private static func ethereum(_ digits: ByteString) -> Finding? {
        guard digits.count == 40, digits.allSatisfy(\.isHexadecimalDigit) else { return nil }
        let lowered = digits.map(\.lowered)
        let hasUpper = lowered != Array(digits)
        let hasLower = digits.contains { $0 >= UInt8(ascii: "a") }
        guard hasUpper, hasLower else { return .address(of: "ethereum") }
        let digest = Keccak256.digest(lowered)
        for (index, digit) in digits.enumerated() where digit.isLetter {
            let nibble = index % 2 == 0 ? digest[index / 2] >> 4 : digest[index / 2] & 15
            let isUpper = digit < UInt8(ascii: "a")
            guard isUpper == (nibble > 7) else { return .resembling("ethereum") }
        }
        return .address(of: "ethereum")
    }

    /// A version, 20 bytes of hash, and the head of a double SHA-256.
    private static func base58Check(_ word: ByteString) -> Finding? {
        guard let bytes = Base58.decode(word) else { return nil }
        if bytes.count == 25 || bytes.count == 26 {
            let payload = bytes.dropLast(4)
            if SHA256.digest(SHA256.digest(payload)).starts(with: bytes.suffix(4)) {
                let version = bytes.count == 26 ? Int(bytes[0]) << 8 | Int(bytes[1]) : Int(bytes[0])
                return .address(of: base58Coins[version] ?? "base58check")
            }
        }
        // A name of the right length is no address: letters of both cases and digits.
        guard (33...35).contains(word.count), word.contains(where: \.isDigit),
            word.contains(where: { $0 > 0x60 }), word.filter({ $0 > 0x40 && $0 < 0x5B }).count > 3
        else { return nil }
        return .resembling(word.first == UInt8(ascii: "R") ? "ravencoin" : "base58check")
    }

    /// A country, two check digits and 20 bytes in base 32, checked like an IBAN (ISO 13616).
    private static func isNimiq(_ word: ByteString) -> Bool {
        var rest = 0
        for byte in word.dropFirst(4) + word.prefix(4) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                rest = (rest * 10 + Int(byte - UInt8(ascii: "0"))) % 97
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                rest = (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
            default: return false
            }
        }
        return rest == 1
    }

    /// A tag, two keys, perhaps a payment id, and the head of a Keccak.
    private static func cryptonote(_ word: ByteString) -> Finding? {
        if let bytes = Base58.decodeBlocks(word), bytes.count > 68,
            Keccak256.digest(bytes.dropLast(4)).starts(with: bytes.suffix(4))
        {
            let isMonero = [18, 19, 42].contains(bytes[0])
            return .address(of: isMonero ? "monero" : "cryptonote")
        }
        guard let first = word.first, first == UInt8(ascii: "4") || first == UInt8(ascii: "8"),
            "0123456789AB".utf8.contains(word[word.startIndex + 1]), word.count <= 110,
            word.allSatisfy({ Base58.alphabet.value(of: $0) != nil })
        else { return nil }
        return .resembling("monero")
    }

    private static func text(_ bytes: ByteString) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// Prefixes of cash addresses that have a name of their own in rules, or are not mined so.
    private static let cashCoins: Set<String> = [
        "bitcoincash", "ecash", "karlsen", "kaspa", "nexa", "pyrin", "spectre",
    ]

    /// Whether the prefix of a cash address is that of a coin without a name in rules, and not that of a
    /// test chain.
    private static func isFork(_ coin: String) -> Bool {
        !cashCoins.contains(coin) && !["test", "dev", "sim", "reg"].contains { coin.hasSuffix($0) }
    }

    /// Human-readable parts of addresses, and whose they are.
    private static let bech32Coins = [
        "bc": "bitcoin", "ltc": "litecoin", "dgb": "digibyte", "vtc": "vertcoin", "dero": "dero",
        "deroi": "dero", "sugar": "sugarchain", "prl": "pearl", "grs": "groestlcoin",
        "btg": "bitcoin-gold", "mona": "monacoin", "fc": "fractal", "aleo": "aleo",
        "ckb": "nervos", "pkt": "pkt",
        // Addresses, too, but of things that are not mined.
        "age": "age-recipient", "npub": "nostr", "nsec": "nostr", "note": "nostr",
    ]

    /// Version numbers of addresses, and whose they are; several coins share some.
    private static let base58Coins = [
        0: "bitcoin", 5: "bitcoin", 22: "dogecoin", 30: "dogecoin", 38: "bitcoin-gold",
        48: "litecoin", 50: "litecoin", 60: "ravencoin", 65: "tron", 76: "dash",
        0x1CB8: "zcash", 0x1CBD: "zcash", 0x2089: "horizen",
    ]
}

extension UInt8 {
    /// Whether it is an ASCII digit or one of the letters A to F.
    var isHexadecimalDigit: Bool {
        isDigit || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "f"))
    }
}
