// A moment of the wall clock and its text form, computed without a time zone database.

/// A moment of the wall clock, as nanoseconds since 1970-01-01T00:00:00Z.
///
/// Covers the years 1678 to 2262.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since the epoch; negative before 1970.
    package var nanoseconds: Int64

    /// Makes a moment from nanoseconds since the epoch.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Orders by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The nanoseconds from `earlier` to this moment; negative if `earlier` is later.
    ///
    /// Saturates instead of overflowing: both moments may come from the outside.
    package func nanoseconds(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        guard overflow else { return difference }
        return nanoseconds < earlier.nanoseconds ? .min : .max
    }

    /// RFC 3339 in UTC with all nine digits of the second, so that texts sort like moments.
    package var rfc3339: String {
        let parts = Calendar(self)
        let fraction = String(parts.nanosecond)
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        return "\(parts.date)T\(parts.time).\(zeros)\(fraction)Z"
    }

    /// Date and time of the second for people: `2026-11-23 17:33:08`.
    ///
    /// `utcOffsetSeconds` is added first; the caller knows the time zone, this module does not.
    package func readable(utcOffsetSeconds: Int = 0) -> String {
        let shift = Int64(utcOffsetSeconds) &* 1_000_000_000
        let parts = Calendar(Timestamp(nanoseconds: nanoseconds &+ shift))
        return "\(parts.date) \(parts.time)"
    }
}

/// The fields of a moment in the proleptic Gregorian calendar, UTC.
private struct Calendar {
    let date: String
    let time: String
    let nanosecond: Int64

    init(_ moment: Timestamp) {
        let (seconds, nanosecond) = Self.floorDivide(moment.nanoseconds, 1_000_000_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, 86_400)
        self.nanosecond = nanosecond
        let hour = Self.padded(secondOfDay / 3600)
        let minute = Self.padded(secondOfDay / 60 % 60)
        time = "\(hour):\(minute):\(Self.padded(secondOfDay % 60))"

        // Years are counted from 1 March of year 0, so that the leap day is the last of its year;
        // an era is the 400 years (146097 days) after which the calendar repeats.
        let (era, dayOfEra) = Self.floorDivide(days + 719_468, 146_097)
        let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leaps) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        date = "\(year)-\(Self.padded(month))-\(Self.padded(day))"
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
