// What single values give away: schemes, host names, wallet addresses, names of algorithms.
// Owns how a value is taken apart; which values there are is CommandEvidence's. Pure; linear in the
// length of the value.

/// Facts found in values, as lists that rules can look members up in.
struct EvidenceLists {
    /// Coins of wallet addresses.
    var wallets = ByteStringList()
    /// Hosts in lower case: the name, its last two to four labels, and the name with its port.
    var hosts = ByteStringList()
    /// Schemes of URIs in lower case.
    var schemes = ByteStringList()
    /// What options and variables for algorithms and coins say, in lower case.
    var algorithms = ByteStringList()
    /// Whether hosts that something is forwarded to are noted: `PORT:HOST:PORT` (ssh -L) and
    /// `TYPE:HOST:PORT` (socat).
    ///
    /// Not in the environment, which tells of a tunnel to everybody who inherits it.
    private let readsForwarded: Bool
    /// Checksums still to be computed; beyond, an address only resembles one.
    private var checksBudget = EvidenceLists.maximumChecks

    /// A program has a handful of addresses; more are there to cost time.
    private static let maximumChecks = 512

    init(readsForwarded: Bool) {
        self.readsForwarded = readsForwarded
    }

    /// What a value held.
    struct Found: OptionSet {
        let rawValue: Int
        /// A host with a port.
        static let endpoint = Found(rawValue: 1)
        /// An address whose checksum is right.
        static let wallet = Found(rawValue: 2)
    }

    /// Empties the lists and keeps their buffers.
    mutating func removeAll() {
        wallets.removeAll()
        hosts.removeAll()
        schemes.removeAll()
        algorithms.removeAll()
        checksBudget = Self.maximumChecks
    }

    // MARK: - Values

    /// Takes a value apart: a list at its commas and semicolons.
    mutating func read(_ value: ByteString) -> Found {
        let bytes = value.span
        guard bytes.count > 3 else { return [] }
        guard bytes.hasMarks else { return bytes.mayBeEvidence ? readOne(value) : [] }
        // One look at each byte; what is no evidence costs no slice.
        var found: Found = []
        var start = 0
        var hasUser = false
        for index in 0...bytes.count {
            if index < bytes.count, !bytes[index].separatesValues {
                hasUser = hasUser || bytes[index] == UInt8(ascii: "@")
                continue
            }
            if index - start > 3, hasUser || bytes.extracting(start..<index).mayBeEvidence {
                let first = value.startIndex
                found.formUnion(readOne(value[(first + start)..<(first + index)]))
            }
            start = index + 1
            hasUser = false
        }
        return found
    }

    /// Notes the names of algorithms in a value: `a+b` and `a,b` are two.
    mutating func readAlgorithms(_ value: ByteString) {
        for part in value.split(whereSeparator: { $0.separatesValues || $0 == UInt8(ascii: "+") }) {
            let name = part.withoutNumber
            // The value of ansible's -a is a command.
            guard !name.isEmpty, name.count <= 48, !name.contains(UInt8(ascii: " ")) else {
                continue
            }
            algorithms.append(name.lazy.map(\.lowered))
        }
    }

