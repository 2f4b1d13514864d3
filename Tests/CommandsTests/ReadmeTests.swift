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
        for line in String(decoding: try Data(contentsOf: file), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        {
            if line == "```\(language)" {
                block = ""
            } else if line == "```", let text = block {
                result.append(text)
                block = nil
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
}
