// Reads the moments that runtimes write down: RFC 3339, with any number of decimals.

/// Reads moments like `2026-11-23T17:33:08.123456789+01:00`.
enum RFC3339 {
    /// Nanoseconds since 1970; nil if it is no such moment, or none between 1970 and 2262.
    static func nanoseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int, in range: ClosedRange<Int64>) -> Int64? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            rest = rest.dropFirst(digits)
            let value = part.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            return range.contains(value) ? value : nil
        }
        func skip(_ characters: String) -> UInt8? {
            guard let first = rest.first, characters.utf8.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
        guard let year = number(4, in: 1970...2261), skip("-") != nil,
            let month = number(2, in: 1...12), skip("-") != nil,
            let day = number(2, in: 1...31), skip("Tt ") != nil,
            let hour = number(2, in: 0...23), skip(":") != nil,
            let minute = number(2, in: 0...59), skip(":") != nil,
            let second = number(2, in: 0...60)
        else { return nil }
        var fraction: Int64 = 0
        if skip(".") != nil {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            let nine = digits.prefix(9) + repeatElement(0x30, count: max(0, 9 - digits.count))
            fraction = nine.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        var offset: Int64 = 0
        if let sign = skip("Zz+-"), sign != UInt8(ascii: "Z"), sign != UInt8(ascii: "z") {
            guard let hours = number(2, in: 0...23), skip(":") != nil,
                let minutes = number(2, in: 0...59)
            else { return nil }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
        } else if text.utf8.last.map({ $0 != UInt8(ascii: "Z") && $0 != UInt8(ascii: "z") }) ?? true
        {
            return nil
        }
        guard rest.isEmpty else { return nil }
        let days = daysSinceEpoch(year, month, day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds < 0 ? nil : seconds * 1_000_000_000 + fraction
    }

    /// Years are counted from 1 March, so that the leap day is the last of its year.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leaps = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leaps + (153 * marchMonth + 2) / 5 + day - 1 - 719_468
    }
}
