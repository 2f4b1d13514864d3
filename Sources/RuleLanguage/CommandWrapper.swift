// Programs that start the program named in their arguments: which they are, and where it stands.
// A table and a reader of it; decides nothing about evidence.

/// How a program that starts another one is given that other one.
struct CommandWrapper: Sendable {
    /// Letters of the options that take the next argument.
    let lettersWithValue: String
    /// Long options that take the next argument.
    let namesWithValue: Set<String>
    /// Arguments between the options and the program.
    let positions: Int
    /// Whether NAME=VALUE may stand before the program.
    let takesAssignments: Bool

    private init(
        _ letters: String,
        _ names: Set<String> = [],
        positions: Int = 0,
        env: Bool = false
    ) {
        lettersWithValue = letters
        namesWithValue = names
        self.positions = positions
        takesAssignments = env
    }

    /// The wrapper of a name; nil if it is none.
    static func named(_ name: ByteString) -> CommandWrapper? {
        // No name in the table is longer; most programs are ruled out without making a string.
        guard (2...17).contains(name.count) else { return nil }
        return table[String(decoding: name, as: UTF8.self)]
    }

    /// Where the started program stands in the words; nil if there is none.
    ///
    /// `assignments` gets the NAME=VALUE words in front of it.
    func program(in words: [ByteString], assignments: (ByteString) -> Void) -> Int? {
        var index = 1
        var positionsLeft = positions
        while index < words.count {
            let word = words[index]
            index += 1
            if word.first == UInt8(ascii: "-"), word.count > 1 {
                if word.elementsEqual("--".utf8) { continue }
                if takesNext(word) { index += 1 }
            } else if takesAssignments, word.isAssignment {
                assignments(word)
            } else if positionsLeft > 0 {
                positionsLeft -= 1
            } else {
                return index - 1
            }
        }
        return nil
    }

    private func takesNext(_ option: ByteString) -> Bool {
        if option[option.startIndex + 1] == UInt8(ascii: "-") {
            guard !option.contains(UInt8(ascii: "=")) else { return false }
            return namesWithValue.contains(String(decoding: option.dropFirst(2), as: UTF8.self))
        }
        // Of `-dmS` the last letter takes the value; of `-n19` the value is there already.
        guard let last = option.last, lettersWithValue.utf8.contains(last) else { return false }
        return option.dropFirst().dropLast().allSatisfy { !lettersWithValue.utf8.contains($0) }
    }

    private static let table: [String: CommandWrapper] = [
        "sudo": .init("ugpCrtTUhRD", ["user", "group", "prompt", "chdir", "host"], env: true),
        "doas": .init("uC"), "nohup": .init(""), "setsid": .init(""), "ionice": .init("cnp"),
        "nice": .init("n", ["adjustment"]), "chrt": .init("TPD", positions: 1),
        "taskset": .init("", positions: 1), "timeout": .init("ks", ["signal"], positions: 1),
        "stdbuf": .init("ioe"), "env": .init("uCS", ["unset", "chdir"], env: true),
        "screen": .init("SceshtpT"), "cpulimit": .init("lpPe", ["limit", "pid", "path", "exe"]),
        "graftcp": .init("abnmpu"), "proxychains": .init("f"), "proxychains4": .init("f"),
        "torsocks": .init("uaP"), "torify": .init(""), "numactl": .init("iNmCpl"),
        "unbuffer": .init(""), "time": .init("fo"), "watch": .init("n"), "exec": .init("a"),
        "systemd-run": .init(
            "upHM",
            ["unit", "property", "slice", "description", "uid", "gid", "working-directory"]
        ),
        "chroot": .init("", positions: 1), "unshare": .init("SG"), "nsenter": .init("tSG"),
        "firejail": .init(""), "schedtool": .init("anMp"), "busybox": .init(""),
        "catchsegv": .init(""), "setarch": .init("", positions: 1), "runuser": .init("ugG"),
        "gosu": .init("", positions: 1), "su-exec": .init("", positions: 1),
        "tini": .init("pe"), "dumb-init": .init("r"), "command": .init(""),
        "strace": .init("eopsu"),
        "ltrace": .init("eopsu"), "setpriv": .init("", ["reuid", "regid", "groups"]),
        "prlimit": .init(""), "softlimit": .init("amdsflcor"), "choom": .init("np"),
        "eatmydata": .init(""), "fakeroot": .init(""), "dbus-run-session": .init(""),
        "xvfb-run": .init("ensfpw"), "script": .init("cEBIOTmo"), "then": .init(""),
        "do": .init(""), "else": .init(""), "while": .init(""), "until": .init(""), "if": .init(""),
        "!": .init(""), "{": .init(""), "(": .init(""),
    ]
}

extension ByteString {
    /// What follows the last `/`.
    var baseName: ByteString {
        self[(lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? startIndex)...]
    }

    /// Whether it is NAME=VALUE with the name of a variable.
    var isAssignment: Bool {
        guard let equals = firstIndex(of: UInt8(ascii: "=")), let first, first.isNameStart else {
            return false
        }
        return self[..<equals].allSatisfy { $0.isNameStart || $0.isDigit }
    }
}
