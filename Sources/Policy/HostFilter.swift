// `filters` of rules and macros: expressions about the host, decided once when policies are loaded.

import Diagnostics
import RuleLanguage

/// Evaluates filters on one host; the same text costs once.
struct HostFilter {
    /// What came of a filter: nil if it could not be evaluated.
    struct Outcome {
        var holds: Bool?
        var diagnostics: [Diagnostic]
    }

    private let source: HostFactSource
    private var known: [String: Bool] = [:]

    init(host: HostFacts) { source = HostFactSource(facts: host) }

    private static let compiler: Compiler = {
        let facts = HostFacts()
        var names: [String: VariableType] = [:]
        for name in HostFacts.names {
            switch facts.value(of: name) {
            case .boolean: names[name] = .boolean
            case .integer: names[name] = .integer
            case .string: names[name] = .string
            case .strings: names[name] = .strings
            case nil: break
            }
        }
        return Compiler(names: names)
    }()

    /// Whether the filter holds on this host.
    mutating func evaluate(_ filter: ExpressionText) -> Outcome {
        if let holds = known[filter.text] { return Outcome(holds: holds, diagnostics: []) }
        let (compiled, found) = Self.compiler.compile(filter.text, purpose: .filter)
        var errors = found.filter { $0.severity == .error }
        guard let compiled, compiled.fields.isEmpty else {
            if errors.isEmpty {
                errors = [
                    Diagnostic(
                        .error,
                        code: .hostFilter,
                        message: "a filter of a rule asks about the host, not about an event",
                        suggestion: "one of \(HostFacts.names.joined(separator: ", "))"
                    )
                ]
            }
            for index in errors.indices where errors[index].code == .unknownField {
                errors[index].suggestion = Self.suggestion(for: errors[index], in: filter)
            }
            return Outcome(holds: nil, diagnostics: filter.placed(errors))
        }
        let holds = compiled.evaluate(source)
        known[filter.text] = holds
        return Outcome(holds: holds, diagnostics: [])
    }
}

extension HostFilter {
    /// The language knows the names of events only.
    private static func suggestion(
        for finding: Diagnostic,
        in filter: ExpressionText
    ) -> String? {
        guard let span = finding.span else { return nil }
        let name = filter.text.utf8.dropFirst(span.start).prefix(span.end - span.start)
        return Spelling.suggestion(
            for: String(decoding: name, as: UTF8.self),
            among: HostFacts.names
        )
    }
}

/// Host facts as an event without fields: filters read them by name.
private final class HostFactSource: EventSource {
    private let facts: HostFacts

    init(facts: HostFacts) { self.facts = facts }

    func count(of subject: Subject) -> Int { 0 }
    func boolean(_ field: Field, element: Int) -> Bool { false }
    func integer(_ field: Field, element: Int) -> Int64 { 0 }
    func string(_ field: Field, element: Int) -> ByteString { [] }
    func strings(_ field: Field, element: Int) -> ByteStringList { ByteStringList() }
    func alternatives(of field: Field, element: Int) -> ByteStringList { ByteStringList() }
    var now: Int64 { 0 }

    func variable(_ name: String) -> VariableValue? {
        switch facts.value(of: name) {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .string(let value): .string(ArraySlice(value.utf8))
        case .strings(let values): .strings(values.map { ArraySlice($0.utf8) })
        case nil: nil
        }
    }
}
