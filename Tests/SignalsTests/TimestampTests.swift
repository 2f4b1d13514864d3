// Moments as text.

import Signals
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (951_868_800_000_000_000, "2000-03-01T00:00:00.000000000Z"),
            (1_709_164_799_000_000_007, "2024-02-28T23:59:59.000000007Z"),
            (1_795_455_188_123_456_789, "2026-11-23T17:33:08.123456789Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
            (Int64.max, "2262-04-11T23:47:16.854775807Z"),
            (Int64.min, "1677-09-21T00:12:43.145224192Z"),
        ] as [(Int64, String)]
    )
    func `writes a moment in UTC`(nanoseconds: Int64, expected: String) {
        #expect(Timestamp(nanoseconds: nanoseconds).rfc3339 == expected)
    }

    @Test func `shifts a readable moment by the offset of the time zone`() {
        let moment = Timestamp(nanoseconds: 1_795_455_188_123_456_789)
        #expect(moment.readable() == "2026-11-23 17:33:08")
        #expect(moment.readable(utcOffsetSeconds: 7 * 3600) == "2026-11-24 00:33:08")
        #expect(
            moment.readable(utcOffsetSeconds: -(17 * 3600 + 33 * 60 + 9)) == "2026-11-22 23:59:59"
        )
    }

    @Test func `saturates a difference that does not fit`() {
        let (first, last) = (Timestamp(nanoseconds: .min), Timestamp(nanoseconds: .max))
        #expect(last.nanoseconds(since: first) == .max)
        #expect(first.nanoseconds(since: last) == .min)
        #expect(Timestamp(nanoseconds: 5).nanoseconds(since: Timestamp(nanoseconds: 7)) == -2)
    }

    @Test(
        arguments: [
            (0, "0s"), (999, "999ns"), (1500, "1.5µs"), (12_345_000, "12.345ms"),
            (1_000_000_000, "1s"), (62_500_000_000, "1m2.5s"), (3_600_000_000_000, "1h0m0s"),
            (-1_500_000, "-1.5ms"),
        ] as [(Int64, String)]
    )
    func `writes durations as Go does`(nanoseconds: Int64, expected: String) {
        #expect(GoDuration.text(nanoseconds: nanoseconds) == expected)
    }
}
