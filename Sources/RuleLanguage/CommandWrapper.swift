// Programs that start the program named in their arguments: how they are given it, and where it
// stands. Which programs they are is WrapperTable's; decides nothing about evidence.

/// How a program that starts another one is given that other one.
struct CommandWrapper: Sendable {
    /// Letters of the options that take the next argument.
    var lettersWithValue = ""
    /// Long options that take the next argument.
    var namesWithValue: Set<String> = []
    /// Arguments between the options and the program.
    var positions = 0
    /// Whether NAME=VALUE may stand before the program.
    var takesAssignments = false
    /// Words of which one must come first, like `exec`; none if it starts programs by itself.
    var verbs: Set<String> = []
    /// Options whose value is the program, like `--exec`.
    var programOptions: Set<String> = []

    /// Where the started program stands in the words; nil if there is none.
    ///
    /// `assignments` gets the NAME=VALUE words in front of it.
    func program(in words: ArraySlice<ByteString>, assignments: (ByteString) -> Void) -> Int? {
        var index = words.startIndex + 1
        var positionsLeft = positions
        var needsVerb = !verbs.isEmpty
        while index < words.endIndex {
            let word = words[index]
            index += 1
            if word.first == UInt8(ascii: "-"), word.count > 1 {
                if word.elementsEqual("--".utf8) {
                    // What follows is the program, whatever was to precede it.
                    if needsVerb || !programOptions.isEmpty { return nil }
                    if !verbs.isEmpty { positionsLeft = 0 }
                    continue
                }
                if programOptions.holds(word.withoutDashes) {
                    return index < words.endIndex ? index : nil
                }
                if takesNext(word) { index += 1 }
            } else if needsVerb {
                guard verbs.holds(word) else { return nil }
                needsVerb = false
            } else if !programOptions.isEmpty {
                continue
            } else if takesAssignments, word.isAssignment {
                assignments(word)
            } else if positionsLeft > 0 {
                positionsLeft -= 1
            } else {
                return index - 1
            }
        }
        return nil
    }

    private func takesNext(_ option: ByteString) -> Bool {
        guard !option.contains(UInt8(ascii: "=")) else { return false }
        if namesWithValue.holds(option.withoutDashes) { return true }
        if option[option.startIndex + 1] == UInt8(ascii: "-") { return false }
        // Of `-dmS` the last letter takes the value; of `-n19` the value is there already.
        guard let last = option.last, lettersWithValue.utf8.contains(last) else { return false }
        return option.dropFirst().dropLast().allSatisfy { !lettersWithValue.utf8.contains($0) }
    }
}

extension Set<String> {
    /// Whether a word is a member; words longer than any are ruled out without making a string.
    fileprivate func holds(_ word: ByteString) -> Bool {
        !isEmpty && word.count <= 20 && contains(String(decoding: word, as: UTF8.self))
    }
}

extension ByteString {
    /// What follows the last `/`.
    var baseName: ByteString {
        self[(lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? startIndex)...]
    }

    /// An option without the one or two dashes in front.
    fileprivate var withoutDashes: ByteString {
        let rest = dropFirst()
        return rest.first == UInt8(ascii: "-") ? rest.dropFirst() : rest
    }

    /// Whether it is NAME=VALUE with the name of a variable.
    var isAssignment: Bool {
        guard let equals = firstIndex(of: UInt8(ascii: "=")), let first, first.isNameStart else {
            return false
        }
        return self[..<equals].allSatisfy { $0.isNameStart || $0.isDigit }
    }
}
