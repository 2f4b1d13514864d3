// Changes of protection.yaml as people write it: what is not meant stays byte by byte.

import Policy
import Testing

struct `Editing protection` {
    static let commented = """
        # Blocking on this host; ask the platform team before you change it.
        active_protection: false   # until Monday

        rules:
          # noisy
          pools: monitoring
          args:
            protection: blocking   # agreed with DevOps
            where:
              services: ["a*"]

          tools: {protection: disabled}
        # the end

        """

    private func edit(_ text: String, _ change: ProtectionEdit) throws -> String {
        let source = PolicySource(name: "protection.yaml", bytes: Array(text.utf8))
        return String(decoding: try change.applied(to: source), as: UTF8.self)
    }

    /// The lines that are in one text only, `-` for the first and `+` for the second.
    private func difference(_ before: String, _ after: String) -> [String] {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        return new.difference(from: old).map { change in
            switch change {
            case .remove(_, let line, _): "-" + line
            case .insert(_, let line, _): "+" + line
            }
        }
    }

    @Test func `turns the switch and keeps its comment`() throws {
        let after = try edit(Self.commented, .activate(true))
        #expect(
            difference(Self.commented, after) == [
                "-active_protection: false   # until Monday",
                "+active_protection: true   # until Monday",
            ]
        )
    }

    @Test func `changes a bare word`() throws {
        let after = try edit(Self.commented, .set(rule: "pools", .blocking, .unchanged))
        #expect(
            difference(Self.commented, after) == ["-  pools: monitoring", "+  pools: blocking"]
        )
    }

    @Test func `keeps the scope of a rule unless told otherwise`() throws {
        let after = try edit(Self.commented, .set(rule: "args", .monitoring, .unchanged))
        #expect(
            difference(Self.commented, after) == [
                "-    protection: blocking   # agreed with DevOps",
                "+    protection: monitoring   # agreed with DevOps",
            ]
        )
    }

    @Test func `takes a scope away`() throws {
        let after = try edit(Self.commented, .set(rule: "args", .blocking, .everywhere))
        #expect(
            difference(Self.commented, after) == [
                "-      services: [\"a*\"]", "-    where:",
            ]
        )
    }

    @Test func `replaces a scope`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["web"], tags: ["image_tag:2.5"])
        let after = try edit(Self.commented, .set(rule: "args", .blocking, scope))
        #expect(
            difference(Self.commented, after) == [
                "-      services: [\"a*\"]", "+      services: [\"web\"]",
                "+      tags: [\"image_tag:2.5\"]",
            ]
        )
    }

    static let explained = """
        rules:
          args:
            protection: blocking
            where:
              # what DevOps agreed to
              services:   # by name
                - "a*"
                - web   # since May
              # the end of it
          pools: monitoring

        """

    @Test func `keeps the comments between the lists of a scope`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["b", "c"], tags: ["image_tag:2"])
        let after = try edit(Self.explained, .set(rule: "args", .blocking, scope))
        #expect(
            difference(Self.explained, after) == [
                "-        - web   # since May", "-        - \"a*\"", "+        - \"b\"",
                "+        - \"c\"   # since May", "+      tags: [\"image_tag:2\"]",
            ]
        )
    }

    @Test func `leaves a list that stays as it is written`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["a*", "web"], tags: ["image_tag:2"])
        let after = try edit(Self.explained, .set(rule: "args", .blocking, scope))
        #expect(
            difference(Self.explained, after) == ["+      tags: [\"image_tag:2\"]"]
        )
    }

    @Test func `keeps the comment behind a scope in braces`() throws {
        let text = "rules:\n  r:\n    protection: blocking\n    where: {tags: [\"a:b\"]} # why\n"
        let scope = ProtectionEdit.Scope.custom(services: ["x"], tags: [])
        #expect(
            try edit(text, .set(rule: "r", .blocking, scope))
                == text.replacing("tags: [\"a:b\"]", with: "services: [\"x\"]")
        )
    }

    @Test(arguments: [
        "rules:\n  a: &x\n    protection: monitoring\n  r: *x\n",
        "rules:\n  ? r\n  : monitoring\n",
    ])
    func `says so if a file cannot be changed in place`(before: String) {
        let scope = ProtectionEdit.Scope.custom(services: ["x"], tags: [])
        do {
            _ = try edit(before, .set(rule: "r", .blocking, scope))
            Issue.record("changed")
        } catch {
            #expect("\(error)".contains("edit it by hand"), "\(error)")
        }
    }

    @Test func `gives a bare word a scope`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["a*", "b"], tags: [])
        let after = try edit(Self.commented, .set(rule: "pools", .blocking, scope))
        #expect(
            difference(Self.commented, after) == [
                "-  pools: monitoring", "+  pools:", "+    protection: blocking", "+    where:",
                "+      services: [\"a*\", \"b\"]",
            ]
        )
    }

    @Test func `changes an entry in braces`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["a"], tags: [])
        let after = try edit(Self.commented, .set(rule: "tools", .blocking, scope))
        #expect(
            difference(Self.commented, after) == [
                "-  tools: {protection: disabled}",
                "+  tools: {protection: blocking, where: {services: [\"a\"]}}",
            ]
        )
    }

    @Test func `adds a rule after the last one`() throws {
        let after = try edit(Self.commented, .set(rule: "wallets", .blocking, .everywhere))
        #expect(
            difference(Self.commented, after) == ["+  wallets:", "+    protection: blocking"]
        )
        #expect(after.hasSuffix("    protection: blocking\n# the end\n"))
    }

    @Test(arguments: [
        ("", "rules:\n  r:\n    protection: blocking\n"),
        ("# nothing yet", "# nothing yet\nrules:\n  r:\n    protection: blocking\n"),
        ("rules:\n", "rules:\n  r:\n    protection: blocking\n"),
        ("rules: {}\n", "rules: \n  r:\n    protection: blocking\n"),
        ("rules: ~ # none\n", "rules:  # none\n  r:\n    protection: blocking\n"),
        (
            "rules: # none\nactive_protection: true\n",
            "rules: # none\n  r:\n    protection: blocking\nactive_protection: true\n"
        ),
        ("rules: {x: monitoring}", "rules: {x: monitoring, r: {protection: blocking}}"),
        ("rules: {r: monitoring}\n", "rules: {r: {protection: blocking}}\n"),
        ("rules:\n  r:\n", "rules:\n  r: blocking\n"),
        ("rules:\n    r: disabled", "rules:\n    r: blocking"),
        (
            "rules:\n  r:\n    where:\n      tags: [\"a:b\"]\n",
            "rules:\n  r:\n    protection: blocking\n    where:\n      tags: [\"a:b\"]\n"
        ),
        (
            "rules:\r\n  x: monitoring\r\n",
            "rules:\r\n  x: monitoring\r\n  r:\r\n    protection: blocking\r\n"
        ),
        ("\"rules\":\n  'r': \"disabled\"\n", "\"rules\":\n  'r': blocking\n"),
    ])
    func `finds the place in files of every shape`(before: String, after: String) throws {
        #expect(try edit(before, .set(rule: "r", .blocking, .unchanged)) == after)
    }

    @Test(arguments: [
        ("", "active_protection: true\n"),
        ("active_protection:\n", "active_protection: true\n"),
        ("active_protection: false", "active_protection: true"),
        ("{active_protection}", "{active_protection: true}"),
        ("{active_protection }\n", "{active_protection : true}\n"),
        ("{active_protection: }\n", "{active_protection:  true}\n"),
        ("# x\nrules:\n  r: blocking\n", "# x\nactive_protection: true\nrules:\n  r: blocking\n"),
    ])
    func `turns the switch in files of every shape`(before: String, after: String) throws {
        #expect(try edit(before, .activate(true)) == after)
        let off = try edit(before, .activate(false))
        #expect(off == after.replacing("true", with: "false"))
        #expect(try edit(off, .activate(false)) == off)
    }

    @Test(arguments: [
        "rules: [", "rules: 7\n", "{rules: {}}\n",
        "rules:\n  a: &x\n    protection: monitoring\n  r: *x\n",
        "rules:\n  a: &x\n  r: *x\n",
        "active_protection: perhaps\n",
    ])
    func `does not touch what it cannot change`(before: String) {
        #expect(throws: ProtectionEditFailure.self) {
            try edit(before, .set(rule: "r", .blocking, .everywhere))
        }
    }

    @Test(arguments: [
        ProtectionEdit.Scope.custom(services: [""], tags: []),
        .custom(services: [], tags: ["short_image"]), .custom(services: [], tags: ["image_tag:*"]),
    ])
    func `refuses a scope that would match nothing`(scope: ProtectionEdit.Scope) {
        #expect(throws: ProtectionEditFailure.self) {
            try edit(Self.commented, .set(rule: "args", .blocking, scope))
        }
    }

    @Test func `writes any name so that it is read back`() throws {
        let name = "a \"quoted\" \\ name: # {with} [everything] 'é\t"
        let scope = ProtectionEdit.Scope.custom(services: [name], tags: [])
        let once = try edit("", .set(rule: "r", .blocking, scope))
        #expect(try edit(once, .set(rule: "r", .blocking, scope)) == once)
    }

    @Test func `undoes what it did`() throws {
        let scope = ProtectionEdit.Scope.custom(services: ["x"], tags: ["a:b"])
        let there = try edit(Self.commented, .set(rule: "args", .disabled, scope))
        let again = ProtectionEdit.Scope.custom(services: ["a*"], tags: [])
        #expect(try edit(there, .set(rule: "args", .blocking, again)) == Self.commented)
    }
}
