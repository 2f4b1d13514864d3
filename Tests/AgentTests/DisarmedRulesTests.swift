// What is kept of the brake over the end of a process.

import LinuxSystem
import Policy
import Testing

@testable import Agent

struct `Disarmed rules` {
    private static let rules = """
        rules:
          - {id: a, expression: exec.file.name == "a", actions: [{kill: {signal: SIGKILL}}]}
          - {id: b, expression: exec.file.name == "b", actions: [{kill: {signal: SIGKILL}}]}
        """
    private static let others = "rules: [{id: c, expression: exec.file.name == \"c\"}]"

    private let directory: TemporaryDirectory
    private let box = DeploymentBox(deployment(Self.rules))

    init() throws { directory = try TemporaryDirectory() }

    private func kept() throws -> DisarmedRules {
        try DisarmedRules(stateDirectory: directory.path)
    }

    @Test func `are those of the last process`() throws {
        let first = try kept()
        #expect(first.ids.isEmpty)
        box.current.brake.disarm(rule: 1)
        try first.keep(of: box)
        #expect(try kept().ids == ["b"])
        let next = deployment(Self.rules, generation: 2)
        try kept().resume(next, after: nil)
        #expect(next.disarmedRules == ["b"])
    }

    @Test func `are forgotten once they are armed`() throws {
        box.current.brake.disarm(rule: 0)
        let disarmed = try kept()
        try disarmed.keep(of: box)
        #expect(box.current.brake.rearm(rule: 0))
        try disarmed.keep(of: box)
        #expect(try kept().ids.isEmpty)
    }

    /// A filter of a rule may not hold for one start, and hold again at the next.
    @Test(arguments: [false, true])
    func `come back with a rule that was away, unless all were armed`(rearming: Bool) throws {
        box.current.brake.disarm(rule: 0)
        try kept().keep(of: box)
        let disarmed = try kept()
        let without = deployment(Self.others, generation: 2)
        disarmed.resume(without, after: nil)
        #expect(without.disarmedRules.isEmpty)
        try disarmed.keep(of: DeploymentBox(without))
        #expect(try kept().ids == ["a"])
        let back = deployment(Self.rules, generation: 3)
        disarmed.resume(back, after: without, rearming: rearming)
        #expect(back.disarmedRules == (rearming ? [] : ["a"]))
        try disarmed.keep(of: DeploymentBox(back))
        #expect(try kept().ids == (rearming ? [] : ["a"]))
    }

    @Test func `are remembered if a deployment leaves the rule out`() throws {
        let disarmed = try kept()
        disarmed.resume(box.current, after: nil)
        box.current.brake.disarm(rule: 1)
        let without = deployment(Self.others, generation: 2)
        disarmed.resume(without, after: box.current)
        try disarmed.keep(of: DeploymentBox(without))
        #expect(try kept().ids == ["b"])
    }

    @Test(arguments: ["", "{", "null", "{\"a\": 1}", "[1, null, [\"a\"]]"])
    func `are none if the file is damaged`(content: String) throws {
        try directory.write("disarmed.json", content)
        #expect(try kept().ids.isEmpty)
    }

    @Test func `are kept for this process if the directory cannot be written`() throws {
        let disarmed = try DisarmedRules(stateDirectory: directory.path + "/none")
        box.current.brake.disarm(rule: 0)
        #expect(throws: SystemError.self) { try disarmed.keep(of: box) }
        #expect(box.current.disarmedRules == ["a"] && disarmed.ids.isEmpty)
    }
}
