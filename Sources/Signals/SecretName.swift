// Which names announce a secret.

/// Judges names: of options, variables, headers, query parameters.
enum SecretName {
    /// Names that end so announce a secret; compared without separators and in lower case.
    private static let endings = [
        "password", "passwd", "passphrase", "passcode", "passwort", "secret", "token", "apikey",
        "accesskey", "secretkey", "privatekey", "signingkey", "encryptionkey", "masterkey",
        "authkey", "accountkey", "credential", "credentials", "authorization", "apitoken",
        "accesskeyid", "connectionstring",
    ]
    /// Names that have this in them announce a secret.
    private static let parts = ["password", "passwd", "secret"]
    /// Names that end so hold the place of a secret, or a choice about it, not the secret.
    private static let harmlessEndings = [
        "file", "path", "stdin", "dir", "directory", "prompt", "policy", "name", "length",
    ]
    /// Only the end of a name is looked at: long enough for every ending.
    private static let lookedAtBytes = 64

    /// Whether a name announces a secret; leading dashes and the case of letters do not matter.
    static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        let tail = name.suffix(lookedAtBytes)
        let letters = tail.filter(\.isAlphanumeric).map { $0 < 0x40 ? $0 : $0 | 0x20 }
        let text = String(decoding: letters, as: UTF8.self)
        if harmlessEndings.contains(where: text.hasSuffix) { return false }
        return endings.contains(where: text.hasSuffix)
            || parts.contains { SecretName.contains(letters, $0) }
            || endsWithShortWord(tail)
    }

    /// Whether this is the header that carries session secrets, several in one value.
    static func isCookie(_ name: ArraySlice<UInt8>) -> Bool {
        let lowered = name.prefix(11).map { $0 | 0x20 }
        return name.count <= 10
            && (lowered.elementsEqual("cookie".utf8) || lowered.elementsEqual("set-cookie".utf8))
    }

    /// `pass` and `pwd` announce a secret only as words of their own: not in `bypass`.
    private static func endsWithShortWord(_ name: ArraySlice<UInt8>) -> Bool {
        for word in ["pass", "pwd"] {
            let length = word.utf8.count
            guard name.count >= length else { continue }
            let lowered = name.suffix(length).map { $0 | 0x20 }
            guard lowered.elementsEqual(word.utf8) else { continue }
            guard let before = name.dropLast(length).last else { return true }
            let isCamelCase =
                name[name.endIndex - length] == word.uppercased().utf8.first
                && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(before)
            if !before.isAlphanumeric || isCamelCase { return true }
        }
        return false
    }

    private static func contains(_ letters: [UInt8], _ word: String) -> Bool {
        let word = Array(word.utf8)
        guard letters.count >= word.count else { return false }
        return (0...(letters.count - word.count)).contains {
            letters[$0..<($0 + word.count)].elementsEqual(word)
        }
    }
}
