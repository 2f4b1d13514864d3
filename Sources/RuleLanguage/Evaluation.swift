// Evaluates a compiled expression on one event. No allocation on the ordinary path: values are
// slices the source owns, predicates do not escape. Runs on whatever thread the source belongs to.

/// One evaluation: the event, and which element a register stands for.
struct Evaluation {
    let source: any EventSource
    var register = 0

    /// Whether the node is true for the event.
    func isTrue(_ node: BooleanNode) -> Bool {
        switch node {
        case .constant(let value): value
        case .operand(let operand): anyBoolean(operand) { $0 }
        case .not(let operand): !isTrue(operand)
        case .chain(let chain): isTrue(chain)
        case .strings(let test):
            anyString(test.operand) { test.matcher.matches($0) } != test.isNegated
        case .stringPair(let test): isTrue(test)
        case .integers(let test): isTrue(test)
        case .booleans(let test): isTrue(test)
        }
    }

    /// To the right: what is left of an operator either decides or hands over to the rest.
    private func isTrue(_ chain: LogicalChain) -> Bool {
        for index in chain.operators.indices {
            let value = isTrue(chain.terms[index])
            if value == (chain.operators[index] == .or) { return value }
        }
        return isTrue(chain.terms[chain.terms.count - 1])
    }

    private func isTrue(_ test: StringPairTest) -> Bool {
        let found = anyString(test.left) { left in
            anyString(test.right) { right in left == right }
        }
        return found != test.isNegated
    }

    private func isTrue(_ test: IntegerTest) -> Bool {
        let now = test.isAge ? source.now : 0
        let found = anyInteger(test.left) { value in
            let left = test.isAge ? now &- value : value
            return anyInteger(test.right) { test.relation.holds(left, $0) }
        }
        return found != test.isNegated
    }

    private func isTrue(_ test: BooleanTest) -> Bool {
        let found = anyBoolean(test.left) { left in
            anyBoolean(test.right) { right in left == right }
        }
        return found != test.isNegated
    }

    // MARK: - Booleans

    func anyBoolean(_ operand: BooleanOperand, _ predicate: (Bool) -> Bool) -> Bool {
        switch operand {
        case .node(let node): return predicate(isTrue(node))
        case .variable(let name):
            if case .boolean(let value)? = source.variable(name) { return predicate(value) }
            return predicate(false)
        case .field(let reference):
            guard reference.selector == .any else {
                let element = element(of: reference)
                return predicate(
                    element.map { source.boolean(reference.field, element: $0) } ?? false
                )
            }
            for element in 0..<source.count(of: reference.field.subject)
            where predicate(source.boolean(reference.field, element: element)) {
                return true
            }
            return false
        }
    }

    /// The element a reference reads, which is not all; nil if there is no such element.
    private func element(of reference: FieldReference) -> Int? {
        switch reference.selector {
        case .only, .any: 0
        case .register: register
        case .element(let number):
            number < source.count(of: reference.field.subject) ? number : nil
        }
    }

    // MARK: - Integers

    func anyInteger(_ operand: IntegerOperand, _ predicate: (Int64) -> Bool) -> Bool {
        switch operand {
        case .value(let node): return predicate(integer(node, element: 0))
        case .constants(let values):
            for value in values where predicate(value) { return true }
            return false
        case .elements(let node):
            for element in 0..<source.count(of: .ancestors)
            where predicate(integer(node, element: element)) {
                return true
            }
            return false
        case .variable(let name):
            guard case .integers(let values)? = source.variable(name) else { return false }
            return values.contains(where: predicate)
        }
    }

    /// The value of a node; `element` is the one that un-subscripted iterated fields read.
    private func integer(_ node: IntegerNode, element: Int) -> Int64 {
        switch node {
        case .constant(let value): return value
        case .field(let reference):
            let place = reference.selector == .any ? element : self.element(of: reference)
            return place.map { source.integer(reference.field, element: $0) } ?? 0
        case .length(let reference):
            let place = reference.selector == .any ? element : self.element(of: reference)
            return place.map { length(reference, element: $0) } ?? 0
        case .count(let subject): return Int64(source.count(of: subject))
        case .variable(let name):
            guard case .integer(let value)? = source.variable(name) else { return 0 }
            return value
        case .variableLength(let name):
            return switch source.variable(name) {
            case .string(let value)?: Int64(value.count)
            case .strings(let values)?: Int64(values.count)
            case .integers(let values)?: Int64(values.count)
            default: 0
            }
        case .negated(let operand): return 0 &- integer(operand, element: element)
        case .complement(let operand): return ~integer(operand, element: element)
        case .sum(let first, let terms):
            return terms.reduce(integer(first, element: element)) { result, term in
                let value = integer(term.operand, element: element)
                return term.isSubtracted ? result &- value : result &+ value
            }
        case .bits(let operands, let operators): return bits(operands, operators, element)
        }
    }

    private func bits(
        _ operands: [IntegerNode],
        _ operators: [BitOperator],
        _ element: Int
    ) -> Int64 {
        var result = integer(operands[operands.count - 1], element: element)
        for index in operators.indices.reversed() {
            let left = integer(operands[index], element: element)
            switch operators[index] {
            case .and: result = left & result
            case .or: result = left | result
            case .xor: result = left ^ result
            }
        }
        return result
    }

    private func length(_ reference: FieldReference, element: Int) -> Int64 {
        guard reference.type == .strings else {
            return Int64(source.string(reference.field, element: element).count)
        }
        let list = source.strings(reference.field, element: element)
        guard let index = reference.index else { return Int64(list.count) }
        return index < list.count ? Int64(list[index].count) : 0
    }
}
