// The identity of one signal. Where the bits come from is the caller's affair: this module has no
// clock and no source of randomness.

/// The identity of one signal: 128 bits, written as 32 lower-case hexadecimal digits.
package struct SignalID: Sendable, Hashable, CustomStringConvertible {
    /// The first 64 bits.
    package let high: UInt64
    /// The last 64 bits.
    package let low: UInt64

    /// Makes an identity from 128 bits that the caller knows to be unique.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identity that sorts by time.
    ///
    /// Unique as long as `instance` differs between daemons of one host (a random number drawn at
    /// start) and `counter` is not repeated by one daemon.
    package init(time: Timestamp, instance: UInt32, counter: UInt32) {
        self.init(
            high: UInt64(bitPattern: time.nanoseconds),
            low: UInt64(instance) << 32 | UInt64(counter)
        )
    }

    /// Reads 32 hexadecimal digits, in either case; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 32, digits.allSatisfy({ $0.isHexadecimalDigit }),
            let high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The 32 digits.
    package var description: String {
        Self.digits(high) + Self.digits(low)
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
