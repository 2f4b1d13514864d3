// The one file that touches libyaml: its parser events as Swift values.
// Owns the parser and its memory; decides nothing about what the events mean.
// A parser lives inside one call, so no pointer outlives the text it reads.

import CYAML

/// One event of a YAML text; places are character indexes.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case scalar(value: String, style: YAMLScalar.Style)
        case alias
    }

    var kind: Kind
    /// The anchor of a value, or the name an alias refers to.
    var anchor: String?
    var tag: String?
    /// Whether a collection is written in brackets or braces.
    var isFlow = false
    var start: Int
    var end: Int
}

/// Why libyaml stopped; places are character indexes.
struct YAMLFault: Error {
    /// In libyaml's words, like "did not find expected key".
    var problem: String
    var problemStart: Int
    /// Like "while parsing a block mapping".
    var context: String?
    var contextStart: Int
    /// The allocator refused.
    var isOutOfMemory = false
}

/// Reads a text event by event.
enum YAMLEvents {
    /// Hands each event of the text from `offset` on to `body`, until it returns false.
    ///
    /// - Throws: `YAMLFault` where the text is not YAML.
    static func read(
        _ bytes: [UInt8],
        from offset: Int,
        _ body: (YAMLEvent) -> Bool
    ) throws(YAMLFault) {
        var parser = unsafe yaml_parser_t()
        guard unsafe yaml_parser_initialize(&parser) == 1 else {
            throw YAMLFault(
                problem: "out of memory",
                problemStart: 0,
                contextStart: 0,
                isOutOfMemory: true
            )
        }
        defer { unsafe yaml_parser_delete(&parser) }
        unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        let fault: YAMLFault? = unsafe bytes.withUnsafeBufferPointer { buffer in
            let text = unsafe UnsafeBufferPointer(rebasing: buffer[offset...])
            unsafe yaml_parser_set_input_string(&parser, text.baseAddress, text.count)
            return unsafe run(&parser, body)
        }
        if let fault { throw fault }
    }

    /// Runs the parser to its end; the input must stay alive meanwhile.
    private static func run(
        _ parser: UnsafeMutablePointer<yaml_parser_t>,
        _ body: (YAMLEvent) -> Bool
    ) -> YAMLFault? {
        while true {
            var raw = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &raw) == 1 else {
                return unsafe fault(of: parser.pointee)
            }
            defer { unsafe yaml_event_delete(&raw) }
            if unsafe raw.type == YAML_STREAM_END_EVENT { return nil }
            if let event = unsafe event(from: raw), !body(event) { return nil }
        }
    }

    private static func event(from raw: yaml_event_t) -> YAMLEvent? {
        let start = unsafe Int(raw.start_mark.index)
        let end = unsafe Int(raw.end_mark.index)
        func made(
            _ kind: YAMLEvent.Kind,
            _ anchor: UnsafePointer<UInt8>? = nil,
            _ tag: UnsafePointer<UInt8>? = nil
        ) -> YAMLEvent {
            unsafe YAMLEvent(
                kind: kind,
                anchor: text(anchor),
                tag: text(tag),
                start: start,
                end: end
            )
        }
        switch unsafe raw.type {
        case YAML_DOCUMENT_START_EVENT: return made(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return made(.documentEnd)
        case YAML_SEQUENCE_END_EVENT: return made(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: return made(.mappingEnd)
        case YAML_ALIAS_EVENT: return unsafe made(.alias, raw.data.alias.anchor)
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe raw.data.sequence_start
            var event = unsafe made(.sequenceStart, data.anchor, data.tag)
            event.isFlow = unsafe data.style == YAML_FLOW_SEQUENCE_STYLE
            return event
        case YAML_MAPPING_START_EVENT:
            let data = unsafe raw.data.mapping_start
            var event = unsafe made(.mappingStart, data.anchor, data.tag)
            event.isFlow = unsafe data.style == YAML_FLOW_MAPPING_STYLE
            return event
        case YAML_SCALAR_EVENT:
            let data = unsafe raw.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
            let value = unsafe String(decoding: bytes, as: UTF8.self)
            return unsafe made(
                .scalar(value: value, style: style(data.style)),
                data.anchor,
                data.tag
            )
        default: return nil
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func fault(of parser: yaml_parser_t) -> YAMLFault {
        let isReader = unsafe parser.error == YAML_READER_ERROR
        return unsafe YAMLFault(
            problem: text(parser.problem) ?? "the text is not YAML",
            problemStart: Int(isReader ? parser.mark.index : parser.problem_mark.index),
            context: text(parser.context),
            contextStart: Int(parser.context_mark.index),
            isOutOfMemory: parser.error == YAML_MEMORY_ERROR
        )
    }

    private static func text(_ pointer: UnsafePointer<UInt8>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }
}
