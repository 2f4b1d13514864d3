// The examples of the README are loaded as they are printed there.

import Foundation
import Policy
import Testing

@Suite struct ReadmeTests {
    /// The fenced blocks of a language.
    private func blocks(_ language: String) throws -> [String] {
        let file = ManualPage.root.appending(path: "README.md")
        var result: [String] = []
        var block: String?
        var isOther = false
        for line in String(decoding: try Data(contentsOf: file), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        {
            if line == "```", let text = block {
                result.append(text)
                block = nil
            } else if line == "```", isOther {
                isOther = false
            } else if line == "```\(language)" {
                block = ""
            } else if line.hasPrefix("```") {
                isOther = true
            } else {
                block? += line + "\n"
            }
        }
        return result
    }

    @Test func `the rule and its protection load together`() throws {
        let blocks = try blocks("yaml")
        let policies = blocks.filter { $0.hasPrefix("rules:") && $0.contains("expression:") }
        let protections = blocks.filter { $0.hasPrefix("active_protection:") }
        #expect(policies.count + protections.count == blocks.count && blocks.count >= 2)
        let result = PolicyLoader.load(
            sources: policies.enumerated().map {
                PolicySource(name: "\($0.offset).yaml", bytes: Array($0.element.utf8))
            },
            protection: PolicySource(name: "protection.yaml", bytes: Array(protections[0].utf8))
        )
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(result.ruleSet.isActiveProtectionOn)
        #expect(result.ruleSet.rules.contains { $0.protection == .blocking })
    }

    @Test func `what is tried on the first rule does what is said`() throws {
        let rule = try #require(try blocks("yaml").first { $0.contains("expression:") })
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "minewarden-readme-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(rule.utf8).write(to: folder.appending(path: "our-pools.yaml"))
        var program = Program.minewarden
        program.directory = folder.path
        let commands = try blocks("sh").joined().split(separator: "\n").filter {
            $0.hasPrefix("minewarden check ") || $0.hasPrefix("minewarden explain ")
        }
        #expect(commands.count >= 2)
        for command in commands {
            let finished = try program.run(
                command.split(separator: " ").dropFirst().map(String.init)
            )
            #expect(finished.status == 0, "\(command)\n\(finished.errorText)")
            let isAnswered =
                command.contains(" check ")
                ? finished.errorText.contains("1 rule file checked")
                : finished.text.contains("our_pools: denied")
            #expect(isAnswered, "\(command)\n\(finished.text)\(finished.errorText)")
        }
    }
}
