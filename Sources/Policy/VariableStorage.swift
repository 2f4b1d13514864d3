// The inside of VariableStore: who has which values. Not safe for threads by itself.

import RuleLanguage

/// The values of all scopes.
struct VariableStorage {
    /// What a value is kept for.
    enum Owner: Hashable {
        case global
        case process(Int32)
        case container([UInt8])
        case cgroup([UInt8])
    }

    /// A cell in the hands of one owner.
    private struct Holding {
        var cell: VariableCell
        /// False for what came from the parent or from the program before: a new value then gets a
        /// cell of its own, and those who share this one do not see it.
        var isOwn: Bool
    }

    /// Everything one owner has.
    private struct Entry {
        var inherited: [String: Holding] = [:]
        /// What ends with the program.
        var own: [String: Holding] = [:]
        let createdAt: UInt64
        /// Counts changes of the whole store: the smallest was changed longest ago.
        var touched: UInt64 = 0
    }

    private var entries: [Owner: Entry] = [:]
    private var processCount = 0
    private let usage = VariableUsage()
    private let limits: VariableStore.Limits
    private var changes: UInt64 = 0
    private(set) var evicted: UInt64 = 0
    /// How many values were set from another process than the one that has them.
    private(set) var reachingCount = 0

    init(limits: VariableStore.Limits) { self.limits = limits }

    var processes: Int { processCount }
    var count: Int { entries.count }
    var bytes: Int { usage.bytes }

    func has(_ owner: Owner) -> Bool { entries[owner] != nil }

    /// The owners that end when nobody is left in them.
    var groups: [Owner] {
        entries.keys.filter { owner in
            switch owner {
            case .container, .cgroup: true
            case .global, .process: false
            }
        }
    }

    // MARK: - Values

    /// The value somebody has; nil if it is not set, or not of the type that is declared now.
    func value(
        of variable: VariableDeclaration,
        for owner: Owner,
        nextProgram: Bool,
        at now: UInt64
    ) -> VariableValue? {
        guard let entry = entries[owner] else { return nil }
        let name = variable.name
        let holding = entry.inherited[name] ?? (nextProgram ? nil : entry.own[name])
        guard let value = holding?.cell.current(at: now), value.type == variable.type else {
            return nil
        }
        return value
    }

    /// The value of an ancestor, if it was set from another process.
    func reachingValue(
        of variable: VariableDeclaration,
        for process: Int32,
        at now: UInt64
    ) -> VariableValue? {
        guard let holding = entries[.process(process)]?.inherited[variable.name],
            holding.cell.reachesLiving,
            let value = holding.cell.current(at: now), value.type == variable.type
        else { return nil }
        return value
    }

    mutating func apply(_ change: VariableChange, at now: UInt64) {
        makeRoom(for: change.owner)
        var entry = entries[change.owner] ?? newEntry(change.owner, at: now)
        let name = change.variable.name
        let isInherited = change.variable.isInherited
        let old = isInherited ? entry.inherited[name] : entry.own[name]
        let cell: VariableCell
        if let old, old.isOwn, old.cell.value.type == change.variable.type {
            cell = old.cell
        } else {
            cell = VariableCell(
                emptyOf: change.variable.type,
                at: now,
                previous: old?.cell,
                reachesLiving: change.reachesLiving && isInherited,
                usage: usage
            )
            if cell.reachesLiving { reachingCount += 1 }
            if change.appends, let old { cell.seed(from: old.cell) }
        }
        cell.take(change.value, appending: change.appends, as: change.variable, at: now)
        let holding = Holding(cell: cell, isOwn: true)
        if isInherited { entry.inherited[name] = holding } else { entry.own[name] = holding }
        changes += 1
        entry.touched = changes
        entries[change.owner] = entry
    }

    private mutating func newEntry(_ owner: Owner, at now: UInt64) -> Entry {
        if case .process = owner { processCount += 1 }
        return Entry(createdAt: now)
    }

    // MARK: - Processes

    /// The process goes on to another program: what is not inherited ends.
    mutating func beginProgram(of process: Int32) {
        let owner = Owner.process(process)
        guard var entry = entries[owner] else { return }
        entry.own = [:]
        guard !entry.inherited.isEmpty else { return remove(owner) }
        for name in entry.inherited.keys { entry.inherited[name]?.isOwn = false }
        entries[owner] = entry
    }

    mutating func fork(parent: Int32, child: Int32, at time: UInt64) {
        let owner = Owner.process(child)
        // The end of the last process with this number was not heard of.
        if let known = entries[owner], known.createdAt < time { remove(owner) }
        guard let source = entries[.process(parent)], !source.inherited.isEmpty else { return }
        var passed: [String: Holding] = [:]
        for (name, holding) in source.inherited {
            var cell: VariableCell? = holding.cell
            // Set by the program that the parent went on to after this fork.
            while let next = cell, next.createdAt > time { cell = next.previous }
            if let cell { passed[name] = Holding(cell: cell, isOwn: false) }
        }
        guard !passed.isEmpty else { return }
        makeRoom(for: owner)
        var entry = entries[owner] ?? newEntry(owner, at: time)
        // What the child has set already counts.
        entry.inherited.merge(passed) { own, _ in own }
        changes += 1
        entry.touched = changes
        entries[owner] = entry
    }

    mutating func exit(_ process: Int32, at time: UInt64) {
        let owner = Owner.process(process)
        // Heard of late: the number belongs to somebody younger now.
        guard let entry = entries[owner], entry.createdAt <= time else { return }
        remove(owner)
    }

    mutating func keep(only processes: Set<Int32>) {
        for owner in entries.keys {
            if case .process(let process) = owner, !processes.contains(process) { remove(owner) }
        }
    }

    mutating func remove(_ owner: Owner) {
        guard entries.removeValue(forKey: owner) != nil else { return }
        if case .process = owner { processCount -= 1 }
    }

    // MARK: - Limits

    /// Evicts the owners that were changed longest ago, a sixteenth of the limit at once.
    private mutating func makeRoom(for owner: Owner) {
        let isNew = entries[owner] == nil
        let isFull = isNew && entries.count >= limits.owners
        guard isFull || usage.bytes >= limits.bytes else { return }
        let order = entries.filter { $0.key != .global && $0.key != owner }
            .sorted { $0.value.touched < $1.value.touched }
        let wanted = usage.bytes - limits.bytes / 16 * 15
        let start = usage.bytes
        let least = isFull ? max(1, limits.owners / 16) : 0
        for (index, item) in order.enumerated() {
            // Cells may be shared: what is gained shows only afterwards.
            if index >= least, start - usage.bytes >= wanted { break }
            remove(item.key)
            evicted += 1
        }
    }
}

/// One value that was set, on its way into the store.
struct VariableChange: Sendable {
    let variable: VariableDeclaration
    let owner: VariableStorage.Owner
    let value: VariableValue
    let appends: Bool
    /// Whether it was set from another process than its owner.
    let reachesLiving: Bool
}
