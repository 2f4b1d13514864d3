// Service events about the daemon's life, its rules, and who changes them.

extension ServiceEvent {
    /// The daemon has started and is protecting what its rules cover.
    package static func started(
        version: String,
        ruleCount: Int,
        generation: UInt64,
        isActiveProtectionEnabled: Bool,
        coveredCount: Int? = nil
    ) -> ServiceEvent {
        let protection = isActiveProtectionEnabled ? "enabled" : "disabled"
        let covered = coveredCount.map { ", execs are held on \(count($0, "filesystem"))" } ?? ""
        return ServiceEvent(
            .started,
            "minewarden \(oneLine(version)) started: \(count(ruleCount, "rule")),"
                + " Active Protection \(protection)\(covered)"
        ) {
            $0.add("version", version)
            $0.add("rules", ruleCount)
            $0.add("generation", generation)
            $0.add("active_protection", protection)
            $0.add("filesystems", coveredCount)
        }
    }

    /// The daemon stops; until it starts again nothing is held.
    package static func stopped(reason: String) -> ServiceEvent {
        ServiceEvent(.stopped, "minewarden stopped: \(oneLine(reason)); nothing is held any more") {
            $0.add("reason", reason)
        }
    }

    /// A rule set became active; which rules it adds, changes and removes.
    package static func rulesLoaded(
        ruleCount: Int,
        fileCount: Int,
        generation: UInt64,
        added: [String] = [],
        changed: [String] = [],
        removed: [String] = [],
        actor: Actor? = nil
    ) -> ServiceEvent {
        let counts = [("added", added), ("changed", changed), ("removed", removed)]
            .filter { !$0.1.isEmpty }.map { ", \($0.1.count) \($0.0)" }.joined()
        return ServiceEvent(
            .rulesLoaded,
            "generation \(generation) is active: \(count(ruleCount, "rule"))"
                + " from \(count(fileCount, "file"))\(counts)\(by(actor))"
        ) {
            $0.add("rules_added", added.joined(separator: " "))
            $0.add("rules_changed", changed.joined(separator: " "))
            $0.add("rules_removed", removed.joined(separator: " "))
            $0.add("rules", ruleCount)
            $0.add("files", fileCount)
            $0.add("generation", generation)
            $0.add(actor)
        }
    }

    /// Some rules could not be loaded; `loadedCount` others are active.
    ///
    /// `diagnostics` are rendered already, each possibly of several lines.
    package static func rulesRefused(
        refusedCount: Int,
        loadedCount: Int,
        diagnostics: [String]
    ) -> ServiceEvent {
        let first = diagnostics.first?.split(whereSeparator: \.isNewline).first.map(String.init)
        return ServiceEvent(
            .rulesRefused,
            "\(count(refusedCount, "rule")) refused, \(loadedCount) active"
                + (first.map { ": \(oneLine($0))" } ?? "")
        ) {
            $0.add("refused", refusedCount)
            $0.add("rules", loadedCount)
            $0.add("diagnostics", diagnostics.joined(separator: "\n"))
        }
    }

    /// An earlier generation became active again.
    package static func rulesRolledBack(
        from: UInt64,
        to: UInt64,
        actor: Actor? = nil
    ) -> ServiceEvent {
        ServiceEvent(.rulesRolledBack, "rolled back from generation \(from) to \(to)\(by(actor))") {
            $0.add("generation_before", from)
            $0.add("generation", to)
            $0.add(actor)
        }
    }

    /// Active Protection, or the protection or scope of a rule, changed.
    ///
    /// `rule` is nil for the host-wide switch; `aspect` is what changed, like `protection` or
    /// `scope`; `actor` is nil if the change was found in a file that somebody had edited.
    package static func protectionChanged(
        rule: String?,
        aspect: String = "protection",
        before: String,
        after: String,
        actor: Actor?
    ) -> ServiceEvent {
        let subject = rule.map { "\(aspect) of rule \(oneLine($0))" } ?? "Active Protection"
        return ServiceEvent(
            .protectionChanged,
            "\(oneLine(subject)) changed from \(oneLine(before)) to \(oneLine(after))\(by(actor))"
        ) {
            $0.add("rule_id", rule)
            $0.add("aspect", rule == nil ? "active-protection" : aspect)
            $0.add("before", before)
            $0.add("after", after)
            $0.add(actor)
        }
    }

    /// Somebody changed protection settings on the disk, which a deploy will make active.
    ///
    /// `rule` is nil for the host-wide switch.
    package static func protectionEdited(
        rule: String?,
        before: String,
        after: String,
        actor: Actor
    ) -> ServiceEvent {
        let subject = rule.map { "protection of rule \(oneLine($0))" } ?? "Active Protection"
        return ServiceEvent(
            .protectionEdited,
            "\(subject) is to change from \(oneLine(before)) to \(oneLine(after))\(by(actor));"
                + " not deployed yet"
        ) {
            $0.add("rule_id", rule)
            $0.add("before", before)
            $0.add("after", after)
            $0.add(actor)
        }
    }

    /// Somebody asked for a change without the permission it needs.
    package static func changeRefused(
        request: String,
        missingPermission: String,
        actor: Actor
    ) -> ServiceEvent {
        ServiceEvent(
            .changeRefused,
            "refused \(oneLine(request))\(by(actor)): needs \(oneLine(missingPermission))"
        ) {
            $0.add("request", request)
            $0.add("missing_permission", missingPermission)
            $0.add(actor)
        }
    }
}
