// What the daemon answers: what was asked for, or why not.

package import JSON

/// The answer to a request.
package enum Reply: Sendable, Equatable {
    case status(StatusReport)
    case coverage(CoverageReport)
    case rules(RuleList)
    case rule(RuleDetail)
    case generations(GenerationList)
    case deployed(DeployReport)
    case edited(EditReport)
    case refused(Refusal)

    /// Reads one line.
    package init(line: [UInt8]) throws(MessageFailure) {
        var limits = JSONLimits()
        limits.sizeBytes = Wire.replyLimitBytes
        limits.valueCount = 4_000_000
        let members = try Envelope.open(line, limits: limits)
        let name = try members.text("reply")
        switch name {
        case "status": self = .status(try members.message("result"))
        case "coverage": self = .coverage(try members.message("result"))
        case "rules": self = .rules(try members.message("result"))
        case "rule": self = .rule(try members.message("result"))
        case "generations": self = .generations(try members.message("result"))
        case "deployed": self = .deployed(try members.message("result"))
        case "edited": self = .edited(try members.message("result"))
        case "refused": self = .refused(try members.message("result"))
        default: throw MessageFailure("unknown reply '\(name)'")
        }
    }

    /// The reply as one line, newline included.
    package var line: [UInt8] {
        switch self {
        case .status(let report): Self.seal("status", report)
        case .coverage(let report): Self.seal("coverage", report)
        case .rules(let list): Self.seal("rules", list)
        case .rule(let detail): Self.seal("rule", detail)
        case .generations(let list): Self.seal("generations", list)
        case .deployed(let report): Self.seal("deployed", report)
        case .edited(let report): Self.seal("edited", report)
        case .refused(let refusal): Self.seal("refused", refusal)
        }
    }

    private static func seal(_ name: String, _ result: some Message) -> [UInt8] {
        Envelope.seal(["reply": .string(name), "result": result.json])
    }
}

/// Why something was not done.
package struct Refusal: Message, Error {
    /// What kind of reason.
    package enum Code: String, Sendable, CaseIterable {
        /// The request makes no sense.
        case badRequest = "bad-request"
        /// The peer lacks a permission.
        case forbidden
        /// What the request names does not exist.
        case notFound = "not-found"
        /// What the request asks for cannot be.
        case invalid
        /// The files to deploy have errors.
        case findings
        /// The daemon could not do it.
        case failed
        /// Too many others are asking.
        case busy
    }

    package var code: Code
    /// One line for people.
    package var message: String
    /// What to do about it.
    package var remedy: String?
    /// For `forbidden`: the permission that is missing, like `rules_actions`.
    package var permission: String?
    /// For `findings`: rendered already.
    package var diagnostics: [String] = []

    package init(
        _ code: Code,
        _ message: String,
        remedy: String? = nil,
        permission: String? = nil,
        diagnostics: [String] = []
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.permission = permission
        self.diagnostics = diagnostics
    }

    package init(_ members: MemberReader) throws(MessageFailure) {
        code = try members.word("code")
        message = try members.text("message")
        remedy = try members.optionalText("remedy")
        permission = try members.optionalText("permission")
        diagnostics = try members.texts("diagnostics")
    }

    package var members: [String: JSONValue?] {
        [
            "code": .string(code.rawValue), "message": .string(message),
            "remedy": remedy.map { .string($0) }, "permission": permission.map { .string($0) },
            "diagnostics": .list(diagnostics),
        ]
    }
}
