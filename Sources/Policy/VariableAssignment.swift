// A `set` action ready to be run.

import RuleLanguage

/// One `set` action: which variable, to what value, of whose process.
package struct VariableAssignment: Sendable {
    /// The variable.
    package let variable: VariableDeclaration
    let source: CompiledValue
    let appends: Bool
    /// The field whose process is meant; nil means the process of the event.
    let scopeField: CompiledValue?

    /// The fields that running it may ask an event for.
    var fields: Set<Field> {
        let own = source.fields.union(scopeField?.fields ?? [])
        return switch variable.scope {
        case .global: own
        case .process: own.union([Field(.process, .pid)])
        case .container: own.union([Field(.container, .containerID)])
        case .cgroup: own.union([Field(.cgroup, .cgroupID)])
        }
    }
}
