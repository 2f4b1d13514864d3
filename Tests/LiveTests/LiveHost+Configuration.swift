// The configuration that every live host starts from.

extension LiveHost {
    /// Writes the live rules, `protection.yaml` and, if given, `minewarden.yaml`.
    static func writeConfiguration(
        _ settings: LiveSettings,
        token: String,
        scratch: String
    ) throws {
        try Files.write(rules(token: token), to: scratch + "/config/rules.d/live.yaml")
        for (name, content) in settings.ruleFiles {
            let text = content.replacingToken(with: token)
            try Files.write(text, to: "\(scratch)/config/rules.d/\(name)")
        }
        if let text = settings.settings {
            let whole = text.replacing("@ROOT@", with: scratch + "/watched")
            try Files.write(whole, to: scratch + "/config/minewarden.yaml")
        }
        try Files.write(
            settings.protectionFile ?? protection(settings),
            to: scratch + "/config/protection.yaml"
        )
    }

    private static func rules(token: String) -> String {
        """
        version: 1.0.0
        rules:
          - id: \(rule)
            description: A live test plays a miner by its arguments
            expression: exec.args =~ "*stratum+tcp://\(token).example*"
            actions:
              - kill:
                  signal: SIGKILL
                  scope: process
          - id: live_envs
            description: A live test plays a miner by its environment
            expression: exec.envs in ["POOL_\(token)"]
            actions:
              - kill:
                  signal: SIGKILL
                  scope: process

        """
    }

    private static func protection(_ settings: LiveSettings) -> String {
        let rules = [rule, "live_envs"] + settings.protectedRules
        let scope = settings.scope.map { "    where: \($0)\n" } ?? ""
        let entries = rules.map {
            "  \($0):\n    protection: \(settings.protection.rawValue)\n\(scope)"
        }
        return "active_protection: true\nrules:\n" + entries.joined()
    }
}

extension String {
    /// The text with every `@TOKEN@` replaced.
    func replacingToken(with token: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: "@TOKEN@") {
            result += rest[..<range.lowerBound] + token
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
