// The simple commands of a shell's `-c` string, well enough to see which programs it starts and
// with what. Not a shell: nothing is expanded, and what is not understood is a plain word.

/// Takes a shell script apart.
enum ShellScript {
    /// Bytes that are looked at, and commands that are given out.
    static let maximumLength = 32_768
    static let maximumCommands = 256

    /// The simple commands, each as its words without quotes.
    static func commands(of script: ByteString) -> [[ByteString]] {
        var reader = Reader()
        for byte in script.prefix(maximumLength) {
            reader.take(byte)
            if reader.commands.count >= maximumCommands { break }
        }
        reader.endCommand()
        return reader.commands
    }

    /// The state between two bytes.
    private struct Reader {
        private enum Quote { case none, single, double }

        private(set) var commands: [[ByteString]] = []
        private var words: [ByteString] = []
        private var word: [UInt8] = []
        private var isInWord = false
        private var quote = Quote.none
        private var isEscaped = false
        private var isComment = false

        mutating func take(_ byte: UInt8) {
            if isEscaped {
                isEscaped = false
                if byte != UInt8(ascii: "\n") { append(byte) }
                return
            }
            switch quote {
            case .single:
                if byte == UInt8(ascii: "'") { quote = .none } else { append(byte) }
            case .double:
                switch byte {
                case UInt8(ascii: "\""): quote = .none
                case UInt8(ascii: "\\"): isEscaped = true
                default: append(byte)
                }
            case .none: takeUnquoted(byte)
            }
        }

        private mutating func takeUnquoted(_ byte: UInt8) {
            if isComment {
                guard byte == UInt8(ascii: "\n") else { return }
                isComment = false
            }
            switch byte {
            case UInt8(ascii: "'"): (quote, isInWord) = (.single, true)
            case UInt8(ascii: "\""): (quote, isInWord) = (.double, true)
            case UInt8(ascii: "\\"): (isEscaped, isInWord) = (true, true)
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "\n"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "`"):
                endCommand()
            case UInt8(ascii: "#") where !isInWord: isComment = true
            default: append(byte)
            }
        }

        private mutating func append(_ byte: UInt8) {
            word.append(byte)
            isInWord = true
        }

        private mutating func endWord() {
            guard isInWord else { return }
            words.append(word[...])
            word = []
            isInWord = false
        }

        mutating func endCommand() {
            endWord()
            guard !words.isEmpty else { return }
            commands.append(words)
            words = []
        }
    }
}
