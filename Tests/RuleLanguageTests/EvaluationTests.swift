// What each operator means on each type: SECL's semantics, row by row.

import RuleLanguage
import Testing

@Suite struct EvaluationTests {
    private static let description: [String: EventDescription.Value] = [
        "exec.file.path": "/usr/bin/xmrig",
        "exec.argv0": "./xmrig",
        "exec.argv": ["-o", "stratum+tcp://p:3333", "-u", "W", "--donate-level", "1"],
        "exec.envp": ["LD_PRELOAD=/tmp/x.so", "HOME=/root", "ODD"],
        "exec.uid": 33, "exec.gid": 5, "exec.pid": 4242, "exec.tty_name": "pts/0",
        "exec.file.mode": 0o104755, "exec.cap_effective": 0x200000,
        "exec.is_exec": true,
        "exec.created_at": 90_000_000_000, "event.timestamp": 100_000_000_000,
        "process.ancestors": .records([
            ["comm": "bash", "uid": 33, "pid": 10, "file.path": "/bin/bash"],
            ["comm": "sshd", "uid": 0, "pid": 9, "file.path": "/usr/sbin/sshd"],
        ]),
    ]

    @Test(arguments: [
        // Strings.
        ("exec.file.name == \"xmrig\"", true), ("exec.file.name == \"Xmrig\"", false),
        ("exec.file.name != \"xmrig\"", false), ("\"xmrig\" == exec.file.name", true),
        ("exec.file.name == \"xm*\"", false), ("exec.file.name == ~\"xm*\"", true),
        ("exec.file.name =~ \"xm*\"", true), ("exec.file.name =~ ~\"xm*\"", true),
        ("exec.file.name !~ \"xm*\"", false), ("exec.file.name != ~\"y*\"", true),
        ("exec.file.name =~ r\"^x.r.g$\"", true), ("exec.file.name == r\"mri\"", true),
        ("exec.file.name == r\"^mri\"", false), ("exec.file.name == r\"(?i)XMRIG\"", true),
        ("exec.file.name =~\"xm*\"", true), ("exec.file.name !~\"xm*\"", false),
        ("exec.comm == exec.file.name", true), ("exec.argv0 == exec.file.name", false),
        // Members of lists.
        ("exec.file.name in [\"a\", \"xmrig\"]", true), ("exec.file.name in [\"xm*\"]", false),
        ("exec.file.name in [\"a\", ~\"xm*\"]", true), ("exec.file.name in [r\"rig$\"]", true),
        ("exec.file.name not in [\"a\", ~\"xm*\"]", false),
        ("exec.file.name allin [\"a\", \"xmrig\"]", true),
        ("exec.argv in [\"-o\", \"never\"]", true), ("exec.argv not in [\"-o\"]", false),
        ("exec.argv not in [\"never\"]", true), ("exec.argv allin [\"-o\", \"never\"]", true),
        ("~\"stratum*\" in exec.argv", true), ("\"W\" in exec.argv", true),
        ("r\"^stratum\" in exec.argv", true), ("~\"Z*\" in exec.argv", false),
        ("\"W\" not in exec.argv", false), ("exec.tty_name in exec.argv", false),
        // Lists: any, and none for the negative forms.
        ("exec.argv == \"-u\"", true), ("exec.argv != \"-u\"", false),
        ("exec.argv != \"never\"", true), ("exec.argv =~ \"stratum*\"", true),
        ("exec.argv !~ \"stratum*\"", false), ("exec.argv !~ \"Z*\"", true),
        ("exec.argv[0] == \"-o\"", true), ("exec.argv[99] == \"\"", true),
        ("exec.argv[1] =~ \"stratum*\"", true),
        // Arguments and environment.
        ("exec.args == \"-o stratum+tcp://p:3333 -u W --donate-level 1\"", true),
        ("exec.args_flags in [\"donate-level\"]", true), ("exec.args_flags == \"o\"", true),
        ("exec.args_options in [\"donate-level=1\"]", true),
        ("exec.args_options in [~\"o=stratum*\"]", true),
        ("exec.envs in [\"HOME\"]", true), ("exec.envs in [\"HOME=/root\"]", false),
        ("exec.envs in [\"LD_PRELOAD\"]", false), ("exec.envs in [~\"LD_PRELOAD=/tmp*\"]", true),
        ("exec.envs in [\"ODD\"]", true), ("exec.envp in [\"HOME=/root\"]", true),
        // Integers.
        ("exec.uid == 33", true), ("exec.uid != 33", false), ("exec.uid > 32", true),
        ("exec.uid >= 33", true), ("exec.uid < 33", false), ("exec.uid <= 33", true),
        ("exec.uid in [1, 33]", true), ("exec.uid not in [1, 33]", false),
        ("exec.uid allin [1, 33]", true), ("33 == exec.uid", true), ("exec.uid == -1", false),
        ("exec.uid == +33", true), ("exec.uid == exec.gid", false),
        // Arithmetic and bits.
        ("exec.uid + exec.gid == 38", true), ("exec.uid - exec.gid - 1 == 27", true),
        ("exec.uid == 30 + 3", true), ("- exec.uid == -33", true), ("^ exec.uid == -34", true),
        ("exec.file.mode & S_ISUID > 0", true), ("exec.file.mode & S_ISGID > 0", false),
        ("exec.file.mode & (S_ISUID | S_ISGID) > 0", true), ("exec.file.rights == 2541", true),
        ("exec.cap_effective & CAP_SYS_ADMIN > 0", true), ("exec.uid ^ 1 == 32", true),
        ("1 + exec.uid & 1 == 2", true), ("exec.uid & 3 | 4 == 1", true),
        // Booleans.
        ("exec.is_exec", true), ("!exec.is_exec", false), ("not exec.is_exec", false),
        ("exec.is_exec == true", true), ("exec.is_exec != true", false),
        ("exec.is_thread == false", true), ("true", true), ("!!true", true),
        ("exec.is_exec == exec.is_thread", false),
        // Durations.
        ("exec.created_at < 20s", true), ("exec.created_at < 5s", false),
        ("exec.created_at > 9s", true), ("exec.created_at == 10s", true),
        ("exec.created_at <= 10000ms", true), ("exec.created_at >= 1m", false),
        ("event.timestamp - exec.created_at == 10s", true),
        ("event.timestamp - exec.created_at < 1h", true),
        // Lengths.
        ("exec.file.name.length == 5", true), ("exec.argv.length == 6", true),
        ("exec.argv[0].length == 2", true), ("process.ancestors.length == 2", true),
        // Iterated fields.
        ("process.ancestors.comm == \"sshd\"", true), ("process.ancestors.uid == 0", true),
        ("process.ancestors.uid != 33", false), ("process.ancestors.uid != 7", true),
        ("process.ancestors.uid > 32", true), ("process.ancestors.uid in [7, 33]", true),
        ("process.ancestors.uid not in [7, 33]", false), ("0 in process.ancestors.uid", true),
        ("exec.uid in process.ancestors.uid", true), ("exec.gid == process.ancestors.uid", false),
        ("process.ancestors.comm.length == 4", true),
        ("process.ancestors.comm == \"bash\" && process.ancestors.uid == 0", true),
        ("process.ancestors[A].comm == \"bash\" && process.ancestors[A].uid == 0", false),
        ("process.ancestors[A].comm == \"sshd\" && process.ancestors[A].uid == 0", true),
        ("process.ancestors[A].comm != \"bash\"", true),
        ("process.ancestors.comm != \"bash\"", false),
        ("process.ancestors[A].comm not in [\"bash\"]", true),
        ("process.ancestors[A].uid == 33 && process.ancestors.uid == 0", true),
        ("process.ancestors[1].comm == \"sshd\"", true),
        ("process.ancestors[7].comm == \"\"", true),
        ("process.ancestors.comm[1] == \"sshd\"", true), ("process.ancestors[7].uid == 0", true),
        ("process.parent.comm == \"bash\"", true), ("process.ppid == 10", true),
        ("process.parent.file.path == ~\"/bin/*\"", true),
        // Old names.
        ("exec.filename == \"/usr/bin/xmrig\"", true), ("exec.basename == \"xmrig\"", true),
        ("exec.name == \"xmrig\"", true), ("process.name == \"xmrig\"", true),
        ("process.ancestors.filename == \"/bin/bash\"", true), ("async", false),
        // Strings with references.
        ("exec.args != \"%{process.file.name}:${process.pid}\"", true),
        ("exec.file.path == \"/usr/bin/%{process.file.name}\"", true),
        ("\"%{process.file.name}:%{process.uid}\" == \"xmrig:33\"", true),
        ("\"${process.pid}\" == \"4242\"", true), ("%{process.uid} == 33", true),
        ("%{process.file.name.length} == 5", true), ("\"$${process.pid}\" == \"$4242\"", true),
        ("exec.file.name != \"${\"", true),
        // Precedence.
        ("true || true && false", true), ("(true || true) && false", false),
        ("false && true || true", false), ("(false && true) || true", true),
        ("false && false or true", false), ("true and not false", true),
        ("1 - 1 - 1 == -1", true), ("6 & 3 | 4 == 6", true),
    ])
    func `an expression has its value`(expression: String, expected: Bool) throws {
        #expect(try value(expression, event(Self.description)) == expected)
    }
}
