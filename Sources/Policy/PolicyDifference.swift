// What would change if one set of rules and settings took the place of another, for people: which
// rules, and whose protection from what to what.

/// The difference between two loads.
package struct PolicyDifference: Sendable, Equatable {
    /// One changed setting.
    package struct Setting: Sendable, Equatable {
        /// The rule; nil for the switch of the host.
        package var rule: String?
        package var before: String
        package var after: String

        package init(rule: String?, before: String, after: String) {
            self.rule = rule
            self.before = before
            self.after = after
        }
    }

    /// Ids in the order of the alphabet.
    package var added: [String] = []
    package var changed: [String] = []
    package var removed: [String] = []
    /// The host first, then rules in the order of the alphabet.
    package var settings: [Setting] = []

    /// Whether nothing is different.
    package var isEmpty: Bool {
        added.isEmpty && changed.isEmpty && removed.isEmpty && settings.isEmpty
    }

    /// Compares; without `before` everything is new.
    package init(from before: LoadResult?, to after: LoadResult) {
        let old = Self.rules(of: before)
        let new = Self.rules(of: after)
        for (id, rule) in new {
            guard let other = old[id] else {
                added.append(id)
                continue
            }
            let isSame =
                before?.definitions[id] == after.definitions[id] && rule.looksLike(other)
            if !isSame { changed.append(id) }
        }
        removed = old.keys.filter { new[$0] == nil }.sorted()
        added.sort()
        changed.sort()
        compare(before?.protection ?? ProtectionSettings(), after.protection)
    }

    private mutating func compare(_ before: ProtectionSettings, _ after: ProtectionSettings) {
        if before.isActive != after.isActive {
            settings.append(
                Setting(
                    rule: nil,
                    before: before.isActive ? "enabled" : "disabled",
                    after: after.isActive ? "enabled" : "disabled"
                )
            )
        }
        for id in Set(before.rules.keys).union(after.rules.keys).sorted() {
            let (old, new) = (before.text(ofRule: id), after.text(ofRule: id))
            if old != new { settings.append(Setting(rule: id, before: old, after: new)) }
        }
    }

    private static func rules(of result: LoadResult?) -> [String: Rule] {
        Dictionary((result?.ruleSet.rules ?? []).map { ($0.id, $0) }) { first, _ in first }
    }
}

extension ProtectionSettings {
    /// The protection of a rule in words, with its scope where that matters.
    package func text(ofRule id: String) -> String {
        guard let entry = rules[id] else { return Protection.monitoring.rawValue }
        return entry.text
    }
}

extension RuleProtection {
    /// Like `blocking where process.envp in ["DD_SERVICE=a*"]`.
    package var text: String {
        guard protection == .blocking else { return protection.rawValue }
        return "blocking " + (scope.map { "where \($0.expression)" } ?? "everywhere")
    }
}

extension Rule {
    /// Whether all is the same that people are shown and that decides when signals are sent.
    fileprivate func looksLike(_ other: Rule) -> Bool {
        expression == other.expression && description == other.description && tags == other.tags
            && productTags == other.productTags && version == other.version
            && every == other.every && isSilent == other.isSilent && groupID == other.groupID
            && priority == other.priority
    }
}
