// IP addresses and networks as values. Owns their text form and containment; nothing is looked up.

/// A network: an address and how many of its leading bits count.
///
/// An address alone is the network of all its bits.
package struct AddressRange: Sendable, Hashable {
    /// 4 or 16 bytes.
    package let bytes: [UInt8]
    /// How many leading bits count.
    package let prefixLength: Int

    /// Parses `1.2.3.4`, `1.2.3.0/24`, `fe80::1` or `fe80::/10`; nil if it is none of these.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Self.v4(parts[0]) ?? Self.v6(parts[0]) else { return nil }
        var length = address.count * 8
        if parts.count == 2 {
            guard let given = Self.number(parts[1], radix: 10, limit: length) else { return nil }
            length = given
        }
        // An IPv4 address written as IPv6 (::ffff:1.2.3.4) is the IPv4 address.
        let isMapped =
            address.count == 16 && length >= 96 && address.starts(with: Self.mappedPrefix)
        bytes = isMapped ? Array(address.dropFirst(12)) : address
        prefixLength = isMapped ? length - 96 : length
    }

    /// Whether one of the two contains the other.
    package func overlaps(_ other: AddressRange) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        let common = min(prefixLength, other.prefixLength)
        for index in 0..<common / 8 where bytes[index] != other.bytes[index] { return false }
        let rest = common % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return bytes[common / 8] & mask == other.bytes[common / 8] & mask
    }

    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    private static func number(_ text: Substring, radix: Int, limit: Int) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 4, text.utf8.allSatisfy({ $0.isHexadecimal }),
            let value = Int(text, radix: radix), value <= limit
        else { return nil }
        return value
    }

    private static func v4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var result: [UInt8] = []
        for part in parts {
            // A leading zero could be meant as octal; Go refuses it too.
            guard part == "0" || !part.hasPrefix("0"),
                let value = number(part, radix: 10, limit: 255)
            else { return nil }
            result.append(UInt8(value))
        }
        return result
    }

    private static func v6(_ text: Substring) -> [UInt8]? {
        var head: [UInt8] = []
        var tail: [UInt8] = []
        guard let gap = gap(of: text) else {
            return groups(text, into: &head) && head.count == 16 ? head : nil
        }
        let left = text[..<gap.lowerBound]
        let right = text[gap.upperBound...]
        guard left.isEmpty || groups(left, into: &head, mayEndInV4: false),
            right.isEmpty || groups(right, into: &tail), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The place of the first `::`.
    private static func gap(of text: Substring) -> Range<Substring.Index>? {
        var previous: Substring.Index?
        for index in text.indices {
            if let before = previous, text[before] == ":", text[index] == ":" {
                return before..<text.index(after: index)
            }
            previous = index
        }
        return nil
    }

    private static func groups(
        _ text: Substring,
        into result: inout [UInt8],
        mayEndInV4: Bool = true
    ) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return false }
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let quad = v4(part) {
                result += quad
            } else if let value = number(part, radix: 16, limit: 0xFFFF) {
                result += [UInt8(value >> 8), UInt8(value & 0xFF)]
            } else {
                return false
            }
        }
        return true
    }
}
