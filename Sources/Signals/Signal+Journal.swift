// The journal form of a signal. Field names are part of what the product promises to its users.

extension Signal {
    /// The record of the signal for the journal.
    ///
    /// Standard fields first, then every fact as `MINEWARDEN_NAME`, and for a detection
    /// `MINEWARDEN_EVENT`, the CWS event as one JSON object. Values are the bytes of the host: the
    /// journal's readers protect terminals; `MESSAGE` alone is escaped.
    package var journalRecord: JournalRecord {
        var record = JournalRecord()
        record.append("MESSAGE", message)
        record.append("MESSAGE_ID", kind.messageID)
        record.append("PRIORITY", String(priority.rawValue))
        record.append("SYSLOG_IDENTIFIER", "minewarden")
        if case .detection(let detection) = body {
            // Both make the record appear among those of the unit the process belongs to. journald
            // finds the unit of the first only as long as the process is there, and one that was
            // refused or killed is soon gone.
            record.append("OBJECT_PID", String(detection.process.pid))
            let units = SystemdUnits(cgroup: detection.process.cgroup)
            record.append("OBJECT_SYSTEMD_UNIT", units.system)
            record.append("OBJECT_SYSTEMD_USER_UNIT", units.user)
        }
        for fact in facts {
            record.append("MINEWARDEN_" + fact.name.uppercased(), fact.text)
        }
        if case .detection = body {
            record.append("MINEWARDEN_EVENT", eventJSON(), limit: EventDetail.limitBytes)
        }
        return record
    }
}
