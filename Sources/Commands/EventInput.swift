// An exec event as people and scripts write it: JSON with fields by their SECL names.

internal import LinuxSystem
internal import RuleLanguage

/// What cannot be an event, and why.
struct EventInputFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Makes events of JSON.
enum EventInput {
    /// An event of its fields alone: what follows from them is derived, the rest is empty.
    static func event(of value: JSONValue) throws(EventInputFailure) -> EventDescription {
        try description(try fields(of: value))
    }

    /// An exec: `exe`, `argv` with element 0, `envp`, and any further field.
    ///
    /// Without `exe` the program is element 0 of `argv`. No file is looked at.
    static func exec(of value: JSONValue) throws(EventInputFailure) -> EventDescription {
        guard case .object(let members) = value else {
            throw EventInputFailure("an exec is an object, this is \(value.kindName)")
        }
        var exec = ExecInput()
        var others: [JSONValue.Member] = []
        for member in members {
            switch member.name {
            case "exe": exec.executable = try string(member)
            case "argv": exec.argv = try strings(member)
            case "envp": exec.envp = try strings(member)
            default: others.append(member)
            }
        }
        return try exec.event(with: try fields(of: .object(others)))
    }

    /// The event of values by field name.
    static func description(
        _ values: [String: EventDescription.Value]
    ) throws(EventInputFailure) -> EventDescription {
        do throws(EventDescription.Failure) {
            let event = try EventDescription(values)
            // Durations are measured against the time of the event, or of this evaluation.
            if event.now == 0 { event.now = Int64(clamping: KernelClock.realtime.nanoseconds) }
            return event
        } catch {
            throw EventInputFailure(error.message)
        }
    }

    private static func string(_ member: JSONValue.Member) throws(EventInputFailure) -> [UInt8]? {
        switch member.value {
        case .null: return nil
        case .string(let bytes): return bytes
        default:
            throw EventInputFailure("'\(member.name)' is a string, not \(member.value.kindName)")
        }
    }

    private static func strings(
        _ member: JSONValue.Member
    ) throws(EventInputFailure) -> [[UInt8]]? {
        if member.value == .null { return nil }
        guard case .strings(let strings)? = list(member.value) else {
            throw EventInputFailure("'\(member.name)' is a list of strings")
        }
        return strings
    }

    /// A list of strings; nil for anything else.
    private static func list(_ value: JSONValue) -> EventDescription.Value? {
        guard case .array(let elements) = value else { return nil }
        var strings: [[UInt8]] = []
        for element in elements {
            guard case .string(let bytes) = element else { return nil }
            strings.append(bytes)
        }
        return .strings(strings)
    }

    // MARK: - Fields

    private static func fields(
        of value: JSONValue
    ) throws(EventInputFailure) -> [String: EventDescription.Value] {
        guard case .object(let members) = value else {
            throw EventInputFailure("an event is an object, this is \(value.kindName)")
        }
        var result: [String: EventDescription.Value] = [:]
        var names: [Field: String] = [:]
        try flatten(members, prefix: "", into: &result, &names)
        return result
    }

    /// Writes nested objects out as dotted names; null is as if it were not there.
    private static func flatten(
        _ members: [JSONValue.Member],
        prefix: String,
        into result: inout [String: EventDescription.Value],
        _ names: inout [Field: String]
    ) throws(EventInputFailure) {
        for member in members where member.value != .null {
            let name = prefix + member.name
            if case .object(let inner) = member.value {
                try flatten(inner, prefix: name + ".", into: &result, &names)
                continue
            }
            let value = try self.value(member.value, of: name)
            if let field = FieldSchema.field(named: name)?.field {
                if let other = names[field], result[other] != value {
                    throw EventInputFailure(
                        "'\(other)' and '\(name)' are one field with two values"
                    )
                }
                names[field] = name
            }
            result[name] = value
        }
    }

    private static func value(
        _ value: JSONValue,
        of name: String
    ) throws(EventInputFailure) -> EventDescription.Value {
        switch value {
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .string(let bytes): return .string(bytes)
        case .array(let elements):
            if let list = list(value) { return list }
            var records: [[String: EventDescription.Value]] = []
            for element in elements {
                guard case .object(let members) = element else {
                    throw EventInputFailure("'\(name)' is a list of strings or of objects")
                }
                records.append(try record(members))
            }
            return .records(records)
        case .object(let members): return .record(try record(members))
        case .null: throw EventInputFailure("'\(name)' has null in it")
        }
    }

    private static func record(
        _ members: [JSONValue.Member]
    ) throws(EventInputFailure) -> [String: EventDescription.Value] {
        var result: [String: EventDescription.Value] = [:]
        for member in members where member.value != .null {
            result[member.name] = try value(member.value, of: member.name)
        }
        return result
    }
}
