// Many policy files to one list of rules and macros: load order, filters, merging by id.
// Works on definitions; compiles nothing.

import Diagnostics

/// A rule after merging: its first definition, changed by later ones.
struct AssembledRule {
    var definition: RuleDefinition
    /// The file of the first definition.
    let file: SourceFile
    /// Its place in the load order.
    let policy: Int
    let isDefault: Bool
    let origin: PolicyOrigin
}

/// Merges definitions in load order and keeps what became of each.
///
/// The first definition of an id wins; later ones disable, enable or override it.
struct PolicyAssembly {
    /// Where the status of a definition is.
    struct StatusSlot {
        var policy: Int
        var rule: Int
    }

    let options: LoadOptions
    var diagnostics: [Diagnostic] = []
    private(set) var rules: [AssembledRule] = []
    var macros: [MacroDefinition] = []
    /// In load order.
    var policies: [PolicyStatus] = []
    /// For each rule, the definitions whose status is that of the merged rule.
    private(set) var slots: [[StatusSlot]] = []
    var hostFilter: HostFilter
    private var positions: [String: Int] = [:]
    var macroPositions: [String: Int] = [:]

    init(options: LoadOptions) {
        self.options = options
        hostFilter = HostFilter(host: options.host)
    }

    /// The files in load order: a custom file replaces the shipped one of the same name; shipped
    /// before custom, and among equals `default.policy` first, then by name.
    static func order(_ sources: [PolicySource]) -> [PolicySource] {
        let replaced = Set(sources.filter { $0.origin == .custom }.map(\.name))
        func key(_ source: PolicySource) -> (Int, Int, String) {
            let isShipped = source.origin == .shipped
            return (isShipped ? 0 : 1, source.name == "default.policy" ? 0 : 1, source.name)
        }
        return sources.filter { $0.origin == .custom || !replaced.contains($0.name) }
            .sorted { key($0) < key($1) }
    }

    /// Letters, digits and "_".
    static func isValidID(_ id: String) -> Bool {
        !id.isEmpty
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == 0x5F
            }
    }

    /// Takes the next file in load order.
    mutating func add(_ document: PolicyDocument) {
        let policy = policies.count
        policies.append(
            PolicyStatus(
                name: document.name,
                file: document.file.name,
                version: document.version,
                origin: document.origin,
                state: .loaded,
                rules: []
            )
        )
        if document.isBroken {
            policies[policy].state = .error
            policies[policy].message = "policy file error"
            return
        }
        if document.rules.isEmpty, document.macros.isEmpty {
            policies[policy].message = "policy is empty"
            diagnostics.append(
                Diagnostic(
                    .warning,
                    code: .emptyPolicy,
                    message: "policy is empty",
                    span: SourceSpan(start: 0, end: 0),
                    file: document.file
                )
            )
        }
        for macro in document.macros { add(macro, from: document) }
        for rule in document.rules { add(rule, from: document, policy) }
    }

    private mutating func add(_ rule: RuleDefinition, from document: PolicyDocument, _ policy: Int)
    {
        var status = RuleStatus(
            id: rule.id?.value ?? "",
            version: rule.version,
            file: document.file.name,
            line: document.file.position(of: rule.span.start).line,
            state: .loaded
        )
        let slot = StatusSlot(policy: policy, rule: policies[policy].rules.count)
        if let refusal = refusal(of: rule, in: document) {
            (status.state, status.message, status.filterType) =
                (refusal.state, refusal.message, refusal.filterType)
            policies[policy].rules.append(status)
            return
        }
        policies[policy].rules.append(status)
        if let position = positions[status.id] {
            slots[position].append(slot)
            merge(rule, into: position, from: document)
            return
        }
        guard rule.combine == nil else {
            policies[policy].rules[slot.rule].state = .error
            policies[policy].rules[slot.rule].message = "no rule to override"
            report(
                .overrideField,
                "no rule '\(status.id)' to override before this",
                at: rule.id?.span ?? rule.span,
                in: document.file,
                suggestion: Spelling.suggestion(for: status.id, among: positions.keys.sorted())
            )
            return
        }
        append(rule, status.id, slot, from: document)
    }

    private mutating func append(
        _ rule: RuleDefinition,
        _ id: String,
        _ slot: StatusSlot,
        from document: PolicyDocument
    ) {
        positions[id] = rules.count
        slots.append([slot])
        rules.append(
            AssembledRule(
                definition: rule,
                file: document.file,
                policy: slot.policy,
                isDefault: document.isDefault,
                origin: document.origin
            )
        )
    }

    private mutating func merge(
        _ rule: RuleDefinition,
        into position: Int,
        from document: PolicyDocument
    ) {
        guard rule.isDisabled || rule.combine == nil else {
            warnOfIneffective(rule, over: rules[position], in: document.file)
            let dropped = rules[position].override(with: rule)
            if dropped > 0 {
                report(
                    .invalidAction,
                    "skipping invalid action in rule \(rule.id?.value ?? ""): "
                        + PolicyDecoder.tooManyActions,
                    at: rule.id?.span ?? rule.span,
                    in: document.file
                )
            }
            return
        }
        let first = rules[position]
        if rule.isDisabled {
            // Among custom policies one active definition is enough to be active.
            if first.isDefault, !document.isDefault { rules[position].definition.isDisabled = true }
            return
        }
        if first.definition.isDisabled {
            rules[position].definition.isDisabled = false
            return
        }
        warn(
            .duplicateID,
            "rule '\(rule.id?.value ?? "")' is already defined, the first one counts",
            at: rule.id?.span ?? rule.span,
            in: document.file,
            suggestion: "use 'combine: override' to change it",
            notes: [
                .init(
                    "first defined here",
                    span: first.definition.id?.span ?? first.definition.span,
                    file: first.file
                )
            ]
        )
    }

    mutating func report(
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        in file: SourceFile,
        suggestion: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                .error,
                code: code,
                message: message,
                span: span,
                file: file,
                suggestion: suggestion
            )
        )
    }

    mutating func warn(
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        in file: SourceFile,
        suggestion: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        diagnostics.append(
            Diagnostic(
                .warning,
                code: code,
                message: message,
                span: span,
                file: file,
                notes: notes,
                suggestion: suggestion
            )
        )
    }
}
