// Reading rules and settings from directories as administrators leave them.

import Glibc
import Policy
import Testing

@testable import Agent

struct `Rule store` {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["shipped", "config", "config/rules.d"] { try directory.makeDirectory(name) }
    }

    private func rule(_ id: String, name: String = "x") -> String {
        "rules:\n  - id: \(id)\n    expression: exec.file.name == \"\(name)\"\n"
    }

    private func load(shipped: String = "shipped", configuration: String = "config")
        -> LoadedRules
    {
        RuleStore(
            directories: RuleDirectories(
                shipped: "\(directory.path)/\(shipped)",
                configuration: "\(directory.path)/\(configuration)"
            ),
            host: .current
        ).load(generation: 3)
    }

    private func ids(_ loaded: LoadedRules) -> [String] {
        loaded.result.ruleSet.rules.map(\.id).sorted()
    }

    @Test func `reads shipped and custom rules`() throws {
        try directory.write("shipped/a.yaml", rule("shipped_rule"))
        try directory.write("config/rules.d/b.policy", rule("custom_rule"))
        let loaded = load()
        #expect(ids(loaded) == ["custom_rule", "shipped_rule"])
        #expect(!loaded.hasErrors && loaded.fileCount == 2, "\(loaded.renderedDiagnostics)")
        #expect(loaded.result.ruleSet.generation == 3)
    }

    @Test func `lets a custom file replace the shipped one of the same name`() throws {
        try directory.write("shipped/a.yaml", rule("shipped_rule"))
        try directory.write("config/rules.d/a.yaml", rule("custom_rule"))
        #expect(ids(load()) == ["custom_rule"])
    }

    @Test(arguments: [
        "a.yaml~", ".a.yaml", "a.yaml.bak", "a.yaml.dpkg-dist", "#a.yaml#", ".a.yaml.swp", "a.yml",
        "README",
    ])
    func `ignores backups and leftovers`(name: String) throws {
        try directory.write("config/rules.d/\(name)", rule("leftover"))
        try directory.write("shipped/a.yaml", rule("a"))
        #expect(ids(load()) == ["a"])
        #expect(!load().hasErrors)
    }

    @Test func `takes missing custom rules for granted`() throws {
        try directory.write("shipped/a.yaml", rule("a"))
        let loaded = load(configuration: "nowhere")
        #expect(ids(loaded) == ["a"] && !loaded.hasErrors, "\(loaded.renderedDiagnostics)")
    }

    @Test func `reads only so much of own rules, and says what is left out`() throws {
        try directory.write("shipped/a.yaml", rule("shipped_rule"))
        let filler = String(
            repeating: "# " + String(repeating: "x", count: 1021) + "\n",
            count: 3500
        )
        for name in ["b", "c", "d"] {
            try directory.write("config/rules.d/\(name).yaml", rule(name) + filler)
        }
        let loaded = load()
        #expect(ids(loaded) == ["b", "c", "shipped_rule"] && loaded.hasErrors)
        let finding = try #require(loaded.renderedDiagnostics.first { $0.contains("d.yaml") })
        #expect(finding.contains("is not read") && finding.contains("8 MiB"), "\(finding)")
    }

    @Test func `reads only so many files of own rules`() throws {
        try directory.write("shipped/a.yaml", rule("shipped_rule"))
        for number in 1000..<2005 {
            try directory.write("config/rules.d/r\(number).yaml", rule("r\(number)"))
        }
        let loaded = load()
        #expect(ids(loaded).count == 1001)
        let finding = try #require(loaded.renderedDiagnostics.first { $0.contains("r2000.yaml") })
        #expect(finding.contains("and 4 more files are not read"), "\(finding)")
    }

    @Test func `reports missing shipped rules`() throws {
        try directory.write("config/rules.d/a.yaml", rule("a"))
        let loaded = load(shipped: "nowhere")
        #expect(loaded.hasErrors)
        #expect(ids(loaded) == ["a"], "the others load")
        #expect(loaded.renderedDiagnostics.contains { $0.contains("nowhere") })
    }

    @Test func `reports what it cannot read and loads the rest`() throws {
        try directory.write("shipped/a.yaml", rule("a"))
        // Root may read every mode; a directory and a pipe nobody can read as a file.
        try directory.makeDirectory("shipped/b.yaml")
        try #require(mkfifo("\(directory.path)/shipped/c.yaml", 0o600) == 0)
        try #require(symlink("nowhere", "\(directory.path)/shipped/d.yaml") == 0)
        let loaded = load()
        #expect(ids(loaded) == ["a"])
        let findings = loaded.renderedDiagnostics
        #expect(findings.count == 3, "\(findings)")
        for name in ["b.yaml", "c.yaml", "d.yaml"] {
            #expect(findings.contains { $0.contains(name) }, "\(name)")
        }
    }

    @Test func `keeps the good files when one is broken`() throws {
        try directory.write("shipped/a.yaml", rule("a"))
        try directory.write("shipped/b.yaml", "rules: [")
        let loaded = load()
        #expect(ids(loaded) == ["a"])
        #expect(loaded.hasErrors)
    }

    @Test func `reads settings and protection next to the custom rules`() throws {
        try directory.write("config/minewarden.yaml", "deadline: 100ms\nunreadable: allow\n")
        try directory.write("config/protection.yaml", "active_protection: true\n")
        let loaded = load()
        #expect(loaded.settings.deadline == .milliseconds(100))
        #expect(loaded.settings.unreadable == .allow)
        #expect(loaded.result.ruleSet.isActiveProtectionOn)
    }

    @Test func `keeps the defaults of settings that are wrong`() throws {
        try directory.write("config/minewarden.yaml", "deadline: 100h\n")
        let loaded = load()
        #expect(loaded.settings == AgentSettings())
        #expect(loaded.hasErrors)
    }
}
