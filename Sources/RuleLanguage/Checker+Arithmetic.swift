// What is computed from numbers, and lists of values; what is known beforehand is computed here.

internal import Diagnostics

extension Checker {
    /// Checks a prefix operator.
    mutating func unary(
        _ symbol: UnaryOperator,
        _ node: SyntaxNode,
        _ span: SourceSpan
    ) -> Operand? {
        guard let value = operand(node) else { return nil }
        switch (symbol, value) {
        case (.not, .boolean(let operand)): return .boolean(.node(.not(Self.node(of: operand))))
        case (.minus, .integer(.value(let operand), let traits)):
            return .integer(.value(fold(.negated(operand))), traits)
        case (.complement, .integer(.value(let operand), _)):
            return .integer(.value(fold(.complement(operand))), .init(isComputed: true))
        case (.not, _):
            mismatch(
                "'!' and 'not' take a condition, found \(value.typeName)",
                span,
                suggestion: "they bind tighter than a comparison: write '!(…)' or 'not in'"
            )
        default: mismatch("'\(symbol.rawValue)' takes a number, found \(value.typeName)", span)
        }
        return nil
    }

    // MARK: - Arithmetic

    private func fold(_ node: IntegerNode) -> IntegerNode {
        switch node {
        case .negated(.constant(let value)): .constant(0 &- value)
        case .complement(.constant(let value)): .constant(~value)
        default: node
        }
    }

    /// Checks an operand of arithmetic; lists cannot be computed with.
    private mutating func number(_ node: SyntaxNode, for symbol: String) -> IntegerNode? {
        guard let value = operand(node) else { return nil }
        switch value {
        case .integer(.value(let number), _): return number
        case .integer(.elements, _):
            mismatch(
                "'\(symbol)' takes one number, found a list of numbers",
                node.span,
                suggestion: "use a register: process.ancestors[A]"
            )
        default:
            let logical = ["&": "&&", "|": "||"][symbol]
            mismatch(
                "'\(symbol)' takes numbers, found \(value.typeName)",
                node.span,
                suggestion: logical.map { "conditions are joined by '\($0)'" }
            )
        }
        return nil
    }

    /// Checks a chain of `+` and `-`.
    mutating func sum(_ first: SyntaxNode, _ terms: [SyntaxNode.SumTerm]) -> Operand? {
        let start = number(first, for: terms[0].isSubtracted ? "-" : "+")
        var checked: [(isSubtracted: Bool, operand: IntegerNode)] = []
        var constant: Int64? = 0
        for term in terms {
            guard let value = number(term.operand, for: term.isSubtracted ? "-" : "+") else {
                continue
            }
            checked.append((term.isSubtracted, value))
            if case .constant(let next) = value {
                constant = constant.map { term.isSubtracted ? $0 &- next : $0 &+ next }
            } else {
                constant = nil
            }
        }
        guard let start, checked.count == terms.count else { return nil }
        if case .constant(let value) = start, let constant {
            return .integer(.value(.constant(value &+ constant)), .init(isComputed: true))
        }
        return .integer(.value(.sum(start, checked)), .init(isComputed: true))
    }

    /// Checks a chain of `&`, `|` and `^`.
    mutating func bits(_ nodes: [SyntaxNode], _ operators: [BitOperator]) -> Operand? {
        var checked: [IntegerNode] = []
        for (index, node) in nodes.enumerated() {
            let symbol = operators[min(index, operators.count - 1)].rawValue
            if let value = number(node, for: symbol) { checked.append(value) }
        }
        guard checked.count == nodes.count else { return nil }
        let constants = checked.compactMap { node -> Int64? in
            if case .constant(let value) = node { value } else { nil }
        }
        guard constants.count == checked.count else {
            return .integer(.value(.bits(checked, operators)), .init(isComputed: true))
        }
        var result = constants[constants.count - 1]
        for index in operators.indices.reversed() {
            switch operators[index] {
            case .and: result = constants[index] & result
            case .or: result = constants[index] | result
            case .xor: result = constants[index] ^ result
            }
        }
        return .integer(.value(.constant(result)), .init(isComputed: true))
    }

    // MARK: - Lists

    /// Checks a list in brackets.
    mutating func list(_ members: [SyntaxNode], _ span: SourceSpan) -> Operand? {
        var literals: [Literal] = []
        var integers: [Int64] = []
        var booleans: [Bool] = []
        var addresses: [AddressRange] = []
        var isComplete = true
        for member in members {
            guard let value = operand(member) else {
                isComplete = false
                continue
            }
            switch value {
            case .literal(let literal): literals.append(literal)
            case .integer(.value(.constant(let number)), _): integers.append(number)
            case .boolean(.node(.constant(let value))): booleans.append(value)
            case .address(let address): addresses.append(address)
            default:
                report(
                    .mixedList,
                    "a list holds strings, numbers, booleans or addresses, found \(value.typeName)",
                    member.span
                )
                isComplete = false
            }
        }
        guard isComplete else { return nil }
        switch members.count {
        case literals.count: return .literals(literals)
        case integers.count: return .integers(integers)
        case booleans.count: return .booleans(booleans)
        case addresses.count: return .addresses(addresses)
        default:
            report(.mixedList, "can't mix constants types in arrays", span)
            return nil
        }
    }
}
