// Names of users and groups from /etc/passwd and /etc/group. Never NSS: it may load libraries, ask
// servers and start services, which are execs that we would hold. Verdict threads see a snapshot;
// another thread refreshes it.

import LinuxSystem
import RuleLanguage
import Synchronization

/// The names that numbers have on this host; any thread.
final class UserNames: Sendable {
    private struct Tables {
        var users: [UInt32: [UInt8]] = [:]
        var groups: [UInt32: [UInt8]] = [:]
    }

    private let tables = Mutex(Tables())
    private let passwd: WatchedFile
    private let group: WatchedFile

    init(passwd: String = "/etc/passwd", group: String = "/etc/group") {
        self.passwd = WatchedFile(path: passwd)
        self.group = WatchedFile(path: group)
        refresh()
    }

    /// Reads the files again if they have changed; not for verdict threads.
    func refresh() {
        if let text = passwd.contentIfChanged() {
            let users = Self.parse(text)
            tables.withLock { $0.users = users }
        }
        if let text = group.contentIfChanged() {
            let groups = Self.parse(text)
            tables.withLock { $0.groups = groups }
        }
    }

    /// The name of a user; empty if it has none here.
    func user(_ number: UInt32?) -> ByteString {
        guard let number else { return [] }
        return tables.withLock { $0.users[number] ?? [] }[...]
    }

    func group(_ number: UInt32?) -> ByteString {
        guard let number else { return [] }
        return tables.withLock { $0.groups[number] ?? [] }[...]
    }

    /// `name:password:number:…` per line (passwd(5), group(5)); the first name of a number counts.
    static func parse(_ text: [UInt8]) -> [UInt32: [UInt8]] {
        var names: [UInt32: [UInt8]] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(
                separator: UInt8(ascii: ":"),
                maxSplits: 3,
                omittingEmptySubsequences: false
            )
            guard fields.count >= 3, !fields[0].isEmpty,
                let number = UInt32(String(decoding: fields[2], as: UTF8.self))
            else { continue }
            if names[number] == nil { names[number] = Array(fields[0]) }
        }
        return names
    }
}
