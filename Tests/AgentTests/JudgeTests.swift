// What a judgement does besides deciding: variables, the service log, and what is not recorded.

import Glibc
import LinuxSystem
import Policy
import RuleLanguage
import Testing

@testable import Agent

struct `Judge` {
    /// Judges this process as if it had just started.
    private func judge(
        _ attempt: Attempt,
        _ deployment: Deployment,
        _ outcome: VariableSession.Outcome = .started
    ) -> Judgement {
        var judge = Agent.Judge()
        attempt.run(process: getpid())
        let judgement = judge.judge(attempt, by: deployment, program: .next)
        attempt.settleVariables(outcome)
        return judgement
    }

    private func ids(_ judgement: Judgement, _ deployment: Deployment) -> [String] {
        judgement.matches.map { deployment.ruleSet.rules[$0.rule].id }
    }

    private static let pid = getpid()

    @Test func `a rule that waits for a variable matches once it is set`() throws {
        let rules = deployment(
            """
            rules:
              - id: waiting
                expression: exec.file.name != "none" && ${process.seen}
              - id: setting
                expression: exec.file.name != "none"
                actions: [{set: {name: seen, value: true, scope: process, inherited: true}}]
            """
        )
        let store = VariableStore { KernelClock.monotonic.nanoseconds }
        let attempt = try makeAttempt(variables: store)
        #expect(ids(judge(attempt, rules, .discarded), rules) == ["setting"])
        #expect(ids(judge(attempt, rules), rules) == ["setting"])
        #expect(ids(judge(attempt, rules), rules) == ["waiting", "setting"])
        // Its fork is not known: what the parent has is passed on.
        store.exit(Self.pid, at: .max)
        #expect(ids(judge(attempt, rules, .discarded), rules) == ["setting"])
        store.apply(rules, to: getppid())
        #expect(ids(judge(attempt, rules, .discarded), rules) == ["waiting", "setting"])
    }

    @Test func `a silent rule decides and logs, and is not recorded`() throws {
        let rules = deployment(
            """
            rules:
              - id: a
                expression: exec.file.name != "none"
                silent: true
                actions:
                  - kill: {signal: SIGKILL}
                  - log: {level: error, message: "seen\\e[1m"}
                  - filter: exec.file.name == "none"
                    log: {level: info, message: never}
            """,
            protection: "active_protection: true\nrules: {a: blocking}",
            generation: 1
        )
        let judgement = judge(try makeAttempt(), rules)
        // It would block anybody but ourselves.
        #expect(judgement.matches.map(\.decision) == [.monitor(.protectedProgram)])
        #expect(judgement.reported.isEmpty)
        #expect(judgement.notes.count == 1)
        let note = try #require(judgement.notes.first)
        #expect(note.level == .error)
        #expect(note.text.hasPrefix("rule a: seen\\x1b[1m (process \(Self.pid), /"), "\(note.text)")
    }

    @Test func `detections beyond the rate of a rule are counted and told with the next`() throws {
        let rules = deployment(
            "rules: [{id: a, expression: exec.file.name != \"none\", every: 1h}]"
        )
        let attempt = try makeAttempt()
        let judgements = (0..<5).map { _ in judge(attempt, rules) }
        #expect(judgements.map(\.matches.count) == [1, 1, 1, 1, 1])
        #expect(judgements.map(\.reported.count) == [1, 0, 0, 0, 0])
    }
}

extension VariableStore {
    /// Runs the setting rule for another process.
    fileprivate func apply(_ deployment: Deployment, to process: Int32) {
        let session = VariableSession(store: self)
        session.begin(deployment.ruleSet.variables, program: .next)
        guard
            let event = try? EventDescription([
                "process.pid": .integer(Int64(process)), "exec.file.name": .text("x"),
            ])
        else { return }
        var scratch = MatchScratch()
        let rules = deployment.ruleSet
        rules.matches(event, variables: session, except: [], into: &scratch) { _ in }
        session.end(.started, process: process)
    }
}
