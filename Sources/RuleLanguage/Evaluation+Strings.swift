// String values of one evaluation: fields with their further names, lists, variables, templates.

extension Evaluation {
    /// Whether the predicate holds for the value, or for any if there are several.
    func anyString(_ operand: StringOperand, _ predicate: (ByteString) -> Bool) -> Bool {
        switch operand {
        case .field(let reference): return anyString(reference, predicate)
        case .template(let parts): return predicate(text(of: parts)[...])
        case .variable(let name):
            switch source.variable(name) {
            case .string(let value)?: return predicate(value)
            case .strings(let values)?: return values.contains(where: predicate)
            case nil: return predicate([])
            default: return false
            }
        }
    }

    private func anyString(
        _ reference: FieldReference,
        _ predicate: (ByteString) -> Bool
    ) -> Bool {
        switch reference.selector {
        case .only: return anyString(reference, 0, predicate)
        case .register: return anyString(reference, register, predicate)
        case .element(let number):
            guard number < source.count(of: reference.field.subject) else { return predicate([]) }
            return anyString(reference, number, predicate)
        case .any:
            let count = source.count(of: reference.field.subject)
            if let index = reference.index { return member(reference, index, count, predicate) }
            for element in 0..<count where anyString(reference, element, predicate) { return true }
            return false
        }
    }

    /// The values of one element.
    private func anyString(
        _ reference: FieldReference,
        _ element: Int,
        _ predicate: (ByteString) -> Bool
    ) -> Bool {
        guard reference.type == .strings else {
            if predicate(source.string(reference.field, element: element)) { return true }
            guard reference.hasAlternatives else { return false }
            let others = source.alternatives(of: reference.field, element: element)
            for index in others.indices where predicate(others[index]) { return true }
            return false
        }
        let list = source.strings(reference.field, element: element)
        if let index = reference.index {
            return predicate(index < list.count ? list[index] : [])
        }
        for index in list.indices where predicate(list[index]) { return true }
        return false
    }

    /// A member by its number in the lists of all elements, one after the other.
    private func member(
        _ reference: FieldReference,
        _ index: Int,
        _ count: Int,
        _ predicate: (ByteString) -> Bool
    ) -> Bool {
        var rest = index
        for element in 0..<count {
            let list = source.strings(reference.field, element: element)
            if rest < list.count { return predicate(list[rest]) }
            rest -= list.count
        }
        return predicate([])
    }

    /// Writes a template out; lists are joined by commas.
    func text(of parts: [TemplatePart]) -> [UInt8] {
        var result: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let bytes): result += bytes
            case .integers(let operand):
                let numbers = values(of: operand).map(String.init)
                result += numbers.joined(separator: ",").utf8
            case .string(let reference): append(reference, to: &result)
            case .variable(let name): append(source.variable(name), to: &result)
            }
        }
        return result
    }

    private func append(_ reference: FieldReference, to result: inout [UInt8]) {
        result += values(of: reference).joined(separator: [UInt8(ascii: ",")])
    }

    /// All values of an operand.
    func values(of operand: IntegerOperand) -> [Int64] {
        var result: [Int64] = []
        _ = anyInteger(operand) { value in
            result.append(value)
            return false
        }
        return result
    }

    /// The values themselves, without further names.
    func values(of reference: FieldReference) -> [ByteString] {
        let plain = FieldReference(
            field: reference.field,
            type: reference.type,
            selector: reference.selector,
            index: reference.index,
            hasAlternatives: false
        )
        var result: [ByteString] = []
        _ = anyString(plain) { value in
            result.append(value)
            return false
        }
        return result
    }

    private func append(_ value: VariableValue?, to result: inout [UInt8]) {
        switch value {
        case .boolean(let value)?: result += String(value).utf8
        case .integer(let value)?: result += String(value).utf8
        case .string(let value)?: result += value
        case .integers(let values)?: result += values.map(String.init).joined(separator: ",").utf8
        case .strings(let values)?: result += values.joined(separator: [UInt8(ascii: ",")])
        case nil: break
        }
    }
}
