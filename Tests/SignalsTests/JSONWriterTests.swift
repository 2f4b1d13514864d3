// JSON output: what it looks like, and that every byte string comes back.

import Signals
import Testing

@Suite struct JSONWriterTests {
    private func written(_ bytes: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(bytes)
        return writer.bytes
    }

    /// The bytes that a string of the writer stands for, by the rule that its documentation states.
    private func original(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            (0xF780...0xF7FF).contains(scalar.value)
                ? [UInt8(scalar.value - 0xF700)] : Array(String(scalar).utf8)
        }
    }

    @Test(
        arguments: [
            ([UInt8]("plain"), #""plain""#),
            ([UInt8](#"a"b\c/"#), #""a\"b\\c/""#),
            ([0x09, 0x0A, 0x0D, 0x01, 0x1B, 0x7F], #""\t\n\r\u0001\u001b\u007f""#),
            ([UInt8]("é漢😀"), "\"é漢😀\""),
            ([0x61, 0xFF, 0x80, 0x62], #""a\uf7ff\uf780b""#),
            ([0xC3], #""\uf7c3""#),
            ([0xC0, 0xAF], #""\uf7c0\uf7af""#),
            ([0xED, 0xA0, 0x80], #""\uf7ed\uf7a0\uf780""#),
            ([UInt8]("\u{F7FF}"), #""\uf7ef\uf79f\uf7bf""#),
            ([UInt8]("\u{85}\u{202E}\u{2028}"), #""\u0085\u202e\u2028""#),
            ([UInt8]("\u{E0041}"), #""\udb40\udc41""#),
        ] as [([UInt8], String)]
    )
    func `writes any bytes as text that parsers take`(bytes: [UInt8], expected: String) throws {
        #expect(written(bytes).text == expected)
    }

    @Test func `brings back every pair of bytes`() throws {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes: [UInt8] = [0x61, first, second, 0xBF, 0x62]
                let text = try #require(try JSON(written(bytes)).string)
                try #require(original(text) == bytes)
            }
        }
    }

    @Test func `brings back random bytes of all lengths`() throws {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<500 {
            // Bytes that begin and continue long sequences are more likely than the rest.
            let bytes = (0..<length).map { _ -> UInt8 in
                let byte = UInt8.random(in: 0...255, using: &generator)
                return Bool.random(using: &generator) ? byte | 0x80 : byte
            }
            let text = try #require(try JSON(written(bytes)).string)
            #expect(original(text) == bytes)
        }
    }

    @Test func `separates members and elements at every depth`() throws {
        var writer = JSONWriter()
        writer.object {
            $0.key("a")
            $0.array {
                $0.integer(1)
                $0.object { _ in }
                $0.array { _ in }
                $0.boolean(false)
            }
            $0.key("b")
            $0.object {
                $0.key("c")
                $0.integer(UInt64.max)
            }
        }
        #expect(
            writer.bytes.text == #"{"a":[1,{},[],false],"b":{"c":18446744073709551615}}"#
        )
    }
}
