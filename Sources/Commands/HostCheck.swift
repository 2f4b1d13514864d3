// One thing about this host that was looked at, what was found, and what to do about it.

internal import Diagnostics
internal import Signals

/// The outcome of one check.
struct HostCheck: Equatable {
    /// How much of the protection depends on it.
    enum Status: String {
        case ok
        /// A part of the protection is missing, or could not be looked at.
        case warn
        /// The daemon cannot do its work.
        case fail
    }

    /// Stable, for tools: "fanotify".
    let name: String
    let status: Status
    /// What was found, in a sentence without an end.
    let finding: String
    /// What would help; nil if nothing has to be done.
    let remedy: String?

    init(_ name: String, _ status: Status, _ finding: String, remedy: String? = nil) {
        self.name = name
        self.status = status
        self.finding = finding
        self.remedy = remedy
    }

    /// Ok, or else `status` with a remedy.
    init(
        _ name: String,
        _ isGood: Bool,
        else status: Status,
        _ finding: String,
        remedy: String
    ) {
        self.init(name, isGood ? .ok : status, finding, remedy: isGood ? nil : remedy)
    }

    /// As people read it, with the remedy on a line of its own.
    var text: String {
        let mark = "[\(status.rawValue)]"
        let line =
            mark + String(repeating: " ", count: 7 - mark.count)
            + "\(name): \(Escaping.terminal(finding))\n"
        return remedy.map { "\(line)       \(Escaping.terminal($0))\n" } ?? line
    }

    /// As a member of a list.
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.key("name")
            $0.string(Array(name.utf8))
            $0.key("status")
            $0.string(Array(status.rawValue.utf8))
            $0.key("finding")
            $0.string(Array(finding.utf8))
            if let remedy {
                $0.key("remedy")
                $0.string(Array(remedy.utf8))
            }
        }
    }
}
