// Durations in the form that CWS events have them in.

/// Durations as text in the form of Go, like `1m2.5s` or `12.3ms`.
package enum GoDuration {
    /// The text of a duration.
    package static func text(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        switch magnitude {
        case 0: return "0s"
        case ..<1_000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return "\(sign)\(decimal(magnitude, digits: 3))µs"
        case ..<1_000_000_000: return "\(sign)\(decimal(magnitude, digits: 6))ms"
        default: break
        }
        let seconds = "\(decimal(magnitude % 60_000_000_000, digits: 9))s"
        let minutes = magnitude / 60_000_000_000
        guard minutes > 0 else { return sign + seconds }
        guard minutes >= 60 else { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    /// `value` divided by ten to the power of `digits`, without trailing zeros.
    private static func decimal(_ value: UInt64, digits: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<digits { scale *= 10 }
        var fraction = String(value % scale)
        fraction = String(repeating: "0", count: digits - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return fraction.isEmpty ? "\(value / scale)" : "\(value / scale).\(fraction)"
    }
}
