// What the command line asks of the daemon: one request per connection.

import JSON

/// A request over the control socket.
package enum Request: Sendable, Equatable {
    /// How the service is; anybody may ask.
    case status
    /// Which filesystems are held; anybody may ask about those of the host.
    case coverage
    /// All rules, in short.
    case rules
    /// One rule, whole.
    case rule(String)
    /// The generations that are kept.
    case generations
    /// Make the files on the disk the active ones.
    case deploy(DeployOptions)
    /// Make an earlier generation the active one; nil means the one before.
    case rollback(UInt64?, isDryRun: Bool)
    /// Change the protection settings on the disk.
    case protection(ProtectionRequest)

    /// Reads one line.
    package init(line: [UInt8]) throws(MessageFailure) {
        var limits = JSONLimits()
        limits.sizeBytes = Wire.requestLimitBytes
        limits.depth = 8
        let members = try Envelope.open(line, limits: limits)
        let name = try members.text("request")
        switch name {
        case "status": self = .status
        case "coverage": self = .coverage
        case "rules": self = .rules
        case "rule": self = .rule(try members.text("rule"))
        case "generations": self = .generations
        case "deploy": self = .deploy(try members.message("options"))
        case "rollback":
            self = .rollback(
                try members.optionalInteger("generation"),
                isDryRun: try members.flag("dry_run")
            )
        case "protection": self = .protection(try members.message("change"))
        default: throw MessageFailure("unknown request '\(name)'")
        }
    }

    /// The request as one line, newline included.
    package var line: [UInt8] {
        var all = members
        all["request"] = .string(name)
        return Envelope.seal(all)
    }

    private var name: String {
        switch self {
        case .status: "status"
        case .coverage: "coverage"
        case .rules: "rules"
        case .rule: "rule"
        case .generations: "generations"
        case .deploy: "deploy"
        case .rollback: "rollback"
        case .protection: "protection"
        }
    }

    private var members: [String: JSONValue?] {
        switch self {
        case .status, .coverage, .rules, .generations: [:]
        case .rule(let id): ["rule": .string(id)]
        case .deploy(let options): ["options": options.json]
        case .rollback(let generation, let isDryRun):
            ["generation": generation.map { .number($0) }, "dry_run": .flag(isDryRun)]
        case .protection(let change): ["change": change.json]
        }
    }
}

/// What every line has around it.
enum Envelope {
    static func open(_ line: [UInt8], limits: JSONLimits) throws(MessageFailure) -> MemberReader {
        let value: JSONValue
        do throws(JSONFailure) {
            value = try JSONValue(line, limits: limits)
        } catch {
            throw MessageFailure("no message: \(error.reason.rawValue), byte \(error.offset)")
        }
        let members = try MemberReader(value)
        let version = try members.integer("minewarden", as: Int64.self)
        guard version == Wire.version else {
            throw MessageFailure(
                "protocol \(version) is spoken, this side speaks \(Wire.version):"
                    + " minewarden and minewardend are of different versions"
            )
        }
        return members
    }

    static func seal(_ members: [String: JSONValue?]) -> [UInt8] {
        var all = members.compactMapValues { $0 }
        all["minewarden"] = .number(Wire.version)
        return JSONValue.object(all).text + [UInt8(ascii: "\n")]
    }
}
