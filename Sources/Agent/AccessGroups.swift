// Who may change rules and protection: two groups of the host, read from /etc/group and /etc/passwd.
// Never NSS. Pure, but for the reading.

import LinuxSystem

/// A permission that changes to the service need.
enum Permission: String, Sendable, CaseIterable {
    /// Create, update and deploy custom rules.
    case rulesWrite = "rules_write"
    /// Enable Active Protection, change protection or scope.
    case rulesActions = "rules_actions"

    /// The group of the host whose members have it.
    var group: String {
        switch self {
        case .rulesWrite: "minewarden-rules"
        case .rulesActions: "minewarden-actions"
        }
    }
}

/// The groups that give permissions, and their members.
struct AccessGroups: Sendable, Equatable {
    /// The numbers of the groups; one that the host does not have is missing.
    private(set) var numbers: [Permission: UInt32] = [:]
    /// Users that the files name as members; a user whose groups come from elsewhere is not among
    /// them.
    private(set) var members: [Permission: Set<UInt32>] = [:]

    /// What this process may write anyway: root's, but for a daemon under test.
    private let own = Host.identity

    static func == (left: AccessGroups, right: AccessGroups) -> Bool {
        left.numbers == right.numbers && left.members == right.members
    }

    /// Those of this host, as the files say now; blocks as they do.
    static var current: AccessGroups {
        AccessGroups(
            group: (try? ConfigurationFile.read("/etc/group")) ?? [],
            passwd: (try? ConfigurationFile.read("/etc/passwd")) ?? []
        )
    }

    /// Reads group(5) and passwd(5).
    init(group: [UInt8], passwd: [UInt8]) {
        var users: [String: UInt32] = [:]
        var primary: [UInt32: Set<UInt32>] = [:]
        for fields in Self.lines(passwd) where fields.count >= 4 {
            guard let user = UInt32(fields[2]), let group = UInt32(fields[3]) else { continue }
            users[fields[0]] = users[fields[0]] ?? user
            primary[group, default: []].insert(user)
        }
        for fields in Self.lines(group) where fields.count >= 3 {
            guard let permission = Permission.allCases.first(where: { $0.group == fields[0] }),
                numbers[permission] == nil, let number = UInt32(fields[2])
            else { continue }
            let names = fields.count > 3 ? fields[3].split(separator: ",") : []
            numbers[permission] = number
            members[permission] = Set(names.compactMap { users[String($0)] })
                .union(primary[number] ?? [])
        }
    }

    /// The permissions of somebody with these credentials; root has all.
    func permissions(of peer: PeerCredentials) -> Set<Permission> {
        guard peer.user != 0 else { return Set(Permission.allCases) }
        return Set(Permission.allCases.filter { numbers[$0].map(peer.isMember) ?? false })
    }

    /// Why a file or directory could be changed by somebody without the permission; nil if it
    /// could not.
    func complaint(about file: FileIdentity, needs permission: Permission?) -> String? {
        let owners = permission.flatMap { members[$0] } ?? []
        guard [0, own.user].contains(file.user) || owners.contains(file.user) else {
            return "it belongs to user \(file.user), who does not have"
                + " \(permission?.rawValue ?? "the right to change it")"
        }
        let number = permission.flatMap { numbers[$0] }
        if file.mode & 0o020 != 0, ![0, own.group, number].contains(file.group) {
            return "group \(file.group) may write it"
        }
        return file.mode & 0o002 != 0 ? "everybody may write it" : nil
    }

    private static func lines(_ text: [UInt8]) -> [[String]] {
        String(decoding: text, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
