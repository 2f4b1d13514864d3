// libyaml counts characters, everybody else counts bytes: this converts.

/// Turns character indexes of a UTF-8 text into byte offsets.
///
/// Remembers the offset of every 64th character; the text must be well-formed.
struct CharacterOffsets {
    private static let stride = 64
    private let bytes: [UInt8]
    private let base: Int
    private var checkpoints: [Int] = []

    /// Counts the characters of `bytes` from `base` on.
    init(_ bytes: [UInt8], from base: Int) {
        self.bytes = bytes
        self.base = base
        var index = 0
        for offset in base..<max(base, bytes.count) where bytes[offset] & 0xC0 != 0x80 {
            if index % Self.stride == 0 { checkpoints.append(offset) }
            index += 1
        }
    }

    /// The byte offset of a character; past the last one the end of the text.
    func offset(ofCharacter index: Int) -> Int {
        let checkpoint = index / Self.stride
        guard index >= 0, checkpoint < checkpoints.count else { return bytes.count }
        var offset = checkpoints[checkpoint]
        var left = index % Self.stride
        while left > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return offset
    }
}
