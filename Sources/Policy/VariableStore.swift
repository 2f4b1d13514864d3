// The values of `${variables}` between events: for the host, for processes, containers and cgroups.
// Owns who sees what, times to live and the bounds. Makes no system call: time is handed in.
// Any thread; one lock, never held across I/O or evaluation.

import RuleLanguage
import Synchronization

/// What `set` actions left behind.
///
/// Process scope follows upstream: a program that is started is a new scope. It has what the one
/// before it and its parent had of inherited variables, and keeps that when they end; what is not
/// inherited ends with the program. Values that are not of the type that is declared now count as
/// unset, so that a reload needs no cleaning up.
package final class VariableStore: Sendable {
    /// What the store may hold.
    package struct Limits: Sendable, Equatable {
        /// How many processes, containers and cgroups may have values at once.
        package var owners = 32_768
        /// What all values together may weigh.
        package var bytes = 16 << 20

        /// The defaults.
        package init() {}
    }

    /// How full the store is.
    package struct Statistics: Sendable, Equatable {
        package var owners: Int
        package var processes: Int
        package var bytes: Int
        /// Owners whose values were dropped for lack of room, since the start.
        package var evicted: UInt64
    }

    private let storage: Mutex<VariableStorage>
    /// Read without the lock: most hosts set no variable on any process.
    private let processes = Atomic<Int>(0)
    private let clock: @Sendable () -> UInt64

    /// Makes an empty store; `clock` gives monotonic nanoseconds.
    package init(limits: Limits = Limits(), clock: @escaping @Sendable () -> UInt64) {
        storage = Mutex(VariableStorage(limits: limits))
        self.clock = clock
    }

    /// Whether any process has a value; without the lock.
    package var hasProcesses: Bool { processes.load(ordering: .relaxed) > 0 }

    package var statistics: Statistics {
        storage.withLock {
            Statistics(
                owners: $0.count,
                processes: $0.processes,
                bytes: $0.bytes,
                evicted: $0.evicted
            )
        }
    }

    // MARK: - Processes

    /// Passes on what is inherited; `time` is that of the fork, monotonic nanoseconds.
    ///
    /// May be told late, and twice.
    package func fork(parent: Int32, child: Int32, at time: UInt64) {
        guard hasProcesses else { return }
        change { $0.fork(parent: parent, child: child, at: time) }
    }

    /// Forgets a process; children keep what they have inherited.
    package func exit(_ process: Int32, at time: UInt64) {
        guard hasProcesses else { return }
        change { $0.exit(process, at: time) }
    }

    /// Forgets every process that is not among these, after events were lost.
    package func keep(only processes: Set<Int32>) {
        guard hasProcesses else { return }
        change { $0.keep(only: processes) }
    }

    /// Whether a process has any value.
    package func hasValues(_ process: Int32) -> Bool {
        guard hasProcesses else { return false }
        return storage.withLock { $0.has(.process(process)) }
    }

    // MARK: - Containers and cgroups

    /// A container or cgroup that has values.
    package enum Group: Sendable, Hashable {
        case container([UInt8])
        case cgroup([UInt8])
    }

    /// Those that have values, to be looked at whether they are still there.
    package var groups: [Group] {
        storage.withLock { storage in
            storage.groups.compactMap { owner in
                switch owner {
                case .container(let id): .container(id)
                case .cgroup(let path): .cgroup(path)
                case .global, .process: nil
                }
            }
        }
    }

    /// Forgets a container or cgroup that is gone.
    package func forget(_ group: Group) {
        change { storage in
            switch group {
            case .container(let id): storage.remove(.container(id))
            case .cgroup(let path): storage.remove(.cgroup(path))
            }
        }
    }

    // MARK: - Sessions

    func value(
        of variable: VariableDeclaration,
        for owner: VariableStorage.Owner,
        nextProgram: Bool
    ) -> VariableValue? {
        let now = clock()
        return storage.withLock {
            $0.value(of: variable, for: owner, nextProgram: nextProgram, at: now)
        }
    }

    /// The value of the nearest of some ancestors that has one which reaches its descendants.
    func reachingValue(
        of variable: VariableDeclaration,
        among ancestors: () -> [Int32]
    ) -> VariableValue? {
        guard storage.withLock({ $0.reachingCount > 0 }) else { return nil }
        let line = ancestors()
        let now = clock()
        return storage.withLock { storage in
            for ancestor in line {
                if let value = storage.reachingValue(of: variable, for: ancestor, at: now) {
                    return value
                }
            }
            return nil
        }
    }

    /// Makes what an event has set visible to all, at once.
    func apply(_ changes: [VariableChange], beginning process: Int32?) {
        let now = clock()
        change { storage in
            if let process { storage.beginProgram(of: process) }
            for change in changes { storage.apply(change, at: now) }
        }
    }

    private func change(_ body: (inout VariableStorage) -> Void) {
        storage.withLock { storage in
            body(&storage)
            processes.store(storage.processes, ordering: .relaxed)
        }
    }
}
