// What the package brings for people to read and to edit: it says what is true, and loads.

import Foundation
import Policy
import Testing

@Suite struct PackagedFilesTests {
    private func source(_ path: String) throws -> PolicySource {
        let file = ManualPage.root.appending(path: path)
        return PolicySource(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
    }

    private func example(_ page: String) throws -> PolicySource {
        let page = try ManualPage(ManualPage.root.appending(path: "packaging/man/\(page)"))
        let example = try #require(page.examples.first)
        #expect(page.examples.count == 1)
        return PolicySource(name: "example.yaml", bytes: Array(example.text.utf8))
    }

    private func load(_ protection: PolicySource) throws -> LoadResult {
        let directory = ManualPage.root.appending(path: "rules").path
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        return PolicyLoader.load(
            sources: try names.filter { $0.hasSuffix(".yaml") }.map { try source("rules/\($0)") },
            protection: protection
        )
    }

    @Test func `the example of protection.yaml(5) blocks what it says`() throws {
        let result = try load(example("protection.yaml.5"))
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(result.ruleSet.isActiveProtectionOn)
        let rules = Dictionary(uniqueKeysWithValues: result.ruleSet.rules.map { ($0.id, $0) })
        #expect(rules["cryptominer_args"]?.protection == .blocking)
        #expect(rules["cryptominer_pool_uri"]?.protection == .blocking)
    }

    @Test func `the example of minewarden.yaml(5) shows every default`() throws {
        let (settings, found) = AgentSettings.read(try example("minewarden.yaml.5"))
        #expect(found.isEmpty && settings == AgentSettings(), "\(found)")
    }

    @Test func `settings as installed are the defaults, and so are those behind a #`() throws {
        let installed = try source("packaging/config/minewarden.yaml")
        let (settings, found) = AgentSettings.read(installed)
        #expect(found.isEmpty && settings == AgentSettings(), "\(found)")
        let text = String(decoding: installed.bytes, as: UTF8.self)
            .split(separator: "\n").filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }
            .map { $0.dropFirst() }.joined(separator: "\n")
        let (shown, mistakes) = AgentSettings.read(
            PolicySource(name: "shown.yaml", bytes: Array(text.utf8))
        )
        #expect(mistakes.isEmpty && shown == AgentSettings() && text.contains("deadline"))
    }

    @Test func `protection as installed blocks nothing`() throws {
        let result = try load(source("packaging/config/protection.yaml"))
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(!result.ruleSet.isActiveProtectionOn)
        #expect(result.ruleSet.rules.allSatisfy { $0.protection == .monitoring })
    }

    @Test func `minewardend(8) has every option of the daemon`() throws {
        let help = try Program("minewardend").run(["--help"]).text
        let page = String(
            decoding: try Data(
                contentsOf: ManualPage.root.appending(path: "packaging/man/minewardend.8")
            ),
            as: UTF8.self
        ).replacing("\\-", with: "-")
        let options = help.matches(of: /--[a-z-]+/).map { String($0.output) }
        #expect(Set(options).count >= 9)
        for option in Set(options) { #expect(page.contains("\\fB\(option)\\fR"), "\(option)") }
    }
}
