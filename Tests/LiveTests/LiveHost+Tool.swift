// The command line tool on a live host, as root or as somebody else, and the groups that give
// permissions there.

import Glibc
import Testing

/// Who runs a command.
enum Person: CaseIterable {
    case root
    /// In the group minewarden-rules.
    case rulesWriter
    /// In the group minewarden-actions.
    case actionsKeeper
    /// In neither.
    case stranger

    var user: Int {
        switch self {
        case .root: 0
        case .rulesWriter: 61_001
        case .actionsKeeper: 61_002
        case .stranger: 61_003
        }
    }

    static let rulesGroup = 61_701
    static let actionsGroup = 61_702

    /// What a command is started through.
    var launcher: [String] {
        guard self != .root else { return [] }
        let groups =
            switch self {
            case .rulesWriter: ["--groups", "\(Self.rulesGroup)"]
            case .actionsKeeper: ["--groups", "\(Self.actionsGroup)"]
            case .root, .stranger: ["--clear-groups"]
            }
        return ["/usr/bin/setpriv", "--reuid", "\(user)", "--regid", "\(user)"] + groups
    }
}

/// What a command said and how it ended.
struct Answer: CustomStringConvertible {
    let code: Int
    let output: String
    let errors: String

    var description: String { "exit status \(code)\n\(output)\(errors)" }
}

extension LiveHost {
    /// Runs `minewarden` with arguments, against this host's daemon.
    @discardableResult
    func minewarden(_ arguments: String..., by person: Person = .root) throws -> Answer {
        let tool = StandIns.daemon.replacing("minewardend", with: "minewarden")
        return try run([tool] + arguments + ["--runtime-dir", scratch + "/run"], by: person)
    }

    /// Runs a program of the machine.
    func run(_ command: [String], by person: Person = .root) throws -> Answer {
        let child = try Child(
            (person.launcher + command).map { Bytes($0) },
            scratch: scratch
        )
        let code = try child.wait(upTo: .seconds(20))
        return Answer(code: code, output: child.output, errors: child.errorOutput)
    }

    /// Where the protection settings are.
    var protectionPath: String { scratch + "/config/protection.yaml" }
}

/// The users and groups of the tests, in place of the machine's files in this mount namespace.
final class TestGroups {
    private let directory: String

    init() throws {
        directory = "/tmp/minewarden-groups-\(getpid())"
        try Files.makeDirectory(directory)
        try Files.write(
            """
            root:x:0:
            minewarden-rules:x:\(Person.rulesGroup):rita
            minewarden-actions:x:\(Person.actionsGroup):arno

            """,
            to: directory + "/group"
        )
        try Files.write(
            """
            root:x:0:0:root:/root:/bin/sh
            rita:x:\(Person.rulesWriter.user):\(Person.rulesWriter.user)::/:/bin/sh
            arno:x:\(Person.actionsKeeper.user):\(Person.actionsKeeper.user)::/:/bin/sh

            """,
            to: directory + "/passwd"
        )
        for name in ["group", "passwd"] {
            guard mount("\(directory)/\(name)", "/etc/\(name)", nil, UInt(MS_BIND), nil) == 0
            else { throw LiveError("cannot replace /etc/\(name): errno \(errno)") }
        }
    }

    deinit {
        for name in ["group", "passwd"] { umount2("/etc/\(name)", CInt(MNT_DETACH)) }
        Files.removeTree(directory)
    }
}
