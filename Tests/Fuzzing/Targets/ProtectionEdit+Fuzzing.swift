// Editing protection.yaml as anybody may have written it: a change is made as it is meant, or not at
// all, and what is not meant stays.

import Policy

extension ProtectionEdit {
    /// Tries the input of `FuzzTarget.protection`.
    static func tryEditing(_ input: [UInt8]) {
        guard let first = input.first, let end = input.firstIndex(of: 0) else { return }
        let name = String(decoding: input[..<end].dropFirst(), as: UTF8.self)
        let edit = ProtectionEdit(digit: first, name: name)
        let text = Array(input[(end + 1)...])
        // What it then says was compared with what is meant.
        guard let once = try? edit.applied(to: source(text)) else { return }
        let twice = try? edit.applied(to: source(once))
        precondition(twice == once, "the same change once more is none")
        if !edit.replacesScope { precondition(keepsComments(of: text, in: once)) }
    }

    private init(digit: UInt8, name: String) {
        self =
            switch digit % 8 {
            case 0: .activate(true)
            case 1: .activate(false)
            case 2: .set(rule: "r", .monitoring, .unchanged)
            case 3: .set(rule: "r", .blocking, .everywhere)
            case 4: .set(rule: "r", .blocking, .custom(services: [name], tags: []))
            case 5: .set(rule: "r", .blocking, .custom(services: [], tags: ["a:" + name]))
            case 6: .set(rule: "r", .disabled, .unchanged)
            default: .set(rule: "r", .blocking, .custom(services: ["a", name], tags: ["b:c"]))
            }
    }

    private var replacesScope: Bool {
        if case .set(_, _, let scope) = self { scope != .unchanged } else { false }
    }

    private static func source(_ bytes: [UInt8]) -> PolicySource {
        PolicySource(name: "protection.yaml", bytes: bytes)
    }

    /// Whether the lines that are comments are all there, in the same order.
    ///
    /// Where braces and quotes are, a line that looks like one may be a part of something else.
    private static func keepsComments(of before: [UInt8], in after: [UInt8]) -> Bool {
        guard !before.contains(where: { Array("{[\"'|>".utf8).contains($0) }) else { return true }
        var lines = comments(after)[...]
        return comments(before).allSatisfy { comment in
            guard let place = lines.firstIndex(of: comment) else { return false }
            lines = lines[(place + 1)...]
            return true
        }
    }

    private static func comments(_ text: [UInt8]) -> [[UInt8]] {
        text.split(separator: 0x0A).map { line in
            // What ends the last line may become what ends the others.
            let line = line.drop { $0 == 0x20 }
            return Array(line.last == 0x0D ? line.dropLast() : line)
        }
        .filter { $0.first == UInt8(ascii: "#") }
    }
}
