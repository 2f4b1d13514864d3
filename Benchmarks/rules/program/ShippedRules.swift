// What a decision about an ordinary exec costs with the rules of the package: arguments and
// environment are new for each decision, as they are for the daemon, so that what rules ask about
// them is found out each time.

import CAllocationCount
import Foundation
import Policy
import RuleLanguage

/// An exec whose arguments are looked at anew.
final class FreshEvent: EventSource {
    private let description: EventDescription
    private let arguments = ProgramArguments()
    private let vector: ByteStringList
    private let environment: ByteStringList

    init(_ description: EventDescription) {
        self.description = description
        let argv0 = description.string(Field(.process, .argv0), element: 0)
        vector = ByteStringList([argv0] + description.strings(Field(.process, .argv), element: 0))
        environment = description.strings(Field(.process, .envp), element: 0)
    }

    /// Forgets what was found out.
    func renew() {
        // As the daemon does: the lists are those that the strings were read into.
        arguments.replace(argv: vector, envp: environment)
    }

    var now: Int64 { 0 }
    func count(of subject: Subject) -> Int { description.count(of: subject) }
    func boolean(_ field: Field, element: Int) -> Bool {
        description.boolean(field, element: element)
    }
    func integer(_ field: Field, element: Int) -> Int64 {
        description.integer(field, element: element)
    }
    func string(_ field: Field, element: Int) -> ByteString {
        if field == Field(.process, .args) { return arguments.args }
        return description.string(field, element: element)
    }
    func strings(_ field: Field, element: Int) -> ByteStringList {
        guard field.subject == .process else { return description.strings(field, element: element) }
        switch field.attribute {
        case .argv: return arguments.argv
        case .argsFlags: return arguments.flags
        case .argsOptions: return arguments.options
        case .envp: return arguments.environment
        case .envs: return arguments.names
        default:
            return arguments.evidence(field.attribute)
                ?? description.strings(field, element: element)
        }
    }
    func alternatives(of field: Field, element: Int) -> ByteStringList { ByteStringList() }
    func variable(_ name: String) -> VariableValue? { nil }
}

/// Ordinary execs with the environment of a login session.
private let ordinary: [(line: String, path: String)] = [
    ("ls -la /srv/app", "/usr/bin/ls"),
    (
        "gcc -DHAVE_CONFIG_H -I. -I.. -O2 -g -Wall -Wextra -fPIC -fstack-protector-strong -MD -MF pool.d -c pool.c -o pool.o",
        "/usr/bin/gcc"
    ), ("python3 -m http.server --bind 127.0.0.1 8080", "/usr/bin/python3"),
    ("git commit -m describe-the-thread-pool --author me@example.org", "/usr/bin/git"),
    ("sh -c test\u{1F}-x\u{1F}/etc/cron.daily/x\u{1F}&&\u{1F}/etc/cron.daily/x", "/usr/bin/sh"),
    ("sed -e s,a,b, -i file", "/usr/bin/sed"), ("sudo -u www-data php cron.php", "/usr/bin/sudo"),
    (
        "docker run --rm -p 8080:80 -e DB=db.example.org:5432 -v /srv:/srv example/app:1.2 serve",
        "/usr/bin/docker"
    ), ("node --max-old-space-size=4096 /srv/app/server.js --port 3000", "/usr/bin/node"),
    ("rm -rf /tmp/build-1234", "/usr/bin/rm"),
]

private let session = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/user",
    "LANG=C.UTF-8", "PWD=/srv/app", "SHELL=/bin/bash", "TERM=xterm-256color", "USER=user",
    "LOGNAME=user", "SSH_CLIENT=203.0.113.7 50222 22", "SSH_TTY=/dev/pts/0", "SHLVL=1",
    "SSH_CONNECTION=203.0.113.7 50222 203.0.113.8 22", "XDG_RUNTIME_DIR=/run/user/1000",
    "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus", "XDG_SESSION_ID=12",
    "LS_COLORS=rs=0:di=01;34:ln=01;36:mh=00:pi=40;33:so=01;35:do=01;35:bd=40;33;01:cd=40;33;01:or=40;31;01:mi=00:su=37;41:sg=30;43:ca=00:tw=30;42:ow=34;42:st=37;44:ex=01;32:*.tar=01;31:*.tgz=01;31",
    "LESSOPEN=| /usr/bin/lesspipe %s", "EDITOR=vim", "MAIL=/var/mail/user", "OLDPWD=/srv",
    "DD_SERVICE=web", "DATABASE_URL=postgres://app:secret@db.example.org:5432/app",
    "NODE_ENV=production", "_=/usr/bin/env",
]

/// Measures decisions about ordinary execs with the rules in a folder, and prints one line.
///
/// - Returns: nanoseconds of one decision, and allocations.
func measureShippedRules(in folder: String) -> (nanoseconds: Double, allocations: Double) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let sources = names.filter { $0.hasSuffix(".yaml") }.sorted().map { name in
        let text = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        return PolicySource(name: name, bytes: Array(text), origin: .shipped)
    }
    let loaded = PolicyLoader.load(sources: sources)
    precondition(!loaded.hasErrors && !loaded.ruleSet.rules.isEmpty, "no rules in \(folder)")
    let events = ordinary.map { line, path in
        let words = line.split(separator: " ").map {
            Array($0.utf8.map { $0 == 0x1F ? UInt8(ascii: " ") : $0 })
        }
        let event = try? EventDescription(
            executable: Array(path.utf8),
            argv: words,
            envp: session.map { Array($0.utf8) }
        )
        guard let event else { preconditionFailure("the exec is wrong: \(line)") }
        return FreshEvent(event)
    }
    var scratch = MatchScratch()
    func pass(_ count: Int) {
        for _ in 0..<count {
            for event in events {
                event.renew()
                loaded.ruleSet.matches(event, into: &scratch)
                precondition(scratch.matched.isEmpty, "a rule matches an ordinary exec")
            }
        }
    }
    pass(200)
    let clock = ContinuousClock()
    let times = (0..<40).map { _ in
        nanoseconds(clock.measure { pass(100) }) / Double(100 * events.count)
    }
    let before = allocations_count()
    pass(100)
    let allocations = Double(allocations_count() - before) / Double(100 * events.count)
    return (times.min() ?? 0, allocations)
}
