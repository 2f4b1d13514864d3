// Names with a meaning to CommandEvidence: options for algorithms, shells, tools that handle text.

/// What names of options and programs mean.
enum OptionVocabulary {
    /// Whether the value of an option or a variable names an algorithm or a coin.
    static func isForAlgorithms(_ name: ByteString) -> Bool {
        algorithmNames.index(of: name) != nil
    }

    /// Whether a program shows, finds or stores text; its arguments say nothing about what runs.
    static func isTextTool(_ program: ByteString) -> Bool { textTools.index(of: program) != nil }

    /// The script that a shell gets as its argument; nil if there is none.
    static func script(in words: [ByteString]) -> ByteString? {
        guard let name = words.first?.baseName, shells.index(of: name) != nil else { return nil }
        for (index, word) in words.enumerated().dropFirst() {
            guard word.first == UInt8(ascii: "-"), word.count > 1 else {
                // `su user -c script`: its operand precedes the option.
                if name.elementsEqual("su".utf8) { continue }
                return nil
            }
            let letters = word.dropFirst()
            guard letters.last == UInt8(ascii: "c"), letters.allSatisfy(\.isLetter) else {
                continue
            }
            return index + 1 < words.count ? words[index + 1] : nil
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

    private static let shells = table("sh bash dash ash zsh ksh mksh su rbash")

    private static let textTools = table(
        """
        grep egrep fgrep zgrep rg ag ack pgrep pkill killall pidof find locate sed awk gawk mawk \
        strings yara cat head tail less more diff echo printf logger journalctl man vi vim nvim nano \
        emacs ed git jq sort tee test [ [[ ps ls apt apt-get dpkg yum dnf apk pip pip3 npm rm
        """
    )

    private static func table(_ words: String) -> ByteStringTable {
        ByteStringTable(words.split(separator: " ").map { Array($0.utf8) })
    }
}
