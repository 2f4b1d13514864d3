// Durations as policies write them: the syntax of Go's time.ParseDuration.

/// Reads durations like `1h15m`, `1.5s` and `300ms`.
enum GoDuration {
    /// The duration of a text; nil if it is none, or does not fit 64 bits of nanoseconds.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        if rest == "0" { return .zero }
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isWholeNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isWholeNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units[String(unit)], let part = nanoseconds(number, scale) else {
                return nil
            }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return .nanoseconds(isNegative ? -total : total)
    }

    private static let units: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]

    private static func nanoseconds(_ number: Substring, _ scale: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, number.contains(where: { $0 != "." }) else { return nil }
        guard let whole = Int64(parts[0].isEmpty ? "0" : parts[0]) else { return nil }
        var (total, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        if parts.count == 2 {
            // Past nanoseconds further digits say nothing.
            let text = parts[1].prefix(15)
            guard let fraction = Int64(text.isEmpty ? "0" : text) else { return nil }
            var divisor: Int64 = 1
            for _ in text { divisor *= 10 }
            let product = fraction.multipliedFullWidth(by: scale)
            let added = divisor.dividingFullWidth(product).quotient
            (total, overflow) = total.addingReportingOverflow(added)
            guard !overflow else { return nil }
        }
        return total
    }
}
