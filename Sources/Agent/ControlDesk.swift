// What requests mean: reads them, decides who may ask, has them done, says what came of it. Any
// thread of the control server.

import ControlProtocol
import LinuxSystem
import Policy
import Signals

/// Answers requests.
final class ControlDesk: Sendable {
    private let target: DeployTarget
    private let deployer: Deployer
    private let startedAt: Timestamp

    private var agent: AgentState { target.agent }

    init(target: DeployTarget, deployer: Deployer) {
        self.target = target
        self.deployer = deployer
        startedAt = Timestamp(nanoseconds: Int64(KernelClock.realtime.nanoseconds))
    }

    /// Answers one line.
    func answer(_ line: [UInt8], from credentials: PeerCredentials) -> Reply {
        do throws(MessageFailure) {
            return answer(try Request(line: line), from: Peer(credentials, names: agent.names))
        } catch {
            return .refused(Refusal(.badRequest, error.message))
        }
    }

    private func answer(_ request: Request, from peer: Peer) -> Reply {
        switch request {
        case .status: return .status(status(for: peer))
        case .coverage:
            let isRoot = peer.actor.uid == 0
            return .coverage(
                CoverageReport(of: agent.parts.coverage, withOtherNamespaces: isRoot)
            )
        case .rules:
            return reading("rules list", by: peer) {
                .rules(RuleList(agent.deployments.current, hits: agent.outbox.hits))
            }
        case .rule(let id):
            return reading("rules show", by: peer) {
                RuleDetail.reply(id, agent.deployments.current, hits: agent.outbox.hits)
            }
        case .generations:
            return reading("generations", by: peer) { .generations(deployer.generations) }
        case .deploy(let options):
            return Reply(deployer.deploy(options, cause: .person(peer), into: target)) {
                .deployed($0)
            }
        case .rollback(let number, let isDryRun):
            return Reply(
                deployer.rollBack(to: number, by: peer, isDryRun: isDryRun, into: target)
            ) { .deployed($0) }
        case .protection(let change):
            return Reply(deployer.change(change, by: peer, in: target)) { .edited($0) }
        }
    }

    /// Rules show what would be blocked, and so how to get past it: not for everybody.
    private func reading(_ request: String, by peer: Peer, _ answer: () -> Reply) -> Reply {
        guard peer.permissions.isEmpty else { return answer() }
        return .refused(.missingAny(for: request))
    }

    private func status(for peer: Peer) -> StatusReport {
        let deployment = agent.deployments.current
        var report = StatusReport(
            version: Version.text,
            startedAt: startedAt.rfc3339,
            isActiveProtectionEnabled: deployment.isActiveProtectionEnabled,
            generation: deployment.generation,
            deployedAt: deployer.active.origin.time,
            rules: RuleCounts(deployment),
            execs: ExecCounts(agent.counters),
            health: HealthReport(of: agent)
        )
        (report.undeployed, report.errorCount) = deployer.undeployed
        // That something waits is everybody's to know, what it is not.
        if report.undeployed != nil, peer.permissions.isEmpty { report.undeployed = ChangeReport() }
        return report
    }
}

extension Reply {
    fileprivate init<Report>(
        _ result: Result<Report, Refusal>,
        _ reply: (Report) -> Reply
    ) {
        switch result {
        case .success(let report): self = reply(report)
        case .failure(let refusal): self = .refused(refusal)
        }
    }
}

extension RuleCounts {
    init(_ deployment: Deployment) {
        self.init()
        for (position, rule) in deployment.ruleSet.rules.enumerated() {
            total += 1
            switch rule.protection {
            case .disabled: disabled += 1
            case _ where !rule.isBlockable: detecting += 1
            case .monitoring: monitoring += 1
            case .blocking where !rule.isConfirmed:
                unconfirmed += 1
                monitoring += 1
            case .blocking where deployment.brake.isDisarmed(rule: position):
                disarmed += 1
                monitoring += 1
            case .blocking: blocking += 1
            }
        }
    }
}

extension ExecCounts {
    fileprivate init(_ counters: Counters) {
        self.init()
        judged = counters.judged.current
        denied = counters.denied.current
        killed = counters.killed.current
        late = counters.late.current
        unjudged = counters.unjudged.current
    }
}
