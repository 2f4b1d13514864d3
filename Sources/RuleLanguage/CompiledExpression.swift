// An expression ready to be evaluated, and what is known about it beforehand. Immutable; any thread.

package import Diagnostics

/// A compiled expression.
package final class CompiledExpression: Sendable {
    let root: BooleanNode
    /// The fields evaluation may ask for.
    package let fields: Set<Field>
    /// The `${variables}` evaluation may ask for; those that are fields are among `fields`.
    package let variables: Set<String>
    /// The events the expression is about; empty for a filter that is about none.
    package let eventTypes: Set<EventType>
    /// What an event must have for the expression to be true.
    package let requirement: Requirement
    /// Whether the result depends on the event at all.
    package let truth: Truth
    /// Whether a register is used: the whole is then true if it is true for one element.
    private let usesRegister: Bool

    init(_ root: BooleanNode, _ checker: Checker) {
        self.root = root
        fields = checker.fields
        variables = checker.variables
        eventTypes = checker.eventTypes
        usesRegister = checker.register != nil
        truth = root.truth
        requirement = root.requirement
    }

    /// Whether the expression is true for an event.
    ///
    /// Asks the source only for what is needed to decide. Allocates nothing, except for strings
    /// with `${}` or `%{}` in them.
    package func evaluate(_ source: any EventSource) -> Bool {
        guard usesRegister else { return Evaluation(source: source).isTrue(root) }
        return decidingElement(source) != nil
    }

    /// The first element of the iterated subject for which the expression is true.
    private func decidingElement(_ source: any EventSource) -> Int? {
        for element in 0..<source.count(of: .ancestors)
        where Evaluation(source: source, register: element).isTrue(root) {
            return element
        }
        return nil
    }

    /// The places of the parts that decided the result, in the order of evaluation.
    ///
    /// Of a true expression those that made it true, of a false one those that made it false. For
    /// people: allocates.
    package func decidingParts(_ source: any EventSource) -> (result: Bool, parts: [SourceSpan]) {
        var parts: [SourceSpan] = []
        let element = usesRegister ? decidingElement(source) : 0
        let evaluation = Evaluation(source: source, register: element ?? 0)
        guard element != nil else { return (false, root.spans) }
        let result = evaluation.explain(root, into: &parts)
        return (result, parts)
    }
}
