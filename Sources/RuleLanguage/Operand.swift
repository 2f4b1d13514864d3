// A checked part of an expression: what it is, before it is known what it is compared with.

/// The typed meaning of a syntax node.
enum Operand {
    case boolean(BooleanOperand)
    case integer(IntegerOperand, IntegerTraits)
    /// A string known only at run time, with its field if it is one.
    case string(StringOperand, StringTraits)
    /// A quoted value; what it is compared with decides what it means.
    case literal(Literal)
    case literals([Literal])
    case integers([Int64])
    case booleans([Bool])
    case address(AddressRange)
    case addresses([AddressRange])

    /// What matters about an integer besides its value.
    struct IntegerTraits {
        /// Written as a duration, or a macro that is one.
        var isDuration = false
        /// Computed: compared with a duration by its own value, not by its age.
        var isComputed = false
    }

    /// What matters about a string besides its value.
    struct StringTraits {
        /// Whether it has several values.
        var isList = false
        var field: FieldDescription?
    }

    /// The type in words, for messages.
    var typeName: String {
        switch self {
        case .boolean: "a boolean"
        case .integer(.elements, _), .integer(.variable, _), .integers: "a list of numbers"
        case .integer(_, let traits): traits.isDuration ? "a duration" : "a number"
        case .string(_, let traits): traits.isList ? "a list of strings" : "a string"
        case .literal(let literal):
            switch literal.kind {
            case .string: "a string"
            case .pattern: "a pattern"
            case .regularExpression: "a regular expression"
            }
        case .literals: "a list of strings"
        case .booleans: "a list of booleans"
        case .address: "an address"
        case .addresses: "a list of addresses"
        }
    }
}
