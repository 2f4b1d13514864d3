// The record of a change in the service that protects the host: one constructor per kind, so that
// every event of a kind has the same text and the same facts.

/// Something happened to the service: it started, its rules changed, it lost events.
package struct ServiceEvent: Sendable, Equatable {
    /// What happened, in one word; never a detection.
    package let kind: SignalKind
    /// What happened, for people: one line without control characters.
    package let message: String
    /// What happened, for programs.
    package let facts: [Fact]

    private init(_ kind: SignalKind, _ message: String, _ fill: (inout FactList) -> Void) {
        var list = FactList()
        fill(&list)
        self.kind = kind
        self.message = message
        facts = list.facts
    }

    /// The daemon has started and is protecting what its rules cover.
    package static func started(
        version: String,
        ruleCount: Int,
        generation: UInt64,
        isActiveProtectionEnabled: Bool
    ) -> ServiceEvent {
        let protection = isActiveProtectionEnabled ? "enabled" : "disabled"
        return ServiceEvent(
            .started,
            "minewarden \(oneLine(version)) started: \(count(ruleCount, "rule")),"
                + " Active Protection \(protection)"
        ) {
            $0.add("version", version)
            $0.add("rules", ruleCount)
            $0.add("generation", generation)
            $0.add("active_protection", protection)
        }
    }

    /// The daemon stops; until it starts again nothing is held.
    package static func stopped(reason: String) -> ServiceEvent {
        ServiceEvent(.stopped, "minewarden stopped: \(oneLine(reason)); nothing is held any more") {
            $0.add("reason", reason)
        }
    }

    /// A rule set became active.
    package static func rulesLoaded(
        ruleCount: Int,
        fileCount: Int,
        generation: UInt64,
        actor: Actor? = nil
    ) -> ServiceEvent {
        ServiceEvent(
            .rulesLoaded,
            "generation \(generation) is active: \(count(ruleCount, "rule"))"
                + " from \(count(fileCount, "file"))\(by(actor))"
        ) {
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

extension ServiceEvent {
    /// Where events can get lost.
    package enum Source: String, Sendable, CaseIterable {
        /// The queue of held execs: those lost were not judged before they ran.
        case held
        /// The stream of process events from the kernel.
        case processEvents = "process-events"
        /// Signals that found no place on their way to the journal.
        case signals
    }

    /// Filesystems came under watch or left it.
    package static func coverageChanged(
        added: [[UInt8]],
        removed: [[UInt8]],
        coveredCount: Int
    ) -> ServiceEvent {
        let parts = [("now held on", added), ("no longer on", removed)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) \(Escaping.commandLine($0.1.prefix(8)))\($0.1.count > 8 ? " …" : "")" }
        return ServiceEvent(
            .coverageChanged,
            "coverage changed: \(parts.joined(separator: ", "));"
                + " \(count(coveredCount, "filesystem")) in all"
        ) {
            $0.add("added", Escaping.commandLine(added))
            $0.add("removed", Escaping.commandLine(removed))
            $0.add("filesystems", coveredCount)
        }
    }

    /// Events were lost; what they would have shown is not known.
    ///
    /// `lostCount` is nil where the kernel does not say how many.
    package static func eventsLost(_ source: Source, lostCount: UInt64?) -> ServiceEvent {
        let number = lostCount.map { "\($0)" } ?? "an unknown number of"
        let message =
            switch source {
            case .held: "\(number) execs were not held: the kernel's queue overflowed"
            case .processEvents: "\(number) process events lost: looking through all processes"
            case .signals: "\(number) signals were dropped before they could be recorded"
            }
        return ServiceEvent(.eventsLost, message) {
            $0.add("source", source.rawValue)
            $0.add("lost", lostCount)
        }
    }

    /// Verdicts came after the deadline and were answered by default: the summary of an interval.
    package static func verdictsLate(lateCount: UInt64, overSeconds: UInt64) -> ServiceEvent {
        ServiceEvent(
            .verdictsLate,
            "\(lateCount) verdicts after the deadline in \(overSeconds) s,"
                + " answered with the default"
        ) {
            $0.add("late", lateCount)
            $0.add("interval_sec", overSeconds)
        }
    }

    /// For a while nothing was held.
    package static func gap(from: Timestamp, to: Timestamp, reason: String) -> ServiceEvent {
        let length = GoDuration.text(nanoseconds: max(0, to.nanoseconds(since: from)))
        return ServiceEvent(.gap, "nothing was held for \(length): \(oneLine(reason))") {
            $0.add("from", from.rfc3339)
            $0.add("to", to.rfc3339)
            $0.add("reason", reason)
        }
    }

    /// The brake put a blocking rule to monitoring.
    ///
    /// `distinct` says of what there were too many: `executables` or `containers`.
    package static func ruleDisarmed(
        rule: String,
        distinct: String,
        limit: Int,
        periodSeconds: Int
    ) -> ServiceEvent {
        ServiceEvent(
            .ruleDisarmed,
            "rule \(oneLine(rule)) no longer blocks: more than \(limit) \(oneLine(distinct))"
                + " in \(periodSeconds) s"
        ) {
            $0.add("rule_id", rule)
            $0.add("distinct", distinct)
            $0.add("limit", limit)
            $0.add("interval_sec", periodSeconds)
        }
    }

    /// A rule that the brake had stopped blocks again.
    package static func ruleRearmed(rule: String) -> ServiceEvent {
        ServiceEvent(.ruleRearmed, "rule \(oneLine(rule)) blocks again") {
            $0.add("rule_id", rule)
        }
    }

    /// Something the host lacks takes away a part of the protection.
    ///
    /// `missing` is like `CAP_SYS_ADMIN`; `effect` says what does not work without it, and what
    /// still does.
    package static func degraded(missing: String, effect: String) -> ServiceEvent {
        ServiceEvent(.degraded, "missing \(oneLine(missing)): \(oneLine(effect))") {
            $0.add("missing", missing)
            $0.add("effect", effect)
        }
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }

    private static func by(_ actor: Actor?) -> String {
        actor.map { ", by \($0.name)" } ?? ""
    }

    private static func oneLine(_ text: String) -> String {
        Escaping.display(Cut.bytes(Array(text.utf8), limit: 512))
    }
}

/// The person or program that asked for a change.
package struct Actor: Sendable, Equatable {
    package var uid: UInt32
    /// Name of the user; empty if not known.
    package var user: [UInt8]
    /// The process that asked; nil if it was not one.
    package var pid: Int32?

    package init(uid: UInt32, user: [UInt8] = [], pid: Int32? = nil) {
        self.uid = uid
        self.user = user
        self.pid = pid
    }

    /// The name in a sentence: `alice (1000)`.
    package var name: String {
        user.isEmpty ? "user \(uid)" : "\(Escaping.shellWord(user)) (\(uid))"
    }
}

extension FactList {
    fileprivate mutating func add(_ actor: Actor?) {
        guard let actor else { return }
        add("actor_uid", actor.uid)
        add("actor_user", actor.user)
        add("actor_pid", actor.pid)
    }
}
