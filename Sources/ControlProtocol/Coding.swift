// How messages become JSON and come back. A message is one JSON object on one line; what a reader
// does not know it ignores, what it needs and does not find is a failure.

package import JSON

/// The rules both sides keep.
package enum Wire {
    /// The number of the protocol; another number is refused.
    package static let version: Int64 = 1
    /// A longer request is no request.
    package static let requestLimitBytes = 64 << 10
    /// A longer reply is not read.
    package static let replyLimitBytes = 32 << 20
    /// The name of the socket in the runtime directory.
    package static let socketName = "control.sock"
}

/// Why a text is no message.
package struct MessageFailure: Error, Sendable, Equatable {
    /// For people, one line.
    package let message: String

    init(_ message: String) { self.message = message }
}

/// Something that is said as a JSON object.
package protocol Message: Sendable, Equatable {
    /// Reads it from its members.
    init(_ members: MemberReader) throws(MessageFailure)
    /// What it is as members of an object; nil is left out.
    var members: [String: JSONValue?] { get }
}

extension Message {
    /// The message as a JSON value.
    package var json: JSONValue { .object(members.compactMapValues { $0 }) }
    /// The message as one line of JSON, without the newline.
    package var jsonText: String { String(decoding: json.text, as: UTF8.self) }
}

/// Takes members out of an object, by type.
package struct MemberReader: Sendable {
    private let value: JSONValue

    init(_ value: JSONValue) throws(MessageFailure) {
        guard case .object = value else { throw MessageFailure("an object is expected") }
        self.value = value
    }

    private func failure(_ name: String, _ kind: String) -> MessageFailure {
        MessageFailure("'\(name)' must be \(kind)")
    }

    /// A member that may be missing.
    func optional(_ name: String) -> JSONValue? {
        guard let member = value[name], member != .null else { return nil }
        return member
    }

    func text(_ name: String) throws(MessageFailure) -> String {
        guard let text = optional(name)?.string else { throw failure(name, "a string") }
        return text
    }

    func optionalText(_ name: String) throws(MessageFailure) -> String? {
        optional(name) == nil ? nil : try text(name)
    }

    func word<Word: RawRepresentable>(
        _ name: String,
        as type: Word.Type = Word.self
    ) throws(MessageFailure) -> Word where Word.RawValue == String {
        let text = try text(name)
        guard let word = Word(rawValue: text) else {
            throw MessageFailure("'\(name)' cannot be '\(text)'")
        }
        return word
    }

    /// False if it is missing.
    func flag(_ name: String) throws(MessageFailure) -> Bool {
        guard let member = optional(name) else { return false }
        guard let flag = member.boolean else { throw failure(name, "true or false") }
        return flag
    }

    func integer<Integer: FixedWidthInteger>(
        _ name: String,
        as type: Integer.Type = Integer.self
    ) throws(MessageFailure) -> Integer {
        guard let number = optional(name)?.integer, let result = Integer(exactly: number) else {
            throw failure(name, "a whole number")
        }
        return result
    }

    func optionalInteger<Integer: FixedWidthInteger>(
        _ name: String,
        as type: Integer.Type = Integer.self
    ) throws(MessageFailure) -> Integer? {
        optional(name) == nil ? nil : try integer(name)
    }

    /// Empty if it is missing.
    func texts(_ name: String) throws(MessageFailure) -> [String] {
        guard let member = optional(name) else { return [] }
        guard case .array(let elements) = member else { throw failure(name, "a list") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw failure(name, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    func message<Part: Message>(
        _ name: String,
        as type: Part.Type = Part.self
    ) throws(MessageFailure) -> Part {
        guard let member = optional(name) else { throw failure(name, "an object") }
        return try Part(MemberReader(member))
    }

    func optionalMessage<Part: Message>(
        _ name: String,
        as type: Part.Type = Part.self
    ) throws(MessageFailure) -> Part? {
        optional(name) == nil ? nil : try message(name)
    }

    /// Empty if it is missing.
    func messages<Part: Message>(
        _ name: String,
        as type: Part.Type = Part.self
    ) throws(MessageFailure) -> [Part] {
        guard let member = optional(name) else { return [] }
        guard case .array(let elements) = member else { throw failure(name, "a list") }
        var parts: [Part] = []
        for element in elements { parts.append(try Part(MemberReader(element))) }
        return parts
    }
}

extension JSONValue {
    /// A list of messages.
    static func messages(_ messages: [some Message]) -> JSONValue {
        .array(messages.map(\.json))
    }

    /// True, or nothing.
    static func flag(_ value: Bool) -> JSONValue? { value ? .boolean(true) : nil }

    /// A list, or nothing if it is empty.
    static func list(_ values: [String]) -> JSONValue? {
        values.isEmpty ? nil : .strings(values)
    }
}
