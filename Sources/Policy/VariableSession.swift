// The variables during one event: reads see what earlier rules have set for the same event; others
// see it only once the event is settled, or never if it came to nothing. One thread at a time.

package import RuleLanguage

/// The variables as one event sees and sets them.
package final class VariableSession {
    /// Which program of the process the event is about.
    package enum Program: Sendable {
        /// The one it is about to start.
        case next
        /// The one it runs, or is already on its way to.
        case current
    }

    /// What became of the event.
    package enum Outcome: Sendable {
        /// The program starts, or runs.
        case started
        /// It was refused: the process goes on as it was, with what was set.
        case refused
        /// Nothing was going to start: nothing is set.
        case discarded
    }

    private struct Key: Hashable {
        let name: String
        let owner: VariableStorage.Owner
    }

    private let store: VariableStore
    private var variables: VariableSet = .none
    private var program = Program.next
    private var changes: [VariableChange] = []
    /// What reads of this event give for what it has set itself.
    private var pending: [Key: VariableValue] = [:]
    /// The process that process scope means instead of the event's own, while an action says so.
    private var target: Int32?

    /// A session on a store; used for one event after the other.
    package init(store: VariableStore) { self.store = store }

    /// Begins with an event; what the last one left unsettled is dropped.
    package func begin(_ variables: VariableSet, program: Program) {
        self.variables = variables
        self.program = program
        changes.removeAll(keepingCapacity: true)
        if !pending.isEmpty { pending = [:] }
        target = nil
    }

    /// Ends the event of a process.
    package func end(_ outcome: Outcome, process: Int32) {
        defer {
            changes.removeAll(keepingCapacity: true)
            if !pending.isEmpty { pending = [:] }
        }
        guard !variables.isEmpty, outcome != .discarded else { return }
        let begins = outcome == .started && program == .next && store.hasProcesses
        guard begins || !changes.isEmpty else { return }
        store.apply(changes, beginning: begins ? process : nil)
    }

    // MARK: - Reading

    /// The value of `${name}` for an event; nil for a name no loaded policy declares.
    package func value(of name: String, for event: any EventSource) -> VariableValue? {
        if name == "builtins.uuid4" { return .string(UniqueIdentifier.make()) }
        if name == "process.pid" { return .integer(event.integer(Self.pidField, element: 0)) }
        guard let variable = variables.declarations[name] else { return nil }
        return current(variable, for: event) ?? variable.defaultValue
    }

    /// The value if it is set.
    private func current(
        _ variable: VariableDeclaration,
        for event: any EventSource
    ) -> VariableValue? {
        guard let owner = owner(of: variable, for: event) else { return nil }
        if let value = pending[Key(name: variable.name, owner: owner)] { return value }
        let isNext = variable.scope == .process && program == .next && target == nil
        if let value = store.value(of: variable, for: owner, nextProgram: isNext) { return value }
        guard variable.scope == .process, variable.isInherited, target == nil else { return nil }
        func ancestors() -> [Int32] {
            (0..<event.count(of: .ancestors)).map { element in
                Int32(truncatingIfNeeded: event.integer(Self.ancestorField, element: element))
            }
        }
        if changes.contains(where: { $0.reachesLiving && $0.variable.name == variable.name }) {
            for ancestor in ancestors() {
                let key = Key(name: variable.name, owner: .process(ancestor))
                if let value = pending[key] { return value }
            }
        }
        return store.reachingValue(of: variable, among: ancestors)
    }

    /// Whose the variable is for this event; nil if there is no such container or cgroup.
    private func owner(
        of variable: VariableDeclaration,
        for event: any EventSource
    ) -> VariableStorage.Owner? {
        switch variable.scope {
        case .global: return .global
        case .process:
            let pid = event.integer(Self.pidField, element: 0)
            return .process(target ?? Int32(truncatingIfNeeded: pid))
        case .container:
            let id = event.string(Field(.container, .containerID), element: 0)
            return id.isEmpty ? nil : .container(Array(id))
        case .cgroup:
            let path = event.string(Field(.cgroup, .cgroupID), element: 0)
            return path.isEmpty ? nil : .cgroup(Array(path))
        }
    }

    private static let pidField = Field(.process, .pid)
    private static let ancestorField = Field(.ancestors, .pid)

    // MARK: - Setting

    /// Runs the `set` actions of a rule that matched, in order, each under its filter.
    func run(_ actions: [RuleAction], for event: any EventSource) {
        for action in actions {
            guard let assignment = action.assignment else { continue }
            if let field = assignment.scopeField {
                guard case .integer(let pid) = field.evaluate(event), pid > 0 else { continue }
                // The action reads the variables of the process it sets them on.
                let isOther = pid != event.integer(Self.pidField, element: 0)
                target = isOther ? Int32(truncatingIfNeeded: pid) : nil
            }
            if action.applies(to: event) { set(assignment, for: event) }
            target = nil
        }
    }

    private func set(_ assignment: VariableAssignment, for event: any EventSource) {
        let variable = assignment.variable
        guard let owner = owner(of: variable, for: event) else { return }
        let value = assignment.source.evaluate(event).asList(if: assignment.appends)
        var visible = value
        if assignment.appends, let old = current(variable, for: event) {
            visible = old.appending(value, capacity: variable.capacity)
        }
        pending[Key(name: variable.name, owner: owner)] = visible
        changes.append(
            VariableChange(
                variable: variable,
                owner: owner,
                value: value,
                appends: assignment.appends,
                reachesLiving: target != nil
            )
        )
    }
}

/// The variables that loaded policies declare.
///
/// Immutable; any thread.
package struct VariableSet: Sendable {
    /// By name, scope included.
    package let declarations: [String: VariableDeclaration]

    package var isEmpty: Bool { declarations.isEmpty }

    /// None at all.
    package static let none = VariableSet(declarations: [:])
}

extension VariableValue {
    /// One value as a list of one, if a list is wanted.
    fileprivate func asList(if wanted: Bool) -> VariableValue {
        guard wanted else { return self }
        return switch self {
        case .integer(let value): .integers([value])
        case .string(let value): .strings([value])
        default: self
        }
    }

    /// A list with more at its end; of equal members the newest stays, of too many the newest do.
    fileprivate func appending(_ other: VariableValue, capacity: Int) -> VariableValue {
        func joined<Element: Hashable>(_ old: [Element], _ new: [Element]) -> [Element] {
            let added = Set(new)
            return Array((old.filter { !added.contains($0) } + new).suffix(capacity))
        }
        return switch (self, other) {
        case (.integers(let old), .integers(let new)): .integers(joined(old, new))
        case (.strings(let old), .strings(let new)): .strings(joined(old, new))
        default: other
        }
    }
}
