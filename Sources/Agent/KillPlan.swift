// What a kill action asks for beyond the one process, and the groups that it never gets. Pure.

import LinuxSystem
import Policy
import Signals

/// What the kill actions of the rules that block an attempt come to.
struct KillPlan: Sendable, Equatable {
    var signalName: String
    var signal: ProcessSignal
    var scope: KillReport.Scope

    /// What an action says; a signal that does not exist here is SIGKILL.
    init(_ kill: KillDefinition) {
        let signal = ProcessSignal(number: kill.signalNumber)
        signalName = signal == nil ? "SIGKILL" : kill.signal
        self.signal = signal ?? .kill
        scope =
            switch kill.scope {
            case .process: .process
            case .container: .container
            case .cgroup: .cgroup
            }
    }

    private init(_ signalName: String, _ signal: ProcessSignal) {
        (self.signalName, self.signal, scope) = (signalName, signal, .process)
    }

    /// The end of the one process.
    static let plain = KillPlan("SIGKILL", .kill)

    /// The strictest of several rules: the signal that cannot be ignored, the widest scope.
    static func strictest(_ plans: [KillPlan]) -> KillPlan? {
        guard var plan = plans.first else { return nil }
        for other in plans.dropFirst() {
            if other.signal == .kill { (plan.signal, plan.signalName) = (.kill, other.signalName) }
            if plan.scope == .process { plan.scope = other.scope }
        }
        return plan
    }
}

/// Why the processes of a scope are not killed.
enum ScopeRefusal: Error, Sendable, Equatable {
    /// The process is in no container.
    case noContainer
    /// The group is the host's, or a part of it that many share.
    case shared([UInt8])
    /// The group has gone, or holds other processes than its path says.
    case unclear
    /// A process in it is never killed: its number, and its program.
    case protected(Int32, path: [UInt8])
    /// A program in it lies outside what this agent watches.
    case foreign(Int32)

    var description: String {
        switch self {
        case .noContainer: "it is in no container"
        case .shared(let path):
            "the control group \(Escaping.display(path)) is shared by too much"
        case .unclear: "its control group could not be told for certain"
        case .protected(let pid, let path):
            "process \(pid) (\(Escaping.display(path))) in it is never killed"
        case .foreign(let pid): "process \(pid) in it runs a program that is not watched"
        }
    }
}

extension KillReport.Scope {
    /// The path of the control group that is to be ended.
    ///
    /// Never the root, a slice, the scope of process 1 or a user's whole service manager.
    func group(of cgroup: CgroupPath) throws(ScopeRefusal) -> [UInt8] {
        var path = cgroup.bytes
        if self == .container {
            guard let id = cgroup.containerIDBounds else { throw .noContainer }
            // The container is the part with its id; what it made below belongs to it.
            let end = path[id.upperBound...].firstIndex(of: Self.slash) ?? path.endIndex
            path = Array(path[..<end])
        }
        let parts = path.split(separator: Self.slash)
        // `..` leads out of the namespace that the agent sees.
        guard let last = parts.last, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw .shared(path)
        }
        let name = String(decoding: last, as: UTF8.self)
        guard !name.hasSuffix(".slice"), name != "init.scope", !name.hasPrefix("user@"),
            !Self.shared.contains(name)
        else { throw .shared(path) }
        return path
    }

    private static let slash = UInt8(ascii: "/")

    /// Groups that runtimes and managers without systemd's slices keep their own in.
    private static let shared: Set<String> = [
        "docker", "libpod_parent", "kubepods", "besteffort", "burstable", "guaranteed", "lxc",
        "garden", "ecs",
    ]
}
