// Names with a meaning to CommandEvidence: options for algorithms, shells, tools that handle text.

/// What names of options and programs mean.
enum OptionVocabulary {
    /// Whether the value of an option or a variable names an algorithm or a coin.
    static func isForAlgorithms(_ name: ByteString) -> Bool { isForAlgorithms(name.span) }

    /// Whether the value of an option or a variable names an algorithm or a coin.
    static func isForAlgorithms(_ name: Span<UInt8>) -> Bool {
        algorithmNames.index(of: name) != nil
    }

    /// Whether a program shows, finds or stores text; its arguments say nothing about what runs.
    static func isTextTool(_ program: ByteString) -> Bool { textTools.index(of: program) != nil }

    /// Whether a program takes a script as the value of `-c`.
    static func isShell(_ program: ByteString) -> Bool { shells.index(of: program) != nil }

    /// The script that a shell gets as its argument; nil if there is none.
    static func script(in words: ArraySlice<ByteString>) -> ByteString? {
        guard let name = words.first?.baseName, let shell = shells.index(of: name) else {
            return nil
        }
        // `su -s /bin/sh - user -c script`: one operand may precede the option.
        var operandsLeft = shell < shellsWithOperand ? 1 : 0
        var index = words.startIndex + 1
        while index < words.endIndex {
            let word = words[index]
            index += 1
            guard word.first == UInt8(ascii: "-"), word.count > 1 else {
                if word.count == 1, word.first == UInt8(ascii: "-"), shell < shellsWithOperand {
                    continue
                }
                operandsLeft -= 1
                guard operandsLeft >= 0 else { return nil }
                continue
            }
            let letters = word.dropFirst()
            guard letters.last == UInt8(ascii: "c"), letters.allSatisfy(\.isLetter) else {
                if letters.first == UInt8(ascii: "-"), letters.count == 1 { return nil }
                if shell < shellsWithOperand, letters.count == 1,
                    "sgGuw".utf8.contains(letters[letters.startIndex])
                {
                    index += 1
                }
                continue
            }
            return index < words.endIndex ? words[index] : nil
        }
        return nil
    }

    private static let algorithmNames = table(
        """
        a a1 a2 a3 algo algo1 algo2 algorithm algorithms algos coin coins coin1 coin2 currency \
        dcoin kernel par pers dual-algo dual_algo dual-mode dualmode ALGO ALGORITHM ALGOS COIN \
        COINS XMRIG_ALGO XMRIG_COIN MINER_ALGO MINING_ALGO MINING_ALGORITHM CURRENCY
        """
    )

    private static let shells = table(
        "su flock runuser script sh bash dash ash zsh ksh mksh rbash fish"
    )
    private static let shellsWithOperand = 4

    private static let textTools = table(
        """
        grep egrep fgrep zgrep rg ag ack pgrep pkill killall pidof find locate sed awk gawk \
        mawk strings yara cat head tail less more diff echo printf logger journalctl man vi \
        vim nvim nano emacs ed git jq sort tee test [ [[ ps ls curl wget openssl nc ping dig \
        gcc cc make cmake tar apt apt-get dpkg yum dnf apk pip pip3 npm rm
        """
    )

    private static func table(_ words: String) -> ByteStringTable {
        ByteStringTable(words.split(separator: " ").map { Array($0.utf8) })
    }
}
