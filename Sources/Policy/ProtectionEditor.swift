// The places in the text of `protection.yaml` where a change goes. Works on offsets of the parsed
// tree; makes one change per value.

import Diagnostics
import YAML

/// Changes one text.
struct ProtectionEditor {
    private let bytes: [UInt8]
    private let root: YAMLNode?
    private let newline: String
    private var edits: [(range: Range<Int>, text: String)] = []

    init(bytes: [UInt8], root: YAMLNode?) {
        self.bytes = bytes
        self.root = root.flatMap { $0.isNull ? nil : $0 }
        let first = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        newline = first > 0 && bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
    }

    /// The text with the changes made.
    var result: [UInt8] {
        var result = bytes
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            result.replaceSubrange(edit.range, with: edit.text.utf8)
        }
        return result
    }

    // MARK: - Changes

    /// Sets the switch of the host.
    mutating func setSwitch(_ isOn: Bool) throws(ProtectionEditFailure) {
        let text = isOn ? "true" : "false"
        if let value = root?["active_protection"] { return replace(value, with: text) }
        let line = "active_protection: \(text)"
        guard let first = try blockKeys(of: root).first else { return append([line]) }
        insert([line], at: lineStart(first.key.span.start), indent: column(first.key.span.start))
    }

    /// Sets the protection of a rule; `whole` is the scope it has afterwards.
    mutating func set(
        _ rule: String,
        _ protection: Protection,
        _ scope: ProtectionEdit.Scope,
        whole: BlockingScope?
    ) throws(ProtectionEditFailure) {
        let keys = try blockKeys(of: root)
        let entry = ["\(rule):"] + Self.lines(protection, whole).map { "  " + $0 }
        guard let rules = keys.first(where: { $0.key.value == "rules" }) else {
            let indent = keys.first.map { column($0.key.span.start) } ?? 0
            return append((["rules:"] + entry.map { "  " + $0 }).map { spaces(indent) + $0 })
        }
        let inner = column(rules.key.span.start) + 2
        guard let pairs = rules.value.mapping, !pairs.isEmpty else {
            // Nothing, or `{}`.
            if !rules.value.span.isEmpty { edit(rules.value.span, "") }
            return insert(entry, at: lineEnd(rules.value.span.end), indent: inner)
        }
        let flow = "{" + Self.flow(protection, whole) + "}"
        guard let pair = pairs.first(where: { $0.key.value == rule }) else {
            if isFlow(rules.value) {
                let end = rules.value.span.end - 1
                return edit(SourceSpan(start: end, end: end), ", \(rule): \(flow)")
            }
            let last = pairs[pairs.count - 1]
            return insert(
                entry,
                at: lineEnd(contentEnd(last)),
                indent: column(pairs[0].key.span.start)
            )
        }
        if isFlow(rules.value) || isFlow(pair.value) { return edit(pair.value.span, flow) }
        guard let settings = pair.value.mapping else {
            return setWord(pair, protection, scope, whole)
        }
        change(settings, protection, scope, whole)
    }

    /// A rule whose entry is a bare word, or nothing.
    private mutating func setWord(
        _ pair: YAMLPair,
        _ protection: Protection,
        _ scope: ProtectionEdit.Scope,
        _ whole: BlockingScope?
    ) {
        guard case .custom = scope else { return replace(pair.value, with: protection.rawValue) }
        let indent = spaces(column(pair.key.span.start) + 2)
        let lines = Self.lines(protection, whole).map { newline + indent + $0 }
        edit(SourceSpan(start: pair.key.span.end, end: pair.value.span.end), ":" + lines.joined())
    }

    /// A rule whose entry is a mapping of one key per line.
    private mutating func change(
        _ settings: [YAMLPair],
        _ protection: Protection,
        _ scope: ProtectionEdit.Scope,
        _ whole: BlockingScope?
    ) {
        let first = settings[0].key.span.start
        let indent = column(first)
        let word = settings.first { $0.key.value == "protection" }
        var added: [String] = []
        if let word {
            replace(word.value, with: protection.rawValue)
        } else {
            added = ["protection: \(protection.rawValue)"]
        }
        let lines = whole.map(Self.whereLines) ?? []
        let existing = settings.first { $0.key.value == "where" }
        if scope != .unchanged {
            if let existing {
                rescope(existing, whole)
            } else if let word {
                insert(lines, at: lineEnd(contentEnd(word)), indent: indent)
            } else {
                added += lines
            }
        }
        insert(added, at: lineStart(first), indent: indent)
    }

    /// Changes the lists of a scope, and leaves the lines in between.
    private mutating func rescope(_ existing: YAMLPair, _ whole: BlockingScope?) {
        guard let whole else { return remove(existing) }
        let lists = Self.lists(of: whole)
        guard let pairs = existing.value.mapping, !pairs.isEmpty, !isFlow(existing.value) else {
            let text = "{\(lists.joined(separator: ", "))}"
            return replace(existing.value, with: text)
        }
        let indent = column(pairs[0].key.span.start)
        var added: [String] = []
        for (name, values) in Self.members(of: whole) {
            let list = Self.list(values)
            guard let pair = pairs.first(where: { $0.key.value == name }) else {
                if !values.isEmpty { added.append("\(name): \(list)") }
                continue
            }
            if values.isEmpty {
                remove(pair)
            } else if (pair.value.sequence ?? [pair.value]).map(\.string) != values {
                replace(pair.value, with: values)
            }
        }
        insert(added, at: lineEnd(contentEnd(pairs[pairs.count - 1])), indent: indent)
    }

    /// Puts a list in the place of a list, one item per line where it was so.
    private mutating func replace(_ value: YAMLNode, with values: [String]) {
        guard value.sequence != nil, !isBracketed(value) else {
            return replace(value, with: Self.list(values))
        }
        let start = value.span.start
        let separator = newline + spaces(column(start))
        let items = values.map { "- " + Self.quoted($0) }.joined(separator: separator)
        edit(SourceSpan(start: start, end: contentEnd(value)), items)
    }

    /// Takes the lines of a pair away.
    private mutating func remove(_ pair: YAMLPair) {
        let lines = lineStart(pair.key.span.start)..<lineEnd(contentEnd(pair))
        edits.append((lines, ""))
    }

    // MARK: - Texts

    private static func lines(_ protection: Protection, _ scope: BlockingScope?) -> [String] {
        ["protection: \(protection.rawValue)"] + (scope.map(whereLines) ?? [])
    }

    private static func whereLines(_ scope: BlockingScope) -> [String] {
        ["where:"] + lists(of: scope).map { "  " + $0 }
    }

    private static func members(of scope: BlockingScope) -> [(name: String, values: [String])] {
        [("services", scope.services), ("tags", scope.tags)]
    }

    private static func lists(of scope: BlockingScope) -> [String] {
        members(of: scope).filter { !$0.values.isEmpty }.map { "\($0.name): \(list($0.values))" }
    }

    private static func list(_ values: [String]) -> String {
        "[\(values.map(quoted).joined(separator: ", "))]"
    }

    private static func flow(_ protection: Protection, _ scope: BlockingScope?) -> String {
        let place = scope.map { ", where: {\(lists(of: $0).joined(separator: ", "))}" } ?? ""
        return "protection: \(protection.rawValue)\(place)"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    // MARK: - Edits

    private mutating func edit(_ span: SourceSpan, _ text: String) {
        edits.append((span.start..<span.end, text))
    }

    /// Puts a word in the place of a value, also where there is none yet.
    private mutating func replace(_ value: YAMLNode, with word: String) {
        guard value.span.isEmpty else { return edit(value.span, word) }
        // In braces a key may stand alone.
        let before = bytes[..<value.span.start].last { $0 != UInt8(ascii: " ") }
        edit(value.span, (before == UInt8(ascii: ":") ? " " : ": ") + word)
    }

    /// Puts whole lines at the start of a line, or at the end of the text.
    private mutating func insert(_ lines: [String], at offset: Int, indent: Int) {
        guard !lines.isEmpty else { return }
        let text = lines.map { spaces(indent) + $0 + newline }.joined()
        let isOpen = offset == bytes.count && offset > 0 && bytes[offset - 1] != 0x0A
        edits.append((offset..<offset, (isOpen ? newline : "") + text))
    }

    private mutating func append(_ lines: [String]) { insert(lines, at: bytes.count, indent: 0) }

    // MARK: - Places

    /// The pairs of a mapping of one key per line; none if there is nothing.
    private func blockKeys(of node: YAMLNode?) throws(ProtectionEditFailure) -> [YAMLPair] {
        guard let node else { return [] }
        guard let pairs = node.mapping, !isFlow(node) else {
            throw ProtectionEditFailure(
                "the file is written in braces, which cannot be changed in place:"
                    + " write one key per line"
            )
        }
        return pairs
    }

    private func isFlow(_ node: YAMLNode) -> Bool {
        node.scalar == nil && node.span.start < bytes.count
            && bytes[node.span.start] == UInt8(ascii: "{")
    }

    /// Where the last value of a pair ends: a block's own span may reach to the next key.
    private func contentEnd(_ pair: YAMLPair) -> Int {
        max(pair.key.span.end, contentEnd(pair.value))
    }

    private func contentEnd(_ node: YAMLNode) -> Int {
        switch node.content {
        case .scalar(let scalar): return scalar.span.end
        case .sequence(let items):
            if isBracketed(node) { return node.span.end }
            return items.map { contentEnd($0) }.max() ?? node.span.end
        case .mapping(let pairs):
            if isBracketed(node) { return node.span.end }
            return pairs.map { contentEnd($0) }.max() ?? node.span.end
        }
    }

    private func isBracketed(_ node: YAMLNode) -> Bool {
        guard node.span.start < bytes.count else { return false }
        return bytes[node.span.start] == UInt8(ascii: "[")
            || bytes[node.span.start] == UInt8(ascii: "{")
    }

    private func lineStart(_ offset: Int) -> Int {
        var start = offset
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        return start
    }

    /// Just after the next newline.
    private func lineEnd(_ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        return min(end + 1, bytes.count)
    }

    private func column(_ offset: Int) -> Int { offset - lineStart(offset) }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension SourceSpan {
    fileprivate var isEmpty: Bool { end <= start }
}
