// One named value of a signal, the common source of the journal fields and the flat JSON members.

/// One named value of a signal.
///
/// `rule_id` is the journal field `MINEWARDEN_RULE_ID` and the member `minewarden.rule_id`.
package struct Fact: Sendable, Equatable {
    /// A value with its type; the journal has text only, JSON keeps the type.
    package enum Value: Sendable, Equatable {
        case integer(Int64)
        case boolean(Bool)
        case string([UInt8])
    }

    /// Lower-case ASCII letters, digits and underscores.
    package let name: String
    package let value: Value

    /// Names a value.
    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Names a text.
    package init(_ name: String, _ text: String) {
        self.init(name, .string(Array(text.utf8)))
    }

    /// The value as text: decimal, `true` or `false`, or the bytes themselves.
    package var text: [UInt8] {
        switch value {
        case .integer(let integer): Array(String(integer).utf8)
        case .boolean(let boolean): Array((boolean ? "true" : "false").utf8)
        case .string(let bytes): bytes
        }
    }
}

/// Collects facts; what is not known is left out.
struct FactList {
    private(set) var facts: [Fact] = []

    mutating func add(_ name: String, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        facts.append(Fact(name, .integer(Int64(clamping: value))))
    }

    mutating func add(_ name: String, _ value: Bool) {
        facts.append(Fact(name, .boolean(value)))
    }

    mutating func add(_ name: String, _ bytes: [UInt8]?) {
        guard let bytes, !bytes.isEmpty else { return }
        facts.append(Fact(name, .string(bytes)))
    }

    mutating func add(_ name: String, _ text: String?) {
        add(name, text.map { Array($0.utf8) })
    }
}
