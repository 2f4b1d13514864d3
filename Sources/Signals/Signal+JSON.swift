// The JSON forms of a signal: the line of `--output json` and the CWS event of the journal.

extension Signal {
    /// The signal as one line of JSON, without the line end.
    ///
    /// `{"minewarden":{…},"agent":{…},"title":…,"evt":{…},"date":…,"process":{…},…}`: the member
    /// `minewarden` has the flat values (the journal's names in lower case without the prefix, and
    /// `message_id`, `priority`, `message`, `host`, `date`); for a detection the CWS event follows.
    package func jsonLine() -> [UInt8] {
        atFittingDetail { detail, writer in
            writer.object { writer in
                writer.key("minewarden")
                writer.object { flatMembers(&$0) }
                if case .detection(let detection) = body {
                    CWSEvent(signal: self, detection: detection, detail: detail).members(&writer)
                }
            }
        }
    }

    /// The CWS event of a detection as one JSON object; an empty object for a service event.
    package func eventJSON() -> [UInt8] {
        atFittingDetail { detail, writer in
            writer.object { writer in
                guard case .detection(let detection) = body else { return }
                CWSEvent(signal: self, detection: detection, detail: detail).members(&writer)
            }
        }
    }

    /// Writes with as much detail as fits, so that the result is never cut in the middle.
    private func atFittingDetail(_ write: (EventDetail, inout JSONWriter) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        for detail in EventDetail.allCases {
            var writer = JSONWriter()
            writer.stringLimitBytes = detail.stringLimitBytes
            write(detail, &writer)
            bytes = writer.bytes
            if bytes.count <= EventDetail.limitBytes { break }
        }
        return bytes
    }

    private func flatMembers(_ writer: inout JSONWriter) {
        writer.member("date", time)
        writer.member("host", host.name)
        writer.member("message", message)
        writer.member("message_id", kind.messageID)
        writer.member("priority", priority.rawValue)
        for fact in facts {
            writer.key(fact.name)
            switch fact.value {
            case .integer(let value): writer.integer(value)
            case .boolean(let value): writer.boolean(value)
            case .string(let value): writer.string(value)
            }
        }
    }
}

/// How much an event says; less is tried only if more does not fit.
///
/// An event with less than all says so in its member `truncated`.
enum EventDetail: CaseIterable {
    case everything, withoutAncestors, withoutArguments, shortStrings

    /// The longest event, in bytes.
    static let limitBytes = 98_304

    /// The longest string at this level.
    var stringLimitBytes: Int {
        switch self {
        case .everything, .withoutAncestors: ArgumentRecord.defaultLimitBytes + 64
        case .withoutArguments: 1024
        case .shortStrings: 128
        }
    }
}
