// Reads minewarden-rules(5): its examples, and the parts that are made from the sources.

import Foundation
import Testing

/// The manual page as it is in the repository.
struct ManualPage {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let file = root.appending(path: "packaging/man/minewarden-rules.5")

    var lines: [String]

    init(_ file: URL = Self.file) throws {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// One example: what to do with it, and its text without roff.
    struct Example: CustomTestStringConvertible {
        let line: Int
        /// The first word after `example:`.
        let kind: String
        let words: [String]
        let text: String

        var testDescription: String { "line \(line): \(kind) \(words.joined(separator: " "))" }
        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    /// The examples in order.
    var examples: [Example] {
        var result: [Example] = []
        var label: [String] = []
        var text: String?
        for (number, line) in lines.enumerated() {
            if line.hasPrefix(".\\\" example: ") {
                label = line.dropFirst(".\\\" example: ".count).split(separator: " ").map(
                    String.init
                )
            } else if line == ".EX" {
                text = ""
            } else if line == ".EE" {
                result.append(
                    Example(
                        line: number + 1,
                        kind: label.first ?? "",
                        words: Array(label.dropFirst()),
                        text: text ?? ""
                    )
                )
                (label, text) = ([], nil)
            } else if text != nil {
                text? += Self.plain(line) + "\n"
            }
        }
        return result
    }

    /// The text of a line of an example.
    private static func plain(_ line: String) -> String {
        var text = line.replacing("\\&", with: "")
        for (escape, character) in [
            ("\\-", "-"), ("\\(ti", "~"), ("\\(ha", "^"), ("\\(aq", "'"), ("\\(ga", "`"),
            ("\\(dq", "\""), ("\\e", "\\"),
        ] { text = text.replacing(escape, with: character) }
        return text
    }

    /// The lines between the marks of a generated part.
    func generated(_ name: String) -> ArraySlice<String> {
        guard let start = lines.firstIndex(of: ".\\\" begin generated: \(name)"),
            let end = lines.firstIndex(of: ".\\\" end generated: \(name)"), start < end
        else { return [] }
        return lines[(start + 1)..<end]
    }

    /// Replaces a generated part in the file.
    func rewrite(_ name: String, _ content: [String]) throws {
        let old = generated(name)
        var lines = lines
        let start = lines.firstIndex(of: ".\\\" begin generated: \(name)").map { $0 + 1 } ?? 0
        lines.replaceSubrange(start..<(start + old.count), with: content)
        try Data(lines.joined(separator: "\n").utf8).write(to: Self.file)
    }
}
