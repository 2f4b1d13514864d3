// From names to fields: the whole vocabulary of exec and process events.
// Owns names, types and the meaning of wildcards; must not know how a value is fetched.

/// The fields an expression can name.
package enum FieldSchema {
    /// All fields in the order of the manual.
    package static let fields: [FieldDescription] = {
        var result: [FieldDescription] = []
        for prefix in prefixes {
            for row in prefix.rows {
                result.append(
                    describe(prefix.name + row.suffix, Field(prefix.subject, row.attribute), row)
                )
            }
        }
        return result
    }()

    /// The field of a name, old spellings included; nil if there is none.
    package static func field(named name: String) -> FieldDescription? {
        byName[renames[name] ?? name]
    }

    /// The event type a name belongs to if that event cannot be seen here; nil otherwise.
    package static func unsupportedEventType(of name: String) -> String? {
        let word = String(name.prefix { $0 != "." && $0 != "[" })
        return unsupportedEvents.contains(word) ? word : nil
    }

    /// The first name a field is known by; "" for combinations no expression can name.
    package static func name(of field: Field) -> String {
        fields.first { $0.field == field }?.name ?? ""
    }

    /// The name of the iterated list itself.
    static let listName = "process.ancestors"

    private struct Prefix {
        let name: String
        let subject: Subject
        let rows: [Row]
    }

    private static let prefixes: [Prefix] = {
        var result: [Prefix] = []
        let processes: [(String, Subject)] = [
            ("exec.", .process), ("process.", .process), ("process.parent.", .parent),
            ("process.ancestors.", .ancestors),
        ]
        for (name, subject) in processes {
            let container: Subject = subject == .process ? .container : subject
            let cgroup: Subject = subject == .process ? .cgroup : subject
            var rows = processRows
            if name == "exec." {
                rows.append(("syscall.path", .syscallPath, "path as given to the system call"))
            }
            result += [
                Prefix(name: name, subject: subject, rows: rows),
                Prefix(name: name + "container.", subject: container, rows: containerRows),
                Prefix(name: name + "cgroup.", subject: cgroup, rows: cgroupRows),
            ]
        }
        result += [
            Prefix(name: "container.", subject: .container, rows: containerRows),
            Prefix(name: "cgroup.", subject: .cgroup, rows: cgroupRows),
            Prefix(name: "event.", subject: .event, rows: eventRows),
        ]
        return result
    }()

    private static func describe(_ name: String, _ field: Field, _ row: Row) -> FieldDescription {
        let isPath = [.filePath, .interpreterPath].contains(row.attribute)
        return FieldDescription(
            name: name,
            field: field,
            type: row.attribute.valueType,
            wildcards: isPath ? .glob : .pattern,
            isPath: isPath,
            hasAlternatives: [.filePath, .fileName].contains(row.attribute),
            eventType: name.hasPrefix("exec.") ? .exec : nil,
            summary: row.summary
        )
    }

    private static let byName: [String: FieldDescription] =
        Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })

    /// Old full names and what they are called now.
    private static let renames: [String: String] = {
        var result = ["async": "event.async"]
        for prefix in ["exec.", "process.", "process.parent.", "process.ancestors."] {
            for (old, new) in legacySuffixes { result[prefix + old] = prefix + new }
        }
        return result
    }()
}
