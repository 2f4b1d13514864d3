// The tables of minewarden-rules(5) that follow from the sources.

import Foundation
import RuleLanguage

enum ManualTables {
    /// Text as roff has it.
    private static func roff(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("~", with: "\\(ti")
            .replacing("^", with: "\\(ha")
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        let columns = head.dropLast().map { _ in "l" }.joined(separator: " ")
        var lines = [".TS", "\(columns) lx."]
        lines.append(head.map { "\\fI\($0)\\fR" }.joined(separator: "\t"))
        for row in rows {
            lines.append((row.dropLast() + ["T{"]).joined(separator: "\t"))
            lines.append(row.last ?? "")
            lines.append("T}")
        }
        return lines + [".TE"]
    }

    private static func row(_ field: FieldDescription) -> [String] {
        var type =
            switch field.type {
            case .boolean: "boolean"
            case .integer: "integer"
            case .string: "string"
            case .strings: "list"
            }
        if field.wildcards == .glob { type = "glob" }
        return ["\\fB\(roff(field.name))\\fR", type, roff(field.summary)]
    }

    /// The fields by prefix; those of processes once, under `exec.`.
    static var fields: [String] {
        let groups = [
            ("Of the program", "exec."), ("Of its container", "container."),
            ("Of its control group", "cgroup."), ("Of the event", "event."),
        ]
        return groups.flatMap { title, prefix in
            let rows = FieldSchema.fields.filter { $0.name.hasPrefix(prefix) }.map(row)
            return [".SS \(title)"] + table(["field", "type", "meaning"], rows)
        }
    }

    /// A stable code and what it stands for.
    struct CodeLine: Hashable {
        let code: String
        let meaning: String
    }

    /// Every code that the sources declare, with the summary that stands above it.
    static func codes() throws -> [CodeLine] {
        var result: [CodeLine] = []
        let sources = ManualPage.root.appending(path: "Sources")
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        where path.hasSuffix(".swift") {
            let text = String(
                decoding: try Data(contentsOf: sources.appending(path: path)),
                as: UTF8.self
            )
            var above = ""
            for line in text.split(separator: "\n") {
                let trimmed = line.drop { $0 == " " }
                if trimmed.hasPrefix("package static let "),
                    let code = code(trimmed, after: "Self(")
                {
                    result.append(CodeLine(code: code, meaning: above))
                }
                above = trimmed.hasPrefix("/// ") ? String(trimmed.dropFirst(4)) : ""
            }
        }
        return Set(result).sorted { $0.code < $1.code }
    }

    /// A letter and three digits in quotes behind a mark.
    private static func code(_ line: Substring, after mark: String) -> String? {
        guard let range = line.firstRange(of: mark + "\"") else { return nil }
        let code = line[range.upperBound...].prefix { $0 != "\"" }
        let isCode = code.count == 4 && code.dropFirst().allSatisfy(\.isWholeNumber)
        return isCode && code.first?.isUppercase == true ? String(code) : nil
    }

    /// The codes: R is the language, P policies and settings, Y YAML, A the agent.
    static func diagnostics() throws -> [String] {
        table(["code", "meaning"], try codes().map { ["\\fB\($0.code)\\fR", roff($0.meaning)] })
    }
}
