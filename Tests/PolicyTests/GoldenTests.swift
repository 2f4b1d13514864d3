// Every diagnostic as people see it: Fixtures/rules/NAME.yaml loaded as a custom policy, together
// with NAME.protection if there is one, must give NAME.expected. UPDATE_GOLDEN=1 rewrites them.

import Diagnostics
import Foundation
import Policy
import Testing

@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/rules")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    @Test func `there are fixtures`() { #expect(Self.names.count > 20) }

    @Test(arguments: names) func `explains what is wrong`(name: String) throws {
        let policy = try Data(contentsOf: Self.folder.appending(path: name + ".yaml"))
        let protection = try? Data(contentsOf: Self.folder.appending(path: name + ".protection"))
        var options = LoadOptions()
        options.host.kernelVersion = ReleaseVersion(6, 1, 0)
        let result = PolicyLoader.load(
            sources: [PolicySource(name: name + ".yaml", bytes: Array(policy))],
            protection: protection.map {
                PolicySource(name: name + ".protection", bytes: Array($0))
            },
            options: options
        )
        let renderer = DiagnosticRenderer()
        var text = result.diagnostics.map { renderer.text(of: $0) }.joined()
        for policy in result.ruleSet.policies {
            text += "-- \(policy.name): \(policy.state.rawValue)"
            text += policy.message.map { " (\($0))\n" } ?? "\n"
            for rule in policy.rules {
                text += "-- rule '\(rule.id)': \(rule.state.rawValue)"
                text += rule.message.map { " (\($0))\n" } ?? "\n"
            }
        }
        let expected = Self.folder.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: expected)
        }
        #expect(text == String(decoding: try Data(contentsOf: expected), as: UTF8.self))
    }
}
