// What `${builtins.uuid4}` reads: a new identifier each time.

/// Makes random UUIDs, version 4 of RFC 9562.
package enum UniqueIdentifier {
    /// A new one, in its text form.
    package static func make() -> ByteString {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = (0..<16).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
        }
        return text[...]
    }
}
