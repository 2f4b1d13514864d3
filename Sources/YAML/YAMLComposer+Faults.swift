// libyaml's complaints as diagnostics: its words, our places, and the advice for the mistakes
// people make when they put rule expressions into YAML.

import Diagnostics

extension YAMLComposer {
    /// The diagnostic of a fault.
    func diagnostic(of fault: YAMLFault, _ offsets: CharacterOffsets) -> Diagnostic {
        let start = offsets.offset(ofCharacter: fault.problemStart)
        let span = SourceSpan(start: start, end: min(start + 1, file.bytes.count))
        var message = fault.problem
        if let context = fault.context { message += " " + context }
        var suggestion = Self.advice[fault.problem]
        if start < file.bytes.count, file.bytes[start] == UInt8(ascii: "\t") {
            message = "a tab cannot indent YAML"
            suggestion = "use spaces"
        }
        var result = Diagnostic(
            .error,
            code: .yamlSyntax,
            message: message,
            span: span,
            file: file,
            suggestion: suggestion
        )
        let context = offsets.offset(ofCharacter: fault.contextStart)
        if fault.context != nil, context < start {
            let contextSpan = SourceSpan(start: context, end: min(context + 1, file.bytes.count))
            result.notes.append(.init("it starts here", span: contextSpan))
        }
        return result
    }

    private static let quoting =
        "a value with quotes, ':', '#', '!' or '*' in it is safe in a block: 'expression: >-' and the text on indented lines below"

    private static let advice = [
        "did not find expected key": quoting,
        "mapping values are not allowed in this context": quoting,
        "found character that cannot start any token": quoting,
        "did not find expected alphabetic or numeric character": quoting,
        "could not find expected ':'": "check the indentation, and the quotes of the lines before",
        "found unexpected end of stream": "a quote is not closed",
        "did not find expected '-' indicator": "items of one list must be indented alike",
    ]
}
