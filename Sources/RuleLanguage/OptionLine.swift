// Variables whose value is a line of options for a program that a start script or an image runs:
// `MINER_ARGS=-o HOST:PORT -u USER`. Owns which variables those are and what of the line is read. Pure.

/// A line of options in a variable.
enum OptionLine {
    /// How the names end, in lower case.
    private static let endings = [
        "args", "flags", "options", "opts", "parameters", "params",
    ].map { Array($0.utf8) }

    /// What stands in front of variables that hold what somebody has typed, or text: every child
    /// inherits them, and they say nothing about it.
    private static let typed = [
        "BASH_", "BUILDKITE_", "CI_", "GIT_", "GITHUB_", "LAST_", "PROMPT_", "SSH_", "SUDO_",
    ].map { Array($0.utf8) }

    /// Options that a pool stands behind; others name hosts to look at or to keep away from.
    private static let poolOptions = ByteStringTable(
        ["P", "o", "pool", "pool1", "pool2", "stratum", "url"].map { Array($0.utf8) }
    )
    private static let userOptions = ByteStringTable(
        ["u", "user", "username", "userpass", "w", "wal", "wallet"].map { Array($0.utf8) }
    )

    /// What an option says that is worth knowing.
    fileprivate enum Meaning {
        case pool, user, algorithm
    }

    /// The meaning of an option; nil for all others.
    fileprivate static func meaning(of name: ByteString) -> Meaning? {
        if poolOptions.index(of: name) != nil { return .pool }
        if userOptions.index(of: name) != nil { return .user }
        return OptionVocabulary.isForAlgorithms(name) ? .algorithm : nil
    }

    /// Whether a variable holds such a line.
    static func isHeld(by name: Span<UInt8>, value: Span<UInt8>) -> Bool {
        guard name.count > 2, value.count > 4 else { return false }
        let last = name[name.count - 1].lowered
        guard last == UInt8(ascii: "s") else { return false }
        guard endings.contains(where: { name.ends(inLowered: $0) }),
            !typed.contains(where: { name.holds($0.span, at: 0) })
        else { return false }
        for index in value.indices.dropLast()
        where value[index] == UInt8(ascii: "-") && (index == 0 || value[index - 1].isBlank) {
            return true
        }
        return false
    }

    /// The words of the line, without quotes around them.
    fileprivate static func words(of value: ByteString) -> [ByteString] {
        value.split(whereSeparator: \.isBlank).map { word in
            guard let first = word.first, first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
            else { return word }
            return word.last == first && word.count > 1
                ? word.dropFirst().dropLast() : word.dropFirst()
        }
    }
}

extension EvidenceLists {
    /// Looks at the options for pools, users and algorithms in a line of options.
    ///
    /// - Returns: the name of the option with the pool; a host counts as one only if the same line says
    ///   who or what it is for.
    mutating func readOptionLine(_ line: ByteString) -> ByteString? {
        var words = OptionLine.words(of: line)[...]
        var endpoint: ByteString?
        var isForSomething = false
        while let word = words.popFirst() {
            guard word.first == UInt8(ascii: "-") else { continue }
            let body = word.drop { $0 == UInt8(ascii: "-") }
            let equals = body.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { body[..<$0] } ?? body
            guard let meaning = OptionLine.meaning(of: name) else { continue }
            let value: ByteString
            if let equals {
                value = body[(equals + 1)...]
            } else if let next = words.first, next.first != UInt8(ascii: "-") {
                value = words.removeFirst()
            } else {
                continue
            }
            switch meaning {
            case .pool: if read(value).contains(.endpoint) { endpoint = name }
            case .user:
                _ = read(value)
                isForSomething = true
            case .algorithm:
                readAlgorithms(value)
                isForSomething = true
            }
        }
        return isForSomething ? endpoint : nil
    }
}

extension Span<UInt8> {
    /// Whether it ends with these bytes, which are in lower case, in whatever case.
    fileprivate func ends(inLowered ending: [UInt8]) -> Bool {
        guard count >= ending.count else { return false }
        let start = count - ending.count
        for index in ending.indices where self[start + index].lowered != ending[index] {
            return false
        }
        return true
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\n")
    }
}
