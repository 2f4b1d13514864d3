// One fixed piece of a wildcard, found in time linear in the text whatever both contain.

/// A byte string to search for (Knuth, Morris and Pratt).
struct Needle: Sendable {
    let bytes: [UInt8]
    /// For each length matched so far, the length of the longest proper border to go on with.
    private let borders: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var borders = [0, 0]
        var border = 0
        for index in 1..<max(1, bytes.count) {
            while border > 0, bytes[index] != bytes[border] { border = borders[border] }
            if bytes[index] == bytes[border] { border += 1 }
            borders.append(border)
        }
        self.borders = borders
    }

    /// The offset after the first occurrence in a part of the text; nil if there is none.
    func endOfFirst(in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let needle = bytes.span
        let length = needle.count
        guard length > 0 else { return range.lowerBound }
        guard range.count >= length else { return nil }
        let borders = borders.span
        let first = needle[0]
        var matched = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            index += 1
            if matched == 0 {
                guard byte == first else { continue }
                matched = 1
            } else {
                while matched > 0, byte != needle[matched] { matched = borders[matched] }
                if byte == needle[matched] { matched += 1 }
            }
            if matched == length { return index }
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are these.
    func equals(_ other: Span<UInt8>) -> Bool { count == other.count ? holds(other, at: 0) : false }

    /// Whether the bytes from an offset on are these.
    func holds(_ other: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, other.count <= count - offset else { return false }
        for index in 0..<other.count where self[offset + index] != other[index] { return false }
        return true
    }
}
