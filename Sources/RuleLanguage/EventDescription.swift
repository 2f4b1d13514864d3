// An event written down instead of seen: for tests and for the tools that try expressions.
// Not for the verdict path.

/// An exec event from a table of values by field name.
///
/// What is not given and does not follow from what is given is empty. One thread at a time.
package final class EventDescription: EventSource {
    /// A value as it is written down.
    package indirect enum Value: Sendable, Equatable {
        case boolean(Bool)
        case integer(Int64)
        case string([UInt8])
        case strings([[UInt8]])
        /// Fields by the rest of their names: `{"uid": 0}` under `process` is `process.uid`.
        case record([String: Value])
        /// The elements of an iterated subject, each by the rest of the names.
        case records([[String: Value]])

        /// A string value from text.
        package static func text(_ text: String) -> Value { .string(Array(text.utf8)) }
        /// A list value from text.
        package static func texts(_ texts: [String]) -> Value {
            .strings(texts.map { Array($0.utf8) })
        }
    }

    /// What cannot be an event, and why.
    package struct Failure: Error, Equatable {
        package let message: String
    }

    /// What `${variables}` read.
    package var variables: [String: VariableValue] = [:]
    /// Further values of path and name fields, like the symbolic link the program was started by.
    package var alternatives: [Field: ByteStringList] = [:]
    /// The time of the event in nanoseconds since 1970: `event.timestamp` unless set.
    package var now: Int64 = 0

    /// Where a value is kept.
    struct Key: Hashable {
        let field: Field
        let element: Int
    }

    /// A value by its type.
    enum Stored {
        case boolean(Bool)
        case integer(Int64)
        case string([UInt8])
        case strings(ByteStringList)
    }

    var stored: [Key: Stored] = [:]
    var ancestorCount = 0

    /// Takes the values by their field names, old spellings included.
    ///
    /// - Throws: `Failure` for a name that is no field and a value of another type.
    package init(_ values: [String: Value]) throws(Failure) {
        try set(values, prefix: "", element: 0)
        derive()
    }

    /// Describes the start of a program.
    ///
    /// - Throws: `Failure` for a name that is no field and a value of another type.
    /// - Parameters:
    ///   - executable: the path of the file; "" derives nothing.
    ///   - argv: the whole vector, element 0 included.
    ///   - envp: the environment, as NAME=value.
    ///   - values: any further fields; they override what the others say.
    package convenience init(
        executable: [UInt8],
        argv: [[UInt8]],
        envp: [[UInt8]] = [],
        values: [String: Value] = [:]
    ) throws(Failure) {
        var all: [String: Value] = ["exec.envp": .strings(envp)]
        if !executable.isEmpty { all["exec.file.path"] = .string(executable) }
        if let first = argv.first { all["exec.argv0"] = .string(first) }
        all["exec.argv"] = .strings(Array(argv.dropFirst()))
        for (name, value) in values {
            if let field = FieldSchema.field(named: name)?.field {
                for other in all.keys where FieldSchema.field(named: other)?.field == field {
                    all[other] = nil
                }
            }
            all[name] = value
        }
        try self.init(all)
    }

    // MARK: - Input

    private func set(
        _ values: [String: Value],
        prefix: String,
        element: Int
    ) throws(Failure) {
        for (key, value) in values {
            let name = prefix + key
            switch value {
            case .record(let record): try set(record, prefix: name + ".", element: element)
            case .records(let records):
                guard name == FieldSchema.listName else {
                    throw Failure(message: "'\(name)' is not a list of processes")
                }
                ancestorCount = records.count
                for (index, record) in records.enumerated() {
                    try set(record, prefix: name + ".", element: index)
                }
            case .strings(let strings) where name == FieldSchema.listName && strings.isEmpty:
                // An empty list is a list of anything.
                ancestorCount = 0
            default: try set(name, value, element: element)
            }
        }
    }

    private func set(_ name: String, _ value: Value, element: Int) throws(Failure) {
        guard let description = FieldSchema.field(named: name) else {
            throw Failure(message: "field '\(name)' not found")
        }
        let key = Key(field: description.field, element: element)
        if description.isIterated { ancestorCount = max(ancestorCount, element + 1) }
        switch (description.type, value) {
        case (.boolean, .boolean(let value)): stored[key] = .boolean(value)
        case (.integer, .integer(let value)): stored[key] = .integer(value)
        case (.string, .string(let value)): stored[key] = .string(value)
        case (.strings, .strings(let value)): stored[key] = .strings(ByteStringList(value))
        default: throw Failure(message: "'\(name)' takes another type: \(description.type)")
        }
    }

    // MARK: - EventSource

    package func count(of subject: Subject) -> Int { subject == .ancestors ? ancestorCount : 1 }

    package func boolean(_ field: Field, element: Int) -> Bool {
        guard case .boolean(let value)? = stored[Key(field: field, element: element)] else {
            return false
        }
        return value
    }

    package func integer(_ field: Field, element: Int) -> Int64 {
        guard case .integer(let value)? = stored[Key(field: field, element: element)] else {
            return 0
        }
        return value
    }

    package func string(_ field: Field, element: Int) -> ByteString {
        guard case .string(let value)? = stored[Key(field: field, element: element)] else {
            return []
        }
        return value[...]
    }

    package func strings(_ field: Field, element: Int) -> ByteStringList {
        guard case .strings(let value)? = stored[Key(field: field, element: element)] else {
            return ByteStringList()
        }
        return value
    }

    package func alternatives(of field: Field, element: Int) -> ByteStringList {
        element == 0 ? alternatives[field] ?? ByteStringList() : ByteStringList()
    }

    package func variable(_ name: String) -> VariableValue? {
        variables[name]
            ?? (name == "builtins.uuid4" ? .string(UniqueIdentifier.make()) : nil)
    }
}
