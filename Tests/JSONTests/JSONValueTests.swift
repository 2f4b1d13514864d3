// Reading JSON: what is a value, what is not, and what is more than anybody asked for.

import JSON
import Testing

private func read(_ text: String, limits: JSONLimits = JSONLimits()) throws -> JSONValue {
    try JSONValue(Array(text.utf8), limits: limits)
}

private func failure(_ text: String, limits: JSONLimits = JSONLimits()) -> JSONFailure.Reason? {
    do {
        _ = try read(text, limits: limits)
        return nil
    } catch {
        return (error as? JSONFailure)?.reason
    }
}

struct `JSON value` {
    @Test(arguments: [
        ("null", JSONValue.null), (" true\n", .boolean(true)), ("false", .boolean(false)),
        ("0", .number("0")), ("-0.5e+10", .number("-0.5e+10")), ("1E2", .number("1E2")),
        ("18446744073709551615", .number("18446744073709551615")),
        ("\"\"", .string("")), ("\"a b\"", .string("a b")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
        (#""\u0041\u00e9\u20ac""#, .string("Aé€")),
        (#""\ud83d\ude00!""#, .string("😀!")),
        ("\"é€😀\"", .string("é€😀")),
        (#""\ud83dx""#, .string("\u{FFFD}x")),
        (#""\ude00""#, .string("\u{FFFD}")),
        (#""\ud83d\u0041""#, .string("\u{FFFD}A")),
        ("[]", .array([])), ("[ 1 , [2] ]", .array([.number("1"), .array([.number("2")])])),
        ("{}", .object([:])),
        (#"{ "a" : { "b" : [ ] } }"#, .object(["a": .object(["b": .array([])])])),
        (#"{"a":1,"a":2}"#, .object(["a": .number("2")])),
    ])
    func `reads a value`(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(arguments: [
        ("", JSONFailure.Reason.endOfText), ("  ", .endOfText), ("{", .endOfText),
        ("[1", .endOfText), ("[1,", .endOfText), (#"{"a""#, .endOfText), (#"{"a":"#, .endOfText),
        ("\"a", .endOfText), (#""\u00"#, .endOfText), ("tru", .endOfText),
        ("[1,]", .unexpectedByte), ("{,}", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte),
        (#"{a:1}"#, .unexpectedByte), (#"{"a" 1}"#, .unexpectedByte), ("[1 2]", .unexpectedByte),
        ("trux", .unexpectedByte), ("+1", .unexpectedByte), (".5", .unexpectedByte),
        ("nan", .unexpectedByte), ("'a'", .unexpectedByte), ("// c\n1", .unexpectedByte),
        ("-", .badNumber), ("01", .badNumber), ("1.", .badNumber), ("1e", .badNumber),
        (#""\x41""#, .badString), (#""\u00g0""#, .badString), ("\"a\nb\"", .badString),
        ("1 2", .trailingText), ("null}", .trailingText), ("{}\0", .trailingText),
    ])
    func `refuses what is not JSON`(text: String, reason: JSONFailure.Reason) {
        #expect(failure(text) == reason)
    }

    @Test func `refuses text that is not UTF-8`() {
        #expect(throws: JSONFailure(reason: .notUTF8, offset: 1)) {
            try JSONValue([0x22, 0xFF, 0x22])
        }
    }

    @Test func `says where it stopped`() {
        #expect(throws: JSONFailure(reason: .unexpectedByte, offset: 4)) { try read("[1, x]") }
    }

    @Test func `looks into a value by names`() throws {
        let value = try read(#"{"a":{"b":[{"c":7},"x",true,1.5]}}"#)
        let list = try #require(value["a", "b"]?.elements)
        #expect(list[0]["c"]?.integer == 7)
        #expect(list[1].string == "x")
        #expect(list[2].boolean == true)
        #expect(list[3].integer == nil)
        #expect(value["a", "c"] == nil)
        #expect(value["a", "b", "c"] == nil)
        #expect(value["a"]?.members.count == 1)
        #expect(value.elements.isEmpty)
    }

    @Test func `keeps within its limits`() {
        var limits = JSONLimits()
        limits.depth = 3
        limits.valueCount = 5
        limits.sizeBytes = 40
        #expect(failure("[[[1]]]", limits: limits) == nil)
        #expect(failure("[[[[]]]]", limits: limits) == .tooDeep)
        #expect(failure(#"{"a":{"a":{"a":{}}}}"#, limits: limits) == .tooDeep)
        #expect(failure("[1,2,3,4]", limits: limits) == nil)
        #expect(failure("[1,2,3,4,5]", limits: limits) == .tooManyValues)
        #expect(failure(String(repeating: " ", count: 41), limits: limits) == .tooLarge)
    }

    @Test func `a million opened brackets do not take the stack`() {
        #expect(failure(String(repeating: "[", count: 1_000_000)) == .tooDeep)
    }

    @Test func `a text that is cut anywhere is refused`() throws {
        let text = #"{"id":"\u0041b","n":[-1.5e3,true,null],"o":{"k":"é"}}"#
        let bytes = Array(text.utf8)
        _ = try JSONValue(bytes)
        for count in 0..<bytes.count {
            #expect(throws: JSONFailure.self) { try JSONValue(Array(bytes.prefix(count))) }
        }
    }

    @Test func `any changed byte is read or refused, never a crash`() {
        let bytes = Array(#"{"a":[1,"\u00e9\ud83d\ude00",{"b":false}]}"#.utf8)
        var refused = 0
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = byte
                if (try? JSONValue(changed)) == nil { refused += 1 }
            }
        }
        #expect(refused > 5000)
    }
}
