// Service events about what is held, what is lost, and what is not protected.

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
        let parts = [("now on", added), ("no longer on", removed)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0) \(Escaping.commandLine($0.1.prefix(8)))\($0.1.count > 8 ? " …" : "")" }
        return ServiceEvent(
            .coverageChanged,
            "execs are held on \(count(coveredCount, "filesystem"))"
                + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
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
    ///
    /// `actor` is nil if that came with a deploy.
    package static func ruleRearmed(rule: String, actor: Actor? = nil) -> ServiceEvent {
        ServiceEvent(.ruleRearmed, "rule \(oneLine(rule)) blocks again\(by(actor))") {
            $0.add("rule_id", rule)
            $0.add(actor)
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
}
