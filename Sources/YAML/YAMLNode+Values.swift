// What a reader expects a value to be, asked for by name. YAML 1.1 guesses types from spelling
// ("no" is false, "010" is eight); here nothing is guessed: the reader asks, or gets nil.

extension YAMLNode {
    /// The scalar, if it is one.
    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, if it is a sequence.
    package var sequence: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The pairs, if it is a mapping.
    package var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// Whether nothing is there: an absent value, `~` or `null`, unquoted.
    package var isNull: Bool { scalar?.isNull ?? false }

    /// The text of a scalar that is there, whatever it looks like.
    package var string: String? {
        guard let scalar, !scalar.isNull else { return nil }
        return scalar.value
    }

    /// The value of a mapping's key; nil if there is none or this is no mapping.
    package subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key.value == key }?.value
    }

    /// The word for messages: "a list", "a mapping", "nothing", "a value".
    package var kindName: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension YAMLScalar {
    /// Whether it is an unquoted empty text, `~` or `null`.
    package var isNull: Bool {
        guard style == .plain, tag == nil else { return false }
        switch value {
        case "", "~", "null", "Null", "NULL": return true
        default: return false
        }
    }

    /// An unquoted truth value of YAML 1.1: true, yes, on and their opposites, three spellings each.
    package var boolean: Bool? {
        guard style == .plain else { return nil }
        switch value {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
        default: return nil
        }
    }

    /// An unquoted whole number: decimal with an optional sign, or after 0x, 0o, 0b.
    ///
    /// Nil for what YAML versions read differently, like `010` and `1_000`, and for what does not
    /// fit 64 bits.
    package var integer: Int64? {
        guard style == .plain else { return nil }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where value.hasPrefix(prefix) {
            let digits = value.dropFirst(2)
            guard digits.utf8.first.map({ $0 != 0x2B && $0 != 0x2D }) ?? false else { return nil }
            return Int64(digits, radix: radix)
        }
        let digits = value.drop { $0 == "-" || $0 == "+" }
        guard digits.utf8.count == 1 || !digits.hasPrefix("0") else { return nil }
        return Int64(value)
    }
}
