// What is active: the rules, the protection and the settings that verdicts are made with.
// Immutable; a reload swaps the whole of it at once.

import LinuxSystem
import Policy
import RuleLanguage
import Synchronization

/// One generation of rules and settings.
final class Deployment: Sendable {
    let ruleSet: RuleSet
    let settings: AgentSettings
    let generation: UInt64
    /// How many signals each rule may send.
    let limiter: SignalLimiter
    /// How much each rule may block.
    let brake: Brake
    /// How long an exec may be held.
    let deadlineNanoseconds: UInt64
    /// True if a verdict needs the environment of the program about to start.
    let needsEnvironment: Bool
    /// True if a verdict can change with the interpreter of a script.
    let needsInterpreter: Bool
    /// True if a verdict can depend on the image of a container.
    let needsImages: Bool
    /// True if a rule asks which package a file belongs to.
    let needsPackages: Bool
    /// Since when it is the active one, monotonic clock; before that nothing started early enough.
    private let activation = Atomic<UInt64>(.max)

    init(ruleSet: RuleSet, settings: AgentSettings, generation: UInt64) {
        self.ruleSet = ruleSet
        self.settings = settings
        self.generation = generation
        limiter = SignalLimiter(ruleSet)
        brake = Brake(ruleSet, settings: settings.brake)
        let deadline = settings.deadline.components
        deadlineNanoseconds =
            UInt64(deadline.seconds) * 1_000_000_000 + UInt64(deadline.attoseconds / 1_000_000_000)
        needsEnvironment = ruleSet.fields.contains { $0.attribute.isOfEnvironment }
        needsInterpreter = ruleSet.fields.contains { $0.attribute.isOfInterpreter }
        needsImages = ruleSet.fields.contains { $0.attribute.isOfImage }
        needsPackages = !ruleSet.fields.isDisjoint(with: LoadOptions.packageFields)
    }

    /// Whether a program that started at this time, monotonic clock, ran before these rules blocked.
    ///
    /// Blocking is never retroactive. Rules that were there before count as new: with an exec that
    /// was not looked at before the change, nobody can tell whose verdict its process is owed.
    func isYounger(thanProgramStartedAt nanoseconds: UInt64) -> Bool {
        nanoseconds <= activation.load(ordering: .acquiring)
    }

    fileprivate func activate() {
        activation.store(KernelClock.monotonic.nanoseconds, ordering: .releasing)
    }
}

extension Attribute {
    /// Whether only the environment tells it.
    var isOfEnvironment: Bool {
        switch self {
        case .envp, .envs, .envsTruncated, .service, .envsWallets, .envsHosts, .envsSchemes,
            .envsAlgorithms, .envsEndpointOptions:
            true
        default: false
        }
    }

    fileprivate var isOfImage: Bool { self == .containerTags || self == .containerCreatedAt }

    fileprivate var isOfInterpreter: Bool { ofFileInGeneral != nil }
}

/// The place of the active deployment; any thread.
final class DeploymentBox: Sendable {
    private let active: Mutex<Deployment>

    init(_ deployment: Deployment) {
        deployment.activate()
        active = Mutex(deployment)
    }

    var current: Deployment { active.withLock { $0 } }

    /// Makes a deployment the active one for every event taken from now on.
    func replace(with deployment: Deployment) {
        let previous = active.withLock { active in
            let previous = active
            // Under the lock: whatever starts from here on is judged by it.
            deployment.activate()
            active = deployment
            return previous
        }
        // Rules may be many: they are freed here, not under the lock.
        _ = consume previous
    }
}
