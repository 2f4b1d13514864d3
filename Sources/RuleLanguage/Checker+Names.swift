// What a name stands for: constant, macro, name of the host's, field; in this order.

internal import Diagnostics

extension Checker {
    /// Resolves a plain name.
    mutating func resolve(_ name: String, _ span: SourceSpan) -> Operand? {
        switch ConstantTable.value(of: name) {
        case .boolean(let value)?: return .boolean(.node(.constant(value)))
        case .integer(let value)?: return .integer(.value(.constant(value)), .init())
        case nil: break
        }
        if let macro = vocabulary.macros[name] { return expand(name, macro, span) }
        if let type = vocabulary.names[name] { return variable(name, type) }
        return field(name, span)
    }

    private mutating func expand(
        _ name: String,
        _ macro: ParsedMacro,
        _ span: SourceSpan
    ) -> Operand? {
        guard !macros.contains(name) else {
            let path = (macros + [name]).joined(separator: " > ")
            report(.cyclicMacro, "macro '\(name)' contains itself: \(path)", span)
            return nil
        }
        guard !macro.hasErrors else {
            report(.syntax, "macro '\(name)' has errors", span)
            return nil
        }
        guard hasRoom(for: vocabulary.macroSizes[name] ?? 0, span) else { return nil }
        let outer = macroSpan
        macroSpan = macroSpan ?? span
        macros.append(name)
        defer {
            macros.removeLast()
            macroSpan = outer
        }
        return operand(macro.tree)
    }

    // MARK: - Variables

    /// Resolves `${name}`, or `${name.length}`.
    mutating func variable(_ name: String, _ span: SourceSpan) -> Operand? {
        if let type = vocabulary.variables[name] {
            variables.insert(name)
            return variable(name, type)
        }
        switch name {
        case "": return nil
        case "process.pid": return field(name, span)
        case "builtins.uuid4":
            variables.insert(name)
            return variable(name, .string)
        default: break
        }
        if name.hasSuffix(".length") {
            let base = String(name.dropLast(".length".count))
            if vocabulary.variables[base] != nil {
                variables.insert(base)
                return .integer(.value(.variableLength(base)), .init())
            }
        }
        var suggestion = Spelling.suggestion(for: name, among: vocabulary.variables.keys.sorted())
        if FieldSchema.field(named: name) != nil { suggestion = "a field is written %{\(name)}" }
        suggestion = suggestion ?? "'${' that is meant as text can stand in a pattern: ~\"…${…\""
        report(
            .unknownVariable,
            "unknown variable '\(Parser.excerpt(Array(name.utf8)[...]))'",
            span,
            suggestion: suggestion
        )
        return nil
    }

    private func variable(_ name: String, _ type: VariableType) -> Operand {
        switch type {
        case .boolean: .boolean(.variable(name))
        case .integer: .integer(.value(.variable(name)), .init())
        case .string: .string(.variable(name), .init())
        case .integers: .integer(.variable(name), .init())
        case .strings: .string(.variable(name), .init(isList: true))
        }
    }

    // MARK: - Fields

    /// Resolves a field name with its subscripts and `.length`.
    mutating func field(_ spelling: String, _ span: SourceSpan) -> Operand? {
        guard !spelling.isEmpty else { return nil }
        if let event = FieldSchema.unsupportedEventType(of: spelling) {
            unsupported.append((event, place(span)))
            return nil
        }
        var path = FieldPath(spelling)
        if path.name == FieldSchema.listName + ".length", path.subscripts.isEmpty {
            fields.insert(Field(.ancestors, .pid))
            return .integer(.value(.count(.ancestors)), .init())
        }
        var isLength = false
        if FieldSchema.field(named: path.name) == nil, path.name.hasSuffix(".length") {
            path.name.removeLast(".length".count)
            isLength = true
        }
        guard let description = FieldSchema.field(named: path.name) else {
            unknown(path.name, span)
            return nil
        }
        guard let reference = reference(to: description, path, span) else { return nil }
        fields.insert(description.field)
        if let type = description.eventType { eventTypes.insert(type) }
        return operand(of: reference, description, isLength: isLength, span)
    }

