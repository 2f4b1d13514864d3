// What each construct of the language means, as tables that `eval --stdin` must answer:
// Fixtures/language/*.table. A line is a comment, an event for the lines after it, or the expected
// result (true, false, a diagnostic code, or `error`) and an expression.

import Foundation
import Testing

@Suite struct LanguageTableTests {
    private static let folder = ManualPage.root.appending(path: "Tests/Fixtures/language")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".table") }.sorted()

    /// One line of a table with the event it is about.
    struct Row {
        let number: Int
        let expected: String
        let expression: String
        let event: String

        /// The question as the tool takes it.
        func question() throws -> String {
            let text = try JSONSerialization.data(
                withJSONObject: [expression],
                options: .withoutEscapingSlashes
            )
            let quoted = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
            return "{\"expression\":\(quoted),\"event\":\(event)}\n"
        }

        /// Whether an answer is the expected one.
        func accepts(_ answer: Substring) -> Bool {
            switch expected {
            case "true", "false": answer == "{\"result\":\(expected)}"
            case "error": answer.hasPrefix("{\"error\":")
            default: answer.hasPrefix("{\"error\":") && answer.contains("[\(expected)]")
            }
        }
    }

    private static func rows(_ name: String) throws -> [Row] {
        let bytes = try Data(contentsOf: folder.appending(path: name))
        var event = "{}"
        var rows: [Row] = []
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            let rest = parts[1].drop { $0 == " " }
            if parts[0] == "event" {
                event = String(rest)
            } else {
                rows.append(
                    Row(
                        number: index + 1,
                        expected: String(parts[0]),
                        expression: String(rest),
                        event: event
                    )
                )
            }
        }
        return rows
    }

    @Test func `there are tables`() throws {
        let count = try Self.names.map { try Self.rows($0).count }.reduce(0, +)
        #expect(Self.names.count >= 6 && count >= 400, "\(count)")
    }

    @Test(arguments: names) func `every line of a table holds`(name: String) throws {
        let rows = try Self.rows(name)
        let input = try rows.map { try $0.question() }.joined()
        let finished = try Program.minewarden.run(["eval", "--stdin"], input: input)
        let answers = finished.text.split(separator: "\n")
        try #require(answers.count == rows.count)
        for (row, answer) in zip(rows, answers) where !row.accepts(answer) {
            Issue.record("\(name):\(row.number): \(row.expected) \(row.expression): \(answer)")
        }
    }
}
