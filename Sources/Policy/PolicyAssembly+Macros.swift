// Merging of macros: the first definition counts, later ones add values or replace.

import Diagnostics

extension PolicyAssembly {
    /// Takes the next definition of a macro.
    mutating func add(_ macro: MacroDefinition, from document: PolicyDocument) {
        guard isUsable(macro, in: document), let id = macro.id?.value else { return }
        guard let position = macroPositions[id] else {
            guard macro.expression != nil || macro.values != nil else {
                report(
                    .noExpression,
                    "macro '\(id)' has neither 'expression' nor 'values'",
                    at: macro.id?.span ?? macro.span,
                    in: document.file
                )
                return
            }
            if let combine = macro.combine { warnOfNothing(to: combine, macro, id, in: document) }
            macroPositions[id] = macros.count
            macros.append(macro)
            return
        }
        let span = macro.id?.span ?? macro.span
        switch macro.combine {
        case .merge:
            guard macro.expression == nil, macros[position].expression == nil else {
                report(.macroDefinition, "cannot merge expression", at: span, in: document.file)
                return
            }
            // In place: thousands of definitions must not copy what is there each time.
            macros[position].values = macros[position].values ?? []
            macros[position].values?.append(contentsOf: macro.values ?? [])
        case .override:
            guard macro.expression != nil || macro.values != nil else {
                report(
                    .noExpression,
                    "macro '\(id)' has neither 'expression' nor 'values'",
                    at: span,
                    in: document.file
                )
                return
            }
            macros[position].values = macro.values
            macros[position].expression = macro.expression
        case nil:
            warn(
                .duplicateID,
                "macro '\(id)' is already defined, the first one counts",
                at: span,
                in: document.file,
                suggestion: "use 'combine: merge' or 'override'"
            )
        }
    }

    /// Warns that what is merged stands alone, which a misspelt id does.
    private mutating func warnOfNothing(
        to combine: Combination,
        _ macro: MacroDefinition,
        _ id: String,
        in document: PolicyDocument
    ) {
        warn(
            .ineffectiveOverride,
            "no macro '\(id)' to \(combine == .merge ? "merge with" : "override") before this",
            at: macro.id?.span ?? macro.span,
            in: document.file,
            suggestion: Spelling.suggestion(for: id, among: macroPositions.keys.sorted())
        )
    }
}
