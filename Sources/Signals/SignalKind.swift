// The kinds of signals: stable names, journal message identities and priorities.
// Both the names and the identities are what people search journals for: they never change.

/// What a signal is about.
///
/// The raw value is the field `MINEWARDEN_KIND`. Each detection outcome is a kind of its own,
/// because the journal catalog explains one `MESSAGE_ID` with one text.
package enum SignalKind: String, Sendable, CaseIterable {
    // Detections, one per outcome.
    case threatMonitored = "threat_monitored"
    case threatDenied = "threat_denied"
    case threatKilled = "threat_killed"
    case killFailed = "kill_failed"
    case allowedLate = "allowed_late"
    case deniedUnreadable = "denied_unreadable"
    case allowedUnreadable = "allowed_unreadable"
    case threatGone = "threat_gone"
    // The service.
    case started
    case stopped
    case rulesLoaded = "rules_loaded"
    case rulesRefused = "rules_refused"
    case rulesRolledBack = "rules_rolled_back"
    case protectionChanged = "protection_changed"
    case protectionEdited = "protection_edited"
    case changeRefused = "change_refused"
    case coverageChanged = "coverage_changed"
    case eventsLost = "events_lost"
    case verdictsLate = "verdicts_late"
    case gap
    case ruleDisarmed = "rule_disarmed"
    case ruleRearmed = "rule_rearmed"
    case degraded

    /// The kind of a detection that ended so.
    package init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .monitored: .threatMonitored
            case .denied: .threatDenied
            case .killed: .threatKilled
            case .killFailed: .killFailed
            case .allowedLate: .allowedLate
            case .deniedUnreadable: .deniedUnreadable
            case .allowedUnreadable: .allowedUnreadable
            case .gone: .threatGone
            }
    }

    /// The journal's `MESSAGE_ID` of this kind: 32 lower-case hexadecimal digits.
    package var messageID: String {
        switch self {
        case .threatMonitored: "f15b7cbc0af043368651a5e92f32811d"
        case .threatDenied: "f471115cea0d479ba68afa578c8b3533"
        case .threatKilled: "666be220d8a94bd5aa1d0c227288fd20"
        case .killFailed: "91b717d9bb5d4858a87c5e255f70b148"
        case .allowedLate: "54a844564fbe48e49a7b2b33fc3e04bc"
        case .deniedUnreadable: "a2acfebc459548ec907766d261cd37b7"
        case .allowedUnreadable: "4d075ca945e14260a9ec008b13e4c05a"
        case .threatGone: "454df9de0e914698b22b3f19bd0f660d"
        case .started: "e84f6335c72b4e15859fbfa54b7faffe"
        case .stopped: "7d283d41f32f4331ab0a97ce1bea833d"
        case .rulesLoaded: "49892815cc2e4210ba3b1de605eb19ac"
        case .rulesRefused: "047a540cd4c347eeac6fec403bb519c9"
        case .rulesRolledBack: "8daf141f588e4f6b87fc0b5a15ec59ed"
        case .protectionChanged: "5c1374d5f4bc47dcbf3f44455db07173"
        case .protectionEdited: "1e3dd42f3b144716819eeb0bdcb15de6"
        case .changeRefused: "0f5add9a63d64d45a44b8c18bc483b8c"
        case .coverageChanged: "b62e1d36ebd44d688537b66453d7ec23"
        case .eventsLost: "230a2824384f49b083e3a42aed9fca38"
        case .verdictsLate: "d836bde1604f4c7ca60d6bf2f6bffb5e"
        case .gap: "a7edbac0198141aa9ff5fb91f7b797db"
        case .ruleDisarmed: "1249ee36922f410488bb7fbaf118f393"
        case .ruleRearmed: "c14af960af484a0aa774b39a1c292657"
        case .degraded: "1e90465511a04ba49ead555d6cc2c0f8"
        }
    }

    /// The journal's `PRIORITY` of this kind.
    ///
    /// Errors are what leaves the host unprotected; a threat, stopped or not, is a warning.
    package var priority: SignalPriority {
        switch self {
        case .killFailed: .critical
        case .allowedLate, .allowedUnreadable, .rulesRefused, .eventsLost, .verdictsLate, .gap,
            .ruleDisarmed, .degraded:
            .error
        case .threatMonitored, .threatDenied, .threatKilled, .deniedUnreadable, .changeRefused:
            .warning
        case .threatGone, .started, .stopped, .rulesLoaded, .rulesRolledBack, .protectionChanged,
            .protectionEdited, .coverageChanged, .ruleRearmed:
            .notice
        }
    }
}

/// The urgency of a journal record; the numbers of syslog(3).
package enum SignalPriority: UInt8, Sendable, CaseIterable {
    case emergency = 0, alert, critical, error, warning, notice, info, debug
}
