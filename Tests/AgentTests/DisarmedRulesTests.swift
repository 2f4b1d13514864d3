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

    private let directory: TemporaryDirectory
    private let box = DeploymentBox(deployment(Self.rules))

    init() throws { directory = try TemporaryDirectory() }

    private func kept() throws -> DisarmedRules {
        try DisarmedRules(stateDirectory: directory.path)
    }

    @Test func `are those of the last process, as far as there are such rules`() throws {
        let first = try kept()
        #expect(first.ids.isEmpty)
        box.current.brake.disarm(rule: 1)
        first.keep(of: box)
        #expect(try kept().ids == ["b"])

        let next = deployment(Self.rules, generation: 2)
        next.resume(try kept())
        #expect(next.disarmedRules == ["b"])
        let other = deployment(
            "rules: [{id: c, expression: exec.file.name == \"c\"}]",
            generation: 3
        )
        other.resume(try kept())
        #expect(other.disarmedRules.isEmpty)
    }

    @Test func `are forgotten once they are armed`() throws {
        box.current.brake.disarm(rule: 0)
        let disarmed = try kept()
        disarmed.keep(of: box)
        #expect(box.current.brake.rearm(rule: 0))
        disarmed.keep(of: box)
        #expect(try kept().ids.isEmpty)
    }

    @Test(arguments: ["", "{", "null", "{\"a\": 1}", "[1, null, [\"a\"]]"])
    func `are none if the file is damaged`(content: String) throws {
        try directory.write("disarmed.json", content)
        #expect(try kept().ids.isEmpty)
    }

    @Test func `are kept for this process if the directory cannot be written`() throws {
        let disarmed = try DisarmedRules(stateDirectory: directory.path + "/none")
        box.current.brake.disarm(rule: 0)
        disarmed.keep(of: box)
        #expect(box.current.disarmedRules == ["a"] && disarmed.ids.isEmpty)
    }
}
