// minewarden-rules(5) is the authority on the language, so what it says is tried: its tables are
// those of the sources (UPDATE_GOLDEN=1 rewrites them), and every example does what is said of it.

import Diagnostics
import Foundation
import Policy
import RuleLanguage
import Testing

@Suite struct ManualTests {
    static let examples: [ManualPage.Example] = (try? ManualPage().examples) ?? []

    @Test func `the tables are those of the sources`() throws {
        for (name, content) in [
            ("fields", ManualTables.fields), ("diagnostics", try ManualTables.diagnostics()),
        ] {
            if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
                try ManualPage().rewrite(name, content)
            }
            #expect(Array(try ManualPage().generated(name)) == content)
        }
        #expect(try ManualTables.codes().count > 50)
    }

    @Test func `every code has one meaning`() throws {
        let codes = try ManualTables.codes()
        #expect(Set(codes.map(\.code)).count == codes.count)
        #expect(codes.allSatisfy { !$0.meaning.isEmpty })
    }

    @Test func `every code has a golden file`() throws {
        var shown = ""
        for folder in ["rules", "cli"] {
            let path = ManualPage.root.appending(path: "Tests/Fixtures/\(folder)")
            for name in try FileManager.default.contentsOfDirectory(atPath: path.path)
            where name.hasSuffix(".expected") {
                shown += String(
                    decoding: try Data(contentsOf: path.appending(path: name)),
                    as: UTF8.self
                )
            }
        }
        // Findings about megabytes and about files of the host have tests of their own.
        let others: Set = ["A001", "A002", "P099", "Y002"]
        for code in try ManualTables.codes() where !others.contains(code.code) {
            #expect(shown.contains("[\(code.code)]"), "\(code.code)")
        }
    }

    @Test func `every key is in the manual, and in the policy that uses every key`() throws {
        func text(_ path: String) throws -> String {
            let file = ManualPage.root.appending(path: path)
            return String(decoding: try Data(contentsOf: file), as: UTF8.self)
        }
        let sources = ManualPage.root.appending(path: "Sources/Policy")
        var policyKeys: Set<Substring> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: sources.path)
        where name.hasPrefix("PolicyDecoder") {
            let source = try text("Sources/Policy/\(name)")
            policyKeys.formUnion(source.matches(of: /case "([a-z_]+)"/).map(\.1))
        }
        #expect(policyKeys.count > 45)
        let used =
            try text("Tests/Fixtures/rules/every-key.yaml")
            + text("Tests/Fixtures/rules/every-key.protection")
        let words = Set(used.split { !$0.isLetter && $0 != "_" })
        #expect(policyKeys.subtracting(words).isEmpty)
        let settings = try text("Sources/Policy/AgentSettings.swift")
        let settingsKeys = settings.matches(of: /case "([a-z_]+)"/).map(\.1)
        let plain = try ManualPage().lines.joined(separator: " ").replacing(/\\f[BIR]/, with: " ")
        let manual = Set(plain.split { !$0.isLetter && $0 != "_" })
        #expect(policyKeys.union(settingsKeys).subtracting(manual).isEmpty)
    }

    @Test func `what is said of prefixes is true`() {
        func suffixes(_ prefix: String) -> Set<String> {
            Set(
                FieldSchema.fields.map(\.name).filter { $0.hasPrefix(prefix) }.map {
                    String($0.dropFirst(prefix.count))
                }
            )
        }
        let exec = suffixes("exec.").subtracting(["syscall.path"])
        let process = suffixes("process.").filter {
            !$0.hasPrefix("parent.") && !$0.hasPrefix("ancestors.")
        }
        #expect(process == exec)
        #expect(suffixes("process.parent.") == exec)
        #expect(suffixes("process.ancestors.") == exec)
        let prefixes = ["exec.", "process.", "container.", "cgroup.", "event."]
        for field in FieldSchema.fields {
            #expect(prefixes.contains { field.name.hasPrefix($0) }, "\(field.name)")
        }
    }

    @Test(.enabled(if: access("/usr/bin/man", X_OK) == 0, "needs man-db"))
    func `the manual reader has nothing to complain about`() throws {
        let man = Program(path: "/usr/bin/man")
        let shown = try man.run(["--warnings", "-E", "UTF-8", "-l", ManualPage.file.path])
        #expect(shown.status == 0 && shown.errorText.isEmpty, "\(shown.errorText)")
        #expect(shown.text.contains("exec.file.path") && shown.text.contains("R012"))
    }

    @Test func `there are examples of every kind`() {
        #expect(Self.examples.count >= 15)
        let kinds: Set = [
            "policy", "policy-with", "expressions", "true", "false", "protection", "settings",
            "session",
        ]
        #expect(Set(Self.examples.map(\.kind)) == kinds)
    }

    @Test(arguments: examples) func `an example does what is said`(example: ManualPage.Example)
        throws
    {
        switch example.kind {
        case "policy": #expect(codes(policy: example.text) == [])
        case "policy-with": #expect(codes(policy: example.text) == example.words)
        case "expressions":
            for line in example.lines {
                let found = Compiler().compile(line).1.map(\.code.name)
                #expect(found == example.words, "\(line): \(found)")
            }
        case "true", "false":
            let event = try event(example.words)
            for line in example.lines {
                let (compiled, found) = Compiler().compile(line, purpose: .filter)
                #expect(found.allSatisfy { $0.severity == .warning }, "\(line): \(found)")
                #expect(compiled?.evaluate(event) == (example.kind == "true"), "\(line)")
            }
        case "protection":
            let first = try #require(policy(example.words[0]))
            #expect(codes(policy: first, protection: example.text) == [])
        case "settings":
            let source = PolicySource(name: "minewarden.yaml", bytes: Array(example.text.utf8))
            let (settings, found) = AgentSettings.read(source)
            #expect(found.isEmpty && settings == AgentSettings())
        case "session": try session(example)
        default: Issue.record("nobody knows how to try this example")
        }
    }

    private func policy(_ name: String) -> String? {
        Self.examples.first { $0.kind == "policy" && $0.words == [name] }?.text
    }

    private func codes(policy: String, protection: String? = nil) -> [String] {
        var options = LoadOptions()
        options.host.kernelVersion = ReleaseVersion(6, 1, 0)
        return PolicyLoader.load(
            sources: [PolicySource(name: "example.yaml", bytes: Array(policy.utf8))],
            protection: protection.map {
                PolicySource(name: "protection.yaml", bytes: Array($0.utf8))
            },
            options: options
        ).diagnostics.map(\.code.name)
    }

    /// An event of words like `exec.argv=a,b`; ancestors are `comm/uid`.
    private func event(_ words: [String]) throws -> EventDescription {
        var values: [String: EventDescription.Value] = [:]
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            let items = pair[1].split(separator: ",").map(String.init)
            switch FieldSchema.field(named: pair[0])?.type {
            case .strings?: values[pair[0]] = .texts(items)
            case .string?: values[pair[0]] = .text(pair[1])
            default:
                values[pair[0]] = .records(
                    items.map { item in
                        let parts = item.split(separator: "/")
                        return [
                            "comm": .text(String(parts[0])), "uid": .integer(Int64(parts[1]) ?? -1),
                        ]
                    }
                )
            }
        }
        return try EventDescription(values)
    }

    /// Runs the command of the first line beside the policy and compares what it prints.
    private func session(_ example: ManualPage.Example) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = example.words[0]
        let text = try #require(policy(name))
        try Data(text.utf8).write(to: folder.appending(path: "\(name).yaml"))
        let all = example.text.split(separator: "\n", maxSplits: 1).map(String.init)
        let words = all[0].split(separator: " ").map(String.init)
        #expect(words.prefix(2) == ["$", "minewarden"])
        var program = Program.minewarden
        program.directory = folder.path
        #expect(try program.run(Array(words.dropFirst(2))).text == all[1])
    }
}
