// Finds the secrets in one string. Goes from left to right and never back: linear in the length.

/// Finds the secrets in one string of any kind: argument, script text, header, URL, JSON.
struct SecretScanner {
    private let text: [UInt8]
    private var position = 0
    private var found: [Range<Int>] = []

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// Where the secrets are, in order and without overlap.
    mutating func secrets() -> [Range<Int>] {
        while position < text.count {
            guard Self.isNameByte(text[position]) else {
                position += 1
                continue
            }
            var end = position
            while end < text.count, Self.isNameByte(text[end]) { end += 1 }
            word(position..<end)
        }
        return found
    }

    /// Judges one run of name bytes and moves behind it and behind what belongs to it.
    private mutating func word(_ range: Range<Int>) {
        let word = text[range]
        position = range.upperBound
        if hasPrefix("://", at: range.upperBound) {
            userInformation(from: range.upperBound + 3)
        } else if CredentialShape.matches(word) {
            found.append(range)
        } else if Self.equals(word, "bearer"), let start = afterSpaces(range.upperBound) {
            secret(from: start, isLonger: 8)
        } else if SecretName.isSecret(word) {
            value(of: range)
        }
    }

    /// The password in `user:password@host`; the user stays, it may be a wallet.
    private mutating func userInformation(from start: Int) {
        var colon: Int?
        var at: Int?
        var end = start
        while end < text.count, !Self.endsAuthority(text[end]) {
            if text[end] == UInt8(ascii: "@") { at = end }
            if text[end] == UInt8(ascii: ":"), colon == nil, at == nil { colon = end }
            end += 1
        }
        position = start
        guard let at else { return }
        if let colon, colon + 1 < at {
            found.append((colon + 1)..<at)
        } else if CredentialShape.matches(text[start..<at]) {
            found.append(start..<at)
        }
        position = at + 1
    }

    /// The value that belongs to a secret name.
    private mutating func value(of name: Range<Int>) {
        var start = name.upperBound
        let isQuoted = start < text.count && Self.isQuote(text[start])
        if isQuoted { start += 1 }
        // The quotes of a name in a script within a script may be escaped themselves.
        if hasPrefix("\\\"", at: start) { start += 2 }
        let afterName = start
        while start < text.count, text[start].isSpace { start += 1 }
        guard start < text.count else { return }
        let separator = text[start]
        if separator == UInt8(ascii: "=") || separator == UInt8(ascii: ":") {
            let isPartOfPath = name.lowerBound > 0 && text[name.lowerBound - 1] == UInt8(ascii: "/")
            if separator == UInt8(ascii: ":"), isPartOfPath { return }
            assigned(from: start + 1, isHeader: Self.equals(text[name].suffix(13), "authorization"))
        } else if start > afterName, !isQuoted, text[name.lowerBound] == UInt8(ascii: "-"),
            separator != UInt8(ascii: "-")
        {
            secret(from: start, isLonger: 0)
        }
    }

    private mutating func assigned(from separatorEnd: Int, isHeader: Bool) {
        var start = separatorEnd
        // `password = x` and `password==x`; but nothing beyond the line.
        while start < text.count, text[start] == 0x20 || text[start] == UInt8(ascii: "=") {
            start += 1
        }
        if isHeader, let scheme = authorizationScheme(at: start) { start = scheme }
        secret(from: start, isLonger: 0)
    }

    /// Where the credentials begin after `Bearer ` and the like; nil if there is no scheme.
    private func authorizationScheme(at start: Int) -> Int? {
        var end = start
        while end < text.count, Self.isNameByte(text[end]) { end += 1 }
        guard end > start, let credentials = afterSpaces(end), credentials < text.count else {
            return nil
        }
        return credentials
    }

    /// Records the value that begins here: a quoted string or a run without delimiter.
    private mutating func secret(from start: Int, isLonger minimum: Int) {
        guard start < text.count else { return }
        let isEscaped = hasPrefix("\\\"", at: start)
        let isQuoted = isEscaped || Self.isQuote(text[start])
        let quote = isEscaped ? UInt8(ascii: "\\") : text[start]
        let first = start + (isEscaped ? 2 : isQuoted ? 1 : 0)
        position = first
        // A pool address is evidence wherever it stands; only its password goes.
        if Self.isPoolAddress(text[min(first, text.count)...]) { return }
        while position < text.count,
            isQuoted ? text[position] != quote : !Self.endsValue(text[position])
        {
            position += 1
        }
        if position - first > minimum { found.append(first..<position) }
    }

    /// Whether a string begins like `stratum+tcp://`.
    static func isPoolAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.starts(with: "stratum".utf8) else { return false }
        let scheme = bytes.prefix(16).prefix { $0.isAlphanumeric || $0 == UInt8(ascii: "+") }
        return bytes[scheme.endIndex...].starts(with: "://".utf8)
    }

    private func afterSpaces(_ start: Int) -> Int? {
        var end = start
        while end < text.count, text[end] == 0x20 { end += 1 }
        return end > start ? end : nil
    }

    private func hasPrefix(_ prefix: String, at start: Int) -> Bool {
        start <= text.count && text[start...].starts(with: prefix.utf8)
    }

    private static func equals(_ word: ArraySlice<UInt8>, _ lower: String) -> Bool {
        word.count == lower.utf8.count && word.map { $0 | 0x20 }.elementsEqual(lower.utf8)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        byte.isSpace || isQuote(byte) || "&;,|)}<>`".utf8.contains(byte)
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte.isSpace || isQuote(byte) || "/?#".utf8.contains(byte)
    }
}

/// Credentials that are known by their shape alone.
enum CredentialShape {
    private static let prefixes = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-",
        "xoxs-", "sk_live_", "rk_live_", "dckr_pat_", "npm_", "AIza", "hvs.", "pypi-",
    ]

    /// Whether a run of letters, digits, `_`, `-` and `.` is a credential.
    static func matches(_ word: ArraySlice<UInt8>) -> Bool {
        if word.count == 20, isAmazonKey(word) { return true }
        if word.count >= 20, prefixes.contains(where: { word.starts(with: $0.utf8) }) {
            return true
        }
        // A signed JSON web token: three parts, the first two are JSON objects.
        return word.starts(with: "eyJ".utf8)
            && word.split(separator: UInt8(ascii: "."), maxSplits: 3).count == 3
    }

    private static func isAmazonKey(_ word: ArraySlice<UInt8>) -> Bool {
        (word.starts(with: "AKIA".utf8) || word.starts(with: "ASIA".utf8))
            && word.allSatisfy {
                $0.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
            }
    }
}