    /// `[1]scheme://user.name:password@host:port/path`, most of which may be missing.
    private mutating func readOne(_ whole: ByteString) -> Found {
        var value = whole.withoutNumber
        var hasScheme = false
        if let end = value.endOfScheme {
            schemes.append(value[..<end].lazy.map(\.lowered))
            value = value[(end + 3)...]
            hasScheme = true
        }
        var found: Found = []
        let authority = value.prefix(512).prefix { !$0.endsAuthority }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            if readWallet(value[..<at]) { found.insert(.wallet) }
            if readHost(value[(at + 1)...], hasScheme: hasScheme) { found.insert(.endpoint) }
            return found
        }
        if readWallet(value) { found.insert(.wallet) }
        if readHost(value, hasScheme: hasScheme) { found.insert(.endpoint) }
        return found
    }

    // MARK: - Wallets

    /// Finds an address at the start, or after `COIN:`.
    private mutating func readWallet(_ value: ByteString) -> Bool {
        guard value.count >= WalletAddress.shortest else { return false }
        if readWallet(value, prefix: []) { return true }
        let prefix = value.prefix(16).prefix { $0.isLetter }
        let colon = prefix.endIndex
        guard !prefix.isEmpty, colon < value.endIndex, value[colon] == UInt8(ascii: ":") else {
            return false
        }
        return readWallet(value[(colon + 1)...], prefix: prefix)
    }

    private mutating func readWallet(_ value: ByteString, prefix: ByteString) -> Bool {
        let limit = WalletAddress.longest + 1
        var word = value.prefix(limit).prefix { $0.isLetter || $0.isDigit }
        if word.count < 48, word.starts(with: "EQ".utf8) || word.starts(with: "UQ".utf8) {
            // TON's base64 has two digits more.
            let longer = value.prefix(49).prefix {
                $0.isNameStart || $0.isDigit || $0 == UInt8(ascii: "-")
            }
            if longer.count == 48 { word = longer }
        }
        guard (WalletAddress.shortest...WalletAddress.longest).contains(word.count),
            word.endIndex == value.endIndex || value[word.endIndex].endsAddress,
            checksBudget > 0
        else { return false }
        checksBudget -= 1
        guard let finding = WalletAddress.finding(in: word, prefix: prefix) else { return false }
        wallets.append(finding.name.utf8)
        if case .address = finding { return true }
        return false
    }

    // MARK: - Hosts

    /// Notes the host at the start; returns whether a port follows.
    private mutating func readHost(_ value: ByteString, hasScheme: Bool) -> Bool {
        let name = value.prefix(254).prefix { $0.isHostByte }
        guard (1...253).contains(name.count), name.first != UInt8(ascii: "-"),
            name.first != UInt8(ascii: ".")
        else { return false }
        let port = value[name.endIndex...].port
        let end = port?.endIndex ?? name.endIndex
        guard end == value.endIndex || value[end].endsAuthority || value[end].separatesValues
        else {
            if readsForwarded, value[end] == UInt8(ascii: ":") {
                readForwarded(value[(end + 1)...])
            }
            return false
        }
        guard port != nil || hasScheme || name.contains(UInt8(ascii: ".")) else { return false }
        note(host: name, port: port)
        return port != nil
    }

    /// Notes a host and port after the part in front of them.
    private mutating func readForwarded(_ value: ByteString) {
        let name = value.prefix(254).prefix { $0.isHostByte }
        guard name.count <= 253, name.contains(UInt8(ascii: ".")), name.contains(where: \.isLetter),
            let port = value[name.endIndex...].port, port.endIndex == value.endIndex
        else { return }
        note(host: name, port: port)
    }

    private mutating func note(host name: ByteString, port: ByteString?) {
        let start = hosts.bytes.count
        hosts.bytes.append(contentsOf: name.lazy.map(\.lowered))
        let nameEnd = hosts.bytes.count
        hosts.bounds.append(start..<nameEnd)
        // The last two to four labels; the labels of an address have no meaning of their own.
        if name.contains(where: \.isLetter) {
            var dots = 0
            var index = name.endIndex
            while index > name.startIndex, dots < 4 {
                index -= 1
                guard name[index] == UInt8(ascii: ".") else { continue }
                dots += 1
                guard dots > 1 else { continue }
                hosts.bounds.append(start + (index - name.startIndex) + 1..<nameEnd)
            }
        }
        if let port, port.isNumber {
            hosts.bytes.append(contentsOf: port)
            hosts.bounds.append(start..<hosts.bytes.count)
        }
        hosts.bytes.append(0)
    }
}

extension ByteString {
    /// Without the `[1]` that some miners put in front of values that belong together.
    fileprivate var withoutNumber: ByteString {
        guard count > 3, first == UInt8(ascii: "["), self[startIndex + 1].isDigit,
            self[startIndex + 2] == UInt8(ascii: "]")
        else { return self }
        return self[(startIndex + 3)...]
    }

    /// Where `://` begins after a scheme (RFC 3986, 3.1); nil if there is none.
    fileprivate var endOfScheme: Int? {
        guard let first, first.isLetter else { return nil }
        let end = prefix(32).prefix { $0.isSchemeByte }.endIndex
        return self[end...].starts(with: "://".utf8) ? end : nil
    }

    /// `:` and up to five digits; some pools want letters before them.
    fileprivate var port: ByteString? {
        guard first == UInt8(ascii: ":") else { return nil }
        let letters = dropFirst().prefix(4).prefix { $0.isLetter }
        let digits = self[letters.endIndex...].prefix(6).prefix { $0.isDigit }
        guard (1...5).contains(digits.count) else { return nil }
        return self[startIndex..<digits.endIndex]
    }

    /// Whether a port has digits only.
    fileprivate var isNumber: Bool { dropFirst().allSatisfy(\.isDigit) }
}

extension UInt8 {
    var separatesValues: Bool {
        self == UInt8(ascii: ",") || self == UInt8(ascii: ";")
    }
    /// What may follow host and port.
    var endsAuthority: Bool {
        switch self {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
        default: false
        }
    }
    /// What may follow an address: a worker's name, a difficulty, a payment id, a pool.
    fileprivate var endsAddress: Bool {
        switch self {
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "@"),
            UInt8(ascii: "#"), UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
    var isHostByte: Bool {
        isLetter || isDigit || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "_")
    }
    fileprivate var isSchemeByte: Bool {
        isLetter || isDigit || self == UInt8(ascii: "+") || self == UInt8(ascii: "-")
            || self == UInt8(ascii: ".")
    }
}
