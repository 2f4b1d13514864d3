// Reading the kernel's text files byte by byte: numbers, words, lines. Pure, allocates nothing
// unless it says so; offsets only move forward.

extension Span<UInt8> {
    /// Reads a decimal number; nil, with `offset` unchanged, if there is none or it does not fit.
    func decimal<Value: FixedWidthInteger>(
        at offset: inout Int,
        as _: Value.Type = Value.self
    ) -> Value? {
        var index = offset
        let isNegative = Value.isSigned && index < count && self[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var value: Value = 0
        while index < count, case let digit = self[index] &- UInt8(ascii: "0"), digit <= 9 {
            let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) =
                isNegative
                ? tens.subtractingReportingOverflow(Value(digit))
                : tens.addingReportingOverflow(Value(digit))
            guard !overflowed, !carried else { return nil }
            value = sum
            index += 1
        }
        guard index > start else { return nil }
        offset = index
        return value
    }

    /// Reads a hexadecimal number without a prefix; nil if there is none or it does not fit.
    func hexadecimal(at offset: inout Int) -> UInt64? {
        var index = offset
        var value: UInt64 = 0
        while index < count, let digit = self[index].hexadecimalValue {
            guard value >> 60 == 0 else { return nil }
            value = value << 4 | UInt64(digit)
            index += 1
        }
        guard index > offset else { return nil }
        offset = index
        return value
    }

    /// Steps over one given byte.
    func skip(_ byte: UInt8, at offset: inout Int) -> Bool {
        guard offset < count, self[offset] == byte else { return false }
        offset += 1
        return true
    }

    /// Steps over any number of blanks and tabs.
    func skipBlanks(at offset: inout Int) {
        while offset < count,
            self[offset] == UInt8(ascii: " ") || self[offset] == UInt8(ascii: "\t")
        {
            offset += 1
        }
    }

    /// The bytes up to `end` (not included), or nil if it does not come; steps over it.
    func word(endingWith end: UInt8, at offset: inout Int, limit: Int) -> Range<Int>? {
        var index = offset
        while index < limit, self[index] != end { index += 1 }
        guard index < limit else { return nil }
        defer { offset = index + 1 }
        return offset..<index
    }

    /// The next line that is ended by a newline; nil if none is left or the last one is cut short.
    func line(at offset: inout Int) -> Range<Int>? {
        word(endingWith: UInt8(ascii: "\n"), at: &offset, limit: count)
    }

    /// Whether these bytes follow at `offset`.
    func starts(with text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, count - offset >= length else { return false }
        return unsafe UnsafeBufferPointer(start: text.utf8Start, count: length)
            .indices.allSatisfy { unsafe text.utf8Start[$0] == self[offset + $0] }
    }

    /// The last place of a byte.
    func lastIndex(of byte: UInt8) -> Int? {
        var index = count
        while index > 0 {
            index -= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// A copy of a part.
    func copy(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for index in range { bytes.append(self[index]) }
        return bytes
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit, either case.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