    private mutating func unknown(_ name: String, _ span: SourceSpan) {
        // Looking for similar names costs more than anything else here.
        guard diagnostics.count < Parser.maximumDiagnostics else { return }
        if name == FieldSchema.listName {
            report(
                .unknownField,
                "'\(name)' is a list of processes, not a value",
                span,
                suggestion: "name one of its fields, like \(name).comm"
            )
            return
        }
        if FieldSchema.isUnavailable(name) {
            report(
                .unknownField,
                "field '\(name)' not found",
                span,
                suggestion: "it needs what this agent cannot see: BPF or another service"
            )
            return
        }
        var suggestion: String?
        if budget.takeSuggestion() {
            let candidates =
                vocabulary.macros.keys.sorted() + FieldSchema.fields.map(\.name)
                + ConstantTable.names
            suggestion =
                UnknownName.place(of: name) ?? Spelling.suggestion(for: name, among: candidates)
        }
        if suggestion == nil, !name.contains(".") { suggestion = UnknownName.advice(for: name) }
        report(
            .unknownField,
            "field '\(Parser.excerpt(Array(name.utf8)[...]))' not found",
            span,
            suggestion: suggestion
        )
    }

    /// Applies the subscripts of a name.
    private mutating func reference(
        to description: FieldDescription,
        _ path: FieldPath,
        _ span: SourceSpan
    ) -> FieldReference? {
        var selector: ElementSelector = description.isIterated ? .any : .only
        var index: Int?
        for part in path.subscripts {
            if description.isIterated, part.base == FieldSchema.listName, selector == .any {
                guard let found = self.selector(part.text, span) else { return nil }
                selector = found
            } else if part.isLast, index == nil, let number = Int(part.text) {
                if description.type == .strings {
                    index = number
                } else if selector == .any {
                    selector = .element(number)
                } else {
                    report(.badSubscript, "'\(description.name)' is not a list", span)
                    return nil
                }
            } else {
                let message =
                    part.text.isEmpty
                    ? "empty subscript"
                    : "'\(part.base)' is not a list that '[\(part.text)]' can select from"
                report(.badSubscript, message, span, suggestion: "process.ancestors[A].comm is one")
                return nil
            }
        }
        return FieldReference(
            field: description.field,
            type: description.type,
            selector: selector,
            index: index,
            hasAlternatives: description.hasAlternatives
        )
    }

    private mutating func selector(_ text: String, _ span: SourceSpan) -> ElementSelector? {
        if let number = Int(text) { return .element(number) }
        guard text != "_", text.utf8.first?.isNameStart == true else {
            report(
                .badSubscript,
                "'[\(text)]' names no register",
                span,
                suggestion: "use a letter, like [A]"
            )
            return nil
        }
        if let register, register != text {
            report(
                .badSubscript,
                "two registers, '\(register)' and '\(text)', in one expression",
                span,
                suggestion: "use one register everywhere"
            )
            return nil
        }
        register = text
        return .register
    }

    private mutating func operand(
        of reference: FieldReference,
        _ description: FieldDescription,
        isLength: Bool,
        _ span: SourceSpan
    ) -> Operand? {
        let isMany = reference.selector == .any
        if isLength {
            guard description.type == .string || description.type == .strings else {
                report(.unknownField, "'\(description.name)' has no length", span)
                return nil
            }
            let node = IntegerNode.length(reference)
            return .integer(isMany ? .elements(node) : .value(node), .init())
        }
        switch description.type {
        case .boolean: return .boolean(.field(reference))
        case .integer:
            let node = IntegerNode.field(reference)
            return .integer(isMany ? .elements(node) : .value(node), .init())
        case .string:
            return .string(.field(reference), .init(isList: isMany, field: description))
        case .strings:
            let isList = reference.index == nil
            return .string(.field(reference), .init(isList: isList, field: description))
        }
    }
}
