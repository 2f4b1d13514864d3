// A host for tests of variables: a store with a clock that stands still until it is moved, and
// execs of processes that may have ancestors, containers and cgroups.

import Policy
import RuleLanguage
import Synchronization

/// A clock that tests move by hand, in nanoseconds.
final class TestClock: Sendable {
    private let time = Atomic<UInt64>(1_000_000_000_000)

    var now: UInt64 { time.load(ordering: .relaxed) }

    func advance(_ duration: Duration) {
        time.wrappingAdd(duration.nonnegativeNanoseconds, ordering: .relaxed)
    }
}

/// Loaded rules, and the variables they set.
struct VariableHost {
    let clock: TestClock
    let store: VariableStore
    let result: LoadResult

    init(_ text: String, limits: VariableStore.Limits = .init()) {
        let clock = TestClock()
        self.clock = clock
        store = VariableStore(limits: limits) { clock.now }
        result = LoadResult(text)
    }

    /// Runs the rules on the start of a program; the ids of those that matched.
    @discardableResult
    func run(
        _ name: String,
        _ process: Int32 = 100,
        ancestors: [Int32] = [],
        container: String = "",
        cgroup: String = "",
        program: VariableSession.Program = .next,
        outcome: VariableSession.Outcome = .started
    ) -> [String] {
        let event = Exec(name, process, ancestors, container, cgroup, store)
        event.session.begin(result.ruleSet.variables, program: program)
        var scratch = MatchScratch()
        var ids: [String] = []
        result.ruleSet.matches(event, variables: event.session, except: [], into: &scratch) {
            ids.append(result.ruleSet.rules[$0].id)
        }
        event.session.end(outcome, process: process)
        return ids
    }

    /// What a variable reads in an event that sets nothing.
    func value(
        of name: String,
        _ process: Int32 = 100,
        ancestors: [Int32] = [],
        container: String = "",
        cgroup: String = "",
        program: VariableSession.Program = .current
    ) -> VariableValue? {
        let event = Exec("", process, ancestors, container, cgroup, store)
        event.session.begin(result.ruleSet.variables, program: program)
        return event.session.value(of: name, for: event)
    }

    func fork(_ parent: Int32, _ child: Int32) {
        store.fork(parent: parent, child: child, at: clock.now)
    }
}

/// The start of /tmp/NAME.
private final class Exec: EventSource {
    private let fields: EventDescription
    let session: VariableSession

    init(
        _ name: String,
        _ process: Int32,
        _ ancestors: [Int32],
        _ container: String,
        _ cgroup: String,
        _ store: VariableStore
    ) {
        session = VariableSession(store: store)
        do {
            fields = try EventDescription(
                executable: Array("/tmp/\(name)".utf8),
                argv: [Array(name.utf8)],
                values: [
                    "process.pid": .integer(Int64(process)),
                    "process.ancestors": .records(
                        ancestors.map { ["pid": .integer(Int64($0))] }
                    ),
                    "process.container.id": .text(container),
                    "process.cgroup.id": .text(cgroup),
                ]
            )
        } catch {
            preconditionFailure(error.message)
        }
    }

    var now: Int64 { fields.now }
    func count(of subject: Subject) -> Int { fields.count(of: subject) }
    func boolean(_ field: Field, element: Int) -> Bool { fields.boolean(field, element: element) }
    func integer(_ field: Field, element: Int) -> Int64 { fields.integer(field, element: element) }
    func string(_ field: Field, element: Int) -> ByteString {
        fields.string(field, element: element)
    }
    func strings(_ field: Field, element: Int) -> ByteStringList {
        fields.strings(field, element: element)
    }
    func alternatives(of field: Field, element: Int) -> ByteStringList {
        fields.alternatives(of: field, element: element)
    }
    func variable(_ name: String) -> VariableValue? { session.value(of: name, for: self) }
}

extension VariableValue {
    /// A string value from text.
    static func text(_ text: String) -> VariableValue { .string(ArraySlice(text.utf8)) }
    /// A list value from text.
    static func texts(_ texts: String...) -> VariableValue {
        .strings(texts.map { ArraySlice($0.utf8) })
    }
}
