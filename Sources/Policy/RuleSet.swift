// All rules in force, ready to judge: immutable, shared by all verdict threads, replaced whole.

package import RuleLanguage

/// The rules of one generation.
package struct RuleSet: Sendable {
    /// In the order they are reported: context rules, default policies, then by priority.
    package private(set) var rules: [Rule]
    /// What became of every file and every rule in it, in load order.
    package let policies: [PolicyStatus]
    /// What evaluation, scopes and filters may ask of an event; fetch nothing else.
    package let fields: Set<Field>
    package private(set) var generation: UInt64
    /// Whether anything is blocked on this host.
    package let isActiveProtectionOn: Bool
    /// What `${variables}` there are; none if no loaded rule uses any, and then they cost nothing.
    package let variables: VariableSet
    let index: RuleIndex

    init(
        rules: [Rule],
        policies: [PolicyStatus],
        generation: UInt64,
        isActiveProtectionOn: Bool,
        declarations: [String: VariableDeclaration] = [:]
    ) {
        self.rules = rules
        self.policies = policies
        self.generation = generation
        self.isActiveProtectionOn = isActiveProtectionOn
        var fields: Set<Field> = []
        for rule in rules where rule.protection != .disabled {
            fields.formUnion(rule.compiled.fields)
            fields.formUnion(rule.limiterToken)
            for action in rule.actions {
                fields.formUnion(action.filter?.fields ?? [])
                fields.formUnion(action.assignment?.fields ?? [])
            }
            if rule.protection == .blocking { fields.formUnion(rule.scope?.fields ?? []) }
        }
        self.fields = fields
        let isUsed = rules.contains { $0.protection != .disabled && $0.usesVariables }
        variables = isUsed ? VariableSet(declarations: declarations) : .none
        index = RuleIndex(
            rules.map { $0.protection == .disabled ? .impossible : $0.compiled.requirement }
        )
    }

    /// A rule set without rules: everything is allowed.
    package static let empty = RuleSet(
        rules: [],
        policies: [],
        generation: 0,
        isActiveProtectionOn: false
    )

    /// The same rules as another generation, of which those named are monitored, whatever their
    /// protection, until they are confirmed.
    package func numbered(_ generation: UInt64, unconfirmed: Set<String>) -> RuleSet {
        var result = self
        result.generation = generation
        for index in rules.indices {
            result.rules[index].isConfirmed = !unconfirmed.contains(rules[index].id)
        }
        return result
    }

    /// What became of each rule definition, in load order.
    package var statuses: [RuleStatus] { policies.flatMap(\.rules) }

    /// Finds the rules that match; their positions are then in `scratch.matched`, in order.
    ///
    /// Visits only the rules that something in the event points to. Allocates nothing once
    /// `scratch` has grown.
    package func matches(_ event: any EventSource, into scratch: inout MatchScratch) {
        scratch.matched.removeAll(keepingCapacity: true)
        index.candidates(event, into: &scratch.candidates)
        for position in scratch.candidates.rules where rules[position].compiled.evaluate(event) {
            scratch.matched.append(position)
        }
    }

    /// Finds the rules that match and lets each set its variables before the next is evaluated.
    ///
    /// As upstream does: a later rule sees what an earlier one has set for the same event, and a
    /// kill action's filter what its own rule has set. `body` is called for each match in order,
    /// once its variables are set. Rules at the positions in `known` are left out, with all they
    /// would set. Without variables nothing is allocated once `scratch` has grown.
    package func matches(
        _ event: any EventSource,
        variables session: VariableSession,
        except known: [Int],
        into scratch: inout MatchScratch,
        body: (Int) -> Void
    ) {
        scratch.matched.removeAll(keepingCapacity: true)
        index.candidates(event, into: &scratch.candidates)
        for position in scratch.candidates.rules
        where !known.contains(position) && rules[position].compiled.evaluate(event) {
            scratch.matched.append(position)
            if rules[position].setsVariables { session.run(rules[position].actions, for: event) }
            body(position)
        }
    }

    /// What is to be done about a match of the rule at `position`.
    ///
    /// Blocking needs Active Protection on, the rule set to blocking, a kill action whose filter
    /// holds, and a scope that holds.
    package func decision(forRule position: Int, event: any EventSource) -> RuleDecision {
        let rule = rules[position]
        guard isActiveProtectionOn else { return .monitor(.activeProtectionOff) }
        guard rule.protection == .blocking else { return .monitor(.monitoring) }
        guard rule.isBlockable else { return .monitor(.notAvailable) }
        guard rule.isConfirmed else { return .monitor(.unconfirmed) }
        guard killAction(ofRule: position, for: event) != nil else { return .monitor(.filtered) }
        switch rule.scope?.answer(for: event) ?? .inside {
        case .inside: return .block
        case .outside: return .monitor(.outOfScope)
        case .unknownImage: return .monitor(.unknownImage)
        }
    }

    /// The first kill action of a rule whose filter holds for the event.
    package func killAction(
        ofRule position: Int,
        for event: any EventSource
    ) -> KillDefinition? {
        for action in rules[position].actions {
            if case .kill(let kill) = action.kind, action.applies(to: event) { return kill }
        }
        return nil
    }
}
