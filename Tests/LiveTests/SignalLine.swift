// One line of `--output json`, read back without knowing how it was written.
//
// Uses Foundation's decoder: tests may, and a second reader of the format is worth more here than
// the daemon's own one.

import Foundation

/// Any JSON value, looked into by key path.
enum JSONValue: Decodable, Sendable, Equatable {
    case null, bool(Bool), number(Double), string(String), list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Double.self) {
            self = .number(value)
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else if let value = try? single.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try single.decode([String: JSONValue].self))
        }
    }

    static func parse(_ text: some StringProtocol) -> JSONValue? {
        try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    subscript(_ path: String...) -> JSONValue? {
        var value: JSONValue? = self
        for key in path {
            guard case .object(let members) = value else { return nil }
            value = members[key]
        }
        return value
    }

    var text: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    var integer: Int? {
        if case .number(let value) = self { return Int(value) }
        return nil
    }

    var isTrue: Bool { self == .bool(true) }

    var elements: [JSONValue] {
        if case .list(let values) = self { return values }
        return []
    }
}
