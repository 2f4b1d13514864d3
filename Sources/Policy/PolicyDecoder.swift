// YAML nodes to plain values, with a finding for each that is not what its key wants.
// Owns the wording of such findings; which keys exist is in the extensions.

import Diagnostics
import YAML

/// Reads the values of one file and collects what is wrong with them.
///
/// A key without a value counts as absent. A wrong value gives a finding and nil, never a guess.
struct PolicyDecoder {
    let file: SourceFile
    private(set) var diagnostics: [Diagnostic] = []
    /// How many of them are errors.
    private(set) var errorCount = 0

    init(file: SourceFile) { self.file = file }

    /// Reports what does not take effect.
    mutating func report(
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        suggestion: String? = nil
    ) {
        errorCount += 1
        add(.error, code, message, at: span, suggestion)
    }

    /// Reports what takes effect, but probably not as meant.
    mutating func warn(
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        suggestion: String? = nil
    ) {
        add(.warning, code, message, at: span, suggestion)
    }

    private mutating func add(
        _ severity: Diagnostic.Severity,
        _ code: Diagnostic.Code,
        _ message: String,
        at span: SourceSpan,
        _ suggestion: String?
    ) {
        diagnostics.append(
            Diagnostic(
                severity,
                code: code,
                message: message,
                span: span,
                file: file,
                suggestion: suggestion
            )
        )
    }

    /// Warns about a key nobody reads; upstream ignores such keys without a word.
    mutating func unknownKey(_ pair: YAMLPair, in owner: String, known: [String]) {
        // Nobody reads the suggestions of thousands, and each is a search.
        let isShown = diagnostics.count <= PolicyLoader.maximumFindings
        warn(
            .unknownKey,
            "unknown key '\(pair.key.value)' in \(owner)",
            at: pair.key.span,
            suggestion: isShown ? Spelling.suggestion(for: pair.key.value, among: known) : nil
        )
    }

    mutating func wrongKind(_ pair: YAMLPair, wanted: String) {
        report(
            .wrongKind,
            "'\(pair.key.value)' must be \(wanted), this is \(pair.value.kindName)",
            at: pair.value.isNull ? pair.key.span : pair.value.span
        )
    }

    /// The text of a scalar.
    mutating func text(_ pair: YAMLPair) -> Located<String>? {
        scalar(pair, wanted: "text").map { Located($0.value, $0.span) }
    }

    /// A scalar that holds an expression.
    mutating func expression(_ pair: YAMLPair) -> ExpressionText? {
        guard let scalar = scalar(pair, wanted: "an expression") else { return nil }
        if let tag = scalar.tag, tag.hasPrefix("!"), scalar.style == .plain {
            report(
                .wrongKind,
                "'!' at the start makes '\(tag)' a YAML tag, not a part of the expression",
                at: scalar.span,
                suggestion: "put the expression in single quotes, or below '>-'"
            )
            return nil
        }
        return ExpressionText(scalar: scalar, file: file)
    }

    mutating func boolean(_ pair: YAMLPair) -> Bool? {
        guard !pair.value.isNull else { return nil }
        if let value = pair.value.scalar?.boolean { return value }
        report(
            .wrongKind,
            "'\(pair.key.value)' must be true or false",
            at: pair.value.span,
            suggestion: pair.value.scalar?.style == .plain ? nil : "write it without quotes"
        )
        return nil
    }

    mutating func integer(_ pair: YAMLPair, in range: ClosedRange<Int64>) -> Int64? {
        guard !pair.value.isNull else { return nil }
        if let value = pair.value.scalar?.integer, range.contains(value) { return value }
        report(
            .wrongKind,
            "'\(pair.key.value)' must be a whole number from \(range.lowerBound) to \(range.upperBound)",
            at: pair.value.span
        )
        return nil
    }

    /// A duration in Go syntax, or nanoseconds; not negative.
    mutating func duration(_ pair: YAMLPair) -> Duration? {
        guard !pair.value.isNull else { return nil }
        if let scalar = pair.value.scalar {
            let value =
                scalar.integer.map { Duration.nanoseconds($0) } ?? GoDuration.parse(scalar.value)
            if let value, value >= .zero { return value }
        }
        report(
            .badDuration,
            "'\(pair.key.value)' must be a duration",
            at: pair.value.span,
            suggestion: "write it like 500ms, 10s, 5m or 1h30m"
        )
        return nil
    }

    /// One of the words of an enumeration.
    mutating func word<Word: CaseIterable & RawRepresentable<String>>(
        _ pair: YAMLPair,
        as type: Word.Type
    ) -> Word? {
        guard let text = text(pair) else { return nil }
        if let word = Word(rawValue: text.value) { return word }
        let words = Word.allCases.map(\.rawValue)
        report(
            .wrongKind,
            "'\(pair.key.value)' must be \(Self.choice(words)), not '\(text.value)'",
            at: text.span,
            suggestion: Spelling.suggestion(for: text.value, among: words)
        )
        return nil
    }

    /// A list of texts; a single text stands for a list of one.
    mutating func texts(_ pair: YAMLPair) -> [Located<String>]? {
        items(pair)?.compactMap { item in
            text(YAMLPair(key: pair.key, value: item))
        }
    }

    /// A list of expressions.
    mutating func expressions(_ pair: YAMLPair) -> [ExpressionText]? {
        items(pair)?.compactMap { item in
            expression(YAMLPair(key: pair.key, value: item))
        }
    }

    /// The items of a list; a single scalar stands for a list of one.
    mutating func items(_ pair: YAMLPair) -> [YAMLNode]? {
        guard !pair.value.isNull else { return nil }
        if let items = pair.value.sequence { return items }
        if pair.value.scalar != nil { return [pair.value] }
        wrongKind(pair, wanted: "a list")
        return nil
    }

    /// The pairs of a mapping; an absent value gives none.
    mutating func pairs(_ pair: YAMLPair) -> [YAMLPair]? {
        guard !pair.value.isNull else { return [] }
        if let pairs = pair.value.mapping { return pairs }
        wrongKind(pair, wanted: "a mapping")
        return nil
    }

    private mutating func scalar(_ pair: YAMLPair, wanted: String) -> YAMLScalar? {
        guard !pair.value.isNull else { return nil }
        if let scalar = pair.value.scalar { return scalar }
        wrongKind(pair, wanted: wanted)
        return nil
    }

    private static func choice(_ words: [String]) -> String {
        guard words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
    }
}
