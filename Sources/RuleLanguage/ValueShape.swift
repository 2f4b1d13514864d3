// What a value looks like at a glance: most are no evidence, and are ruled out here in one look at
// their bytes, without slices. Never wrong about what is evidence; that is EvidenceLists' to decide.

extension Span<UInt8> {
    /// Whether a value separates values or has a user in front of a host.
    var hasMarks: Bool {
        let word = 8
        guard count >= word else {
            for index in indices where self[index].isMark { return true }
            return false
        }
        // The last word overlaps the one before, so that none is short.
        var start = 0
        while start < count - word {
            if wordHasMark(at: start) { return true }
            start += word
        }
        return wordHasMark(at: count - word)
    }

    /// Whether one of the eight bytes from a place is a mark.
    private func wordHasMark(at start: Int) -> Bool {
        // SAFETY: any bytes are an integer, and the load checks the bounds.
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        return word.holds(UInt8(ascii: ",")) || word.holds(UInt8(ascii: ";"))
            || word.holds(UInt8(ascii: "@"))
    }

    /// Whether a value may be or hold a host, a wallet or a URI; never false for one that does.
    var mayHoldEvidence: Bool {
        // The shortest thing of interest is a host like a.bc.
        count > 3 && (mayBeEvidence || hasMarks)
    }

    /// Whether the value of NAME=VALUE may hold evidence, or the name is one for algorithms or for
    /// lines of options.
    var mayHoldVariable: Bool {
        for index in indices where self[index] == UInt8(ascii: "=") {
            let (name, value) = (extracting(..<index), extracting((index + 1)...))
            return value.mayHoldEvidence || OptionVocabulary.isForAlgorithms(name)
                || OptionLine.isHeld(by: name, value: value)
        }
        return false
    }

    /// Whether a value without marks may be a host, a wallet or begin with a scheme.
    var mayBeEvidence: Bool {
        if self[0] == UInt8(ascii: "[") { return true }
        var end = 0
        var hasDot = false
        while end < count, self[end].isHostByte || self[end] == UInt8(ascii: "+") {
            if self[end] == UInt8(ascii: ".") { hasDot = true }
            end += 1
        }
        if end >= WalletAddress.shortest { return true }
        guard end > 0 else { return false }
        guard end < count else { return hasDot }
        if self[end] == UInt8(ascii: ":") {
            // `://`, a port, perhaps with letters, or `COIN:` and a wallet.
            let next = end + 1
            if next < count, self[next] == UInt8(ascii: "/") { return true }
            if count - next >= WalletAddress.shortest { return true }
            return isPort(from: next) || isEndpoint(from: next)
        }
        return hasDot && self[end].endsAuthority
    }

    /// Whether it goes on with a digit, up to four letters before it.
    private func isPort(from start: Int) -> Bool {
        var next = start
        while next < count, next < start + 4, self[next].isLetter { next += 1 }
        return next < count && self[next].isDigit
    }

    /// Whether it goes on with a name that has a dot, and a port.
    private func isEndpoint(from start: Int) -> Bool {
        var end = start
        var hasDot = false
        while end < count, self[end].isHostByte {
            if self[end] == UInt8(ascii: ".") { hasDot = true }
            end += 1
        }
        guard hasDot, end < count, self[end] == UInt8(ascii: ":") else { return false }
        return isPort(from: end + 1)
    }
}

extension UInt8 {
    /// Whether it separates values or stands between user and host.
    fileprivate var isMark: Bool { separatesValues || self == UInt8(ascii: "@") }
}

extension UInt64 {
    /// Whether one of its bytes is this one: the least byte that becomes zero borrows.
    fileprivate func holds(_ byte: UInt8) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let rest = self ^ (ones &* UInt64(byte))
        return (rest &- ones) & ~rest & (ones << 7) != 0
    }
}
