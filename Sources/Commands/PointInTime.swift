// What people write to say since when. Pure: time and time zone are handed in.

internal import Signals

/// Reads moments like `2h`, `3d`, `today`, `2026-11-23 17:30` and `2026-11-23T17:30:00Z`.
enum PointInTime {
    private static let secondsPerDay: Int64 = 86_400

    /// The moment, or nil if the text names none.
    ///
    /// `utcOffsetSeconds` is how far local time is ahead of UTC; a moment with a zone of its own does
    /// not use it.
    static func parse(_ text: String, now: Timestamp, utcOffsetSeconds: Int) -> Timestamp? {
        let offset = Int64(utcOffsetSeconds)
        let local = now.nanoseconds / 1_000_000_000 + offset
        let midnight = local - local % secondsPerDay
        switch text {
        case "now": return now
        case "today": return moment(midnight - offset)
        case "yesterday": return moment(midnight - secondsPerDay - offset)
        default: break
        }
        if let ago = age(text) {
            return Timestamp(nanoseconds: now.nanoseconds.subtractingSaturated(ago))
        }
        return calendar(text, offset)
    }

    private static func moment(_ seconds: Int64) -> Timestamp {
        Timestamp(nanoseconds: seconds * 1_000_000_000)
    }

    /// How long ago, in nanoseconds: a row of numbers with units.
    private static func age(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var rest = text[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int64(digits), number < 1_000_000_000,
                let unit = rest.dropFirst(digits.count).first, let scale = units[unit]
            else { return nil }
            rest = rest.dropFirst(digits.count + 1)
            total += number * scale
            // As far back as a clock of nanoseconds goes.
            guard total < 8_000_000_000 else { return nil }
        }
        return text.isEmpty ? nil : total * 1_000_000_000
    }

    /// `YYYY-MM-DD[ HH:MM[:SS]][Z|+HH:MM]`, with a blank or `T` in between.
    private static func calendar(_ text: String, _ offset: Int64) -> Timestamp? {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int, _ range: ClosedRange<Int64>) -> Int64? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            rest = rest.dropFirst(digits)
            let value = part.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            return range.contains(value) ? value : nil
        }
        func skip(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4, 1970...2261), skip("-"), let month = number(2, 1...12),
            skip("-"), let day = number(2, 1...31)
        else { return nil }
        var seconds = days(year, month, day) * secondsPerDay
        if rest.isEmpty { return moment(seconds - offset) }
        guard skip(" T"), let hour = number(2, 0...23), skip(":"), let minute = number(2, 0...59)
        else { return nil }
        seconds += hour * 3600 + minute * 60
        if skip(":") {
            guard let second = number(2, 0...59) else { return nil }
            seconds += second
            if skip(".") { rest = rest.drop { (0x30...0x39).contains($0) } }
        }
        if rest.isEmpty { return moment(seconds - offset) }
        if skip("Z") { return rest.isEmpty ? moment(seconds) : nil }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard skip("+-"), let hours = number(2, 0...23), skip(":"), let minutes = number(2, 0...59),
            rest.isEmpty
        else { return nil }
        return moment(seconds - sign * (hours * 3600 + minutes * 60))
    }

    /// Days since 1970; years are counted from 1 March, so that the leap day is their last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let leaps = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leaps + (153 * ((month + 9) % 12) + 2) / 5 + day - 1 - 719_468
    }
}

extension Int64 {
    fileprivate func subtractingSaturated(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .min : difference
    }
}
