// Since when a deployment counts.

import LinuxSystem
import Testing

@testable import Agent

struct `Deployment in force` {
    private let rules = "rules: [{id: a, expression: exec.file.name == \"a\"}]"

    @Test func `kills nothing before it is the active one`() {
        let next = deployment(rules, generation: 2)
        #expect(next.isYounger(thanProgramStartedAt: KernelClock.monotonic.nanoseconds))
        #expect(next.isYounger(thanProgramStartedAt: .max))
    }

    @Test func `is younger than what started before it became active, and only than that`() {
        let box = DeploymentBox(deployment(rules))
        let next = deployment(rules, generation: 2)
        let before = KernelClock.monotonic.nanoseconds
        #expect(!box.current.isYounger(thanProgramStartedAt: before))
        box.replace(with: next)
        #expect(next.isYounger(thanProgramStartedAt: before))
        #expect(!next.isYounger(thanProgramStartedAt: KernelClock.monotonic.nanoseconds))
    }
}
