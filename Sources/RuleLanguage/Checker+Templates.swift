// Strings with `${variable}` and `%{field}` in them.

internal import Diagnostics

extension Checker {
    /// The pieces of a plain string; nil if it has no `${}` or `%{}`.
    ///
    /// A `${` without its end is text; the first `$` of `$${x}` is too.
    mutating func template(_ literal: Literal, _ span: SourceSpan) -> [TemplatePart]? {
        guard literal.kind == .string else { return nil }
        let bytes = literal.bytes
        var parts: [TemplatePart] = []
        var text: [UInt8] = []
        var position = 0
        var isTemplate = false
        while position < bytes.count {
            guard let end = Self.referenceEnd(bytes, position) else {
                text.append(bytes[position])
                position += 1
                continue
            }
            isTemplate = true
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            let name = String(decoding: bytes[position + 2..<end - 1], as: UTF8.self)
            let isVariable = bytes[position] == UInt8(ascii: "$")
            if let part = part(name, isVariable: isVariable, span) { parts.append(part) }
            position = end
        }
        if !text.isEmpty { parts.append(.text(text)) }
        return isTemplate ? parts : nil
    }

    /// The offset after the `}` of a reference that starts at an offset; nil if none starts there.
    private static func referenceEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard start + 3 < bytes.count, bytes[start + 1] == UInt8(ascii: "{"),
            bytes[start] == UInt8(ascii: "$") || bytes[start] == UInt8(ascii: "%")
        else { return nil }
        var end = start + 2
        while end < bytes.count, bytes[end].isNameByte || ".[]".utf8.contains(bytes[end]) {
            end += 1
        }
        return end < bytes.count && end > start + 2 && bytes[end] == UInt8(ascii: "}")
            ? end + 1 : nil
    }

    private mutating func part(
        _ name: String,
        isVariable: Bool,
        _ span: SourceSpan
    ) -> TemplatePart? {
        let value = isVariable ? variable(name, span) : field(name, span)
        switch value {
        case nil: return nil
        case .integer(.value(.variable(let name)), _)?: return .variable(name)
        case .integer(.variable(let name), _)?: return .variable(name)
        case .integer(let numbers, _)?: return .integers(numbers)
        case .string(.field(let reference), _)?: return .string(reference)
        case .string(.variable(let name), _)?: return .variable(name)
        case let other?:
            report(.badInterpolation, "\(other.typeName) cannot stand in a string", span)
            return nil
        }
    }
}
