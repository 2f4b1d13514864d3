// Which programs start the program named in their arguments: a table, sorted by what they are for.
// Whoever adds one looks its options up: those that take the next argument must be known.

extension CommandWrapper {
    /// The wrapper of a name; nil if it is none.
    static func named(_ name: ByteString) -> CommandWrapper? {
        if let index = names.index(of: name) { return wrappers[index] }
        // python3.11, ld-linux-x86-64.so.2, qemu-aarch64-static
        if name.starts(with: "python".utf8) { return wrappers[interpreterIndex] }
        if name.starts(with: "ld-linux".utf8) || name.starts(with: "qemu-".utf8) {
            return CommandWrapper(namesWithValue: ["library-path", "preload", "argv0", "cpu"])
        }
        return nil
    }

    private static let entries: [(String, CommandWrapper)] =
        users + schedulers + sessions + remotes + runners + interpreters + shellWords
    private static let names = ByteStringTable(entries.map { Array($0.0.utf8) })
    private static let wrappers = entries.map(\.1)
    private static let interpreterIndex = names.index(of: Array("python3".utf8)[...]) ?? 0

    private static func each(
        _ names: String,
        _ wrapper: CommandWrapper = CommandWrapper()
    ) -> [(String, CommandWrapper)] {
        names.split(separator: " ").map { (String($0), wrapper) }
    }

    /// As somebody else, somewhere else.
    private static let users: [(String, CommandWrapper)] =
        each(
            "sudo",
            CommandWrapper(
                lettersWithValue: "ugpCrtTUhRD",
                namesWithValue: ["user", "group", "prompt", "chdir", "host"],
                takesAssignments: true
            )
        )
        + each("doas", CommandWrapper(lettersWithValue: "uC"))
        + each(
            "env",
            CommandWrapper(
                lettersWithValue: "uCS",
                namesWithValue: ["unset", "chdir"],
                takesAssignments: true
            )
        )
        + each("runuser", CommandWrapper(lettersWithValue: "ugGsc", namesWithValue: ["user"]))
        + each("gosu su-exec setuidgid s6-setuidgid envdir", CommandWrapper(positions: 1))
        + each("setpriv", CommandWrapper(namesWithValue: ["reuid", "regid", "groups"]))
        + each("chroot setarch", CommandWrapper(positions: 1))
        + each("unshare nsenter", CommandWrapper(lettersWithValue: "tSG"))
        + each("proot", CommandWrapper(lettersWithValue: "brwqiRk"))
        + each("chpst", CommandWrapper(lettersWithValue: "ueUmdopctfrl/"))
        + each("su", CommandWrapper(lettersWithValue: "cgGsw", positions: 1))
        + each("firejail fakeroot dbus-run-session catchsegv eatmydata docker-entrypoint.sh")
        + each("entrypoint.sh with-contenv catatonit busybox")

    /// With other priorities and limits, or for a time.
    private static let schedulers: [(String, CommandWrapper)] =
        each("nohup setsid time", CommandWrapper(lettersWithValue: "fo"))
        + each("ionice", CommandWrapper(lettersWithValue: "cnp"))
        + each("nice", CommandWrapper(lettersWithValue: "n", namesWithValue: ["adjustment"]))
        + each("chrt", CommandWrapper(lettersWithValue: "TPD", positions: 1))
        + each("taskset", CommandWrapper(positions: 1))
        + each(
            "timeout",
            CommandWrapper(lettersWithValue: "ks", namesWithValue: ["signal"], positions: 1)
        )
        + each("numactl", CommandWrapper(lettersWithValue: "iNmCpl"))
        + each(
            "cpulimit",
            CommandWrapper(
                lettersWithValue: "lpPe",
                namesWithValue: ["limit", "pid", "path", "exe"]
            )
        )
        + each("schedtool", CommandWrapper(lettersWithValue: "anMp"))
        + each("prlimit softlimit", CommandWrapper(lettersWithValue: "amdsflcor"))
        + each("choom", CommandWrapper(lettersWithValue: "np"))
        + each("cgexec trickle", CommandWrapper(lettersWithValue: "gudwt"))
        + each("flock", CommandWrapper(lettersWithValue: "wE", positions: 1))
        + each("stdbuf", CommandWrapper(lettersWithValue: "ioe"))
        + each("watch", CommandWrapper(lettersWithValue: "nq", namesWithValue: ["interval"]))
        + each(
            "systemd-run",
            CommandWrapper(
                lettersWithValue: "upHMEE",
                namesWithValue: [
                    "unit", "property", "slice", "description", "uid", "gid",
                    "working-directory", "setenv", "machine", "nice",
                ]
            )
        )
        + each(
            "start-stop-daemon",
            CommandWrapper(programOptions: ["exec", "x", "startas", "a"])
        )

    /// In sessions and terminals of their own.
    private static let sessions: [(String, CommandWrapper)] =
        each("screen", CommandWrapper(lettersWithValue: "SceshtpTX"))
        + each(
            "tmux",
            CommandWrapper(
                lettersWithValue: "LSfcsntxyeF",
                verbs: [
                    "new", "new-session", "new-window", "neww", "split-window", "splitw",
                    "respawn-pane", "send-keys", "send",
                ]
            )
        )
        + each("dtach", CommandWrapper(lettersWithValue: "rE", positions: 1))
        + each("abduco", CommandWrapper(lettersWithValue: "e", positions: 1))
        + each("unbuffer tini dumb-init", CommandWrapper(lettersWithValue: "per"))
        + each("xvfb-run", CommandWrapper(lettersWithValue: "ensfpw"))
        + each("script", CommandWrapper(lettersWithValue: "EBIOTmo"))
        + each("strace ltrace", CommandWrapper(lettersWithValue: "eopsu"))
        + each("perf", CommandWrapper(lettersWithValue: "eopCF", verbs: ["stat", "record"]))

    /// On other hosts and in containers that run already.
    private static let remotes: [(String, CommandWrapper)] =
        each(
            "ssh autossh dbclient",
            CommandWrapper(lettersWithValue: "bBcDEeFIiJLlmMOopQRSWw", positions: 1)
        )
        + each("sshpass", CommandWrapper(lettersWithValue: "pfdP"))
        + each("ansible", CommandWrapper(programOptions: ["a", "args"]))
        + each("pssh parallel-ssh pdsh clush", CommandWrapper(lettersWithValue: "hHlptoexwgWX"))
        + each(
            "kubectl oc k3s",
            CommandWrapper(
                lettersWithValue: "ncfs",
                namesWithValue: ["namespace", "container", "context", "kubeconfig"],
                positions: 1,
                verbs: ["exec"]
            )
        )
        + each("docker podman nerdctl", containerExec)
        + each("lxc incus", CommandWrapper(positions: 1, verbs: ["exec"]))
        + each("lxc-attach", CommandWrapper(lettersWithValue: "nP"))
        + each("machinectl", CommandWrapper(positions: 1, verbs: ["shell"]))
        + each(
            "singularity apptainer",
            CommandWrapper(
                lettersWithValue: "BHS",
                namesWithValue: ["bind", "home"],
                positions: 1,
                verbs: ["exec", "run"]
            )
        )
        + each("proxychains proxychains4 proxychains-ng", CommandWrapper(lettersWithValue: "f"))
        + each("torsocks torify", CommandWrapper(lettersWithValue: "uaP"))
        + each("graftcp", CommandWrapper(lettersWithValue: "abnmpu"))

    private static let containerExec = CommandWrapper(
        lettersWithValue: "euwH",
        namesWithValue: ["env", "user", "workdir", "context", "host", "env-file", "log-level"],
        positions: 1,
        verbs: ["exec"]
    )

    /// Many at a time, by job systems and process managers.
    private static let runners: [(String, CommandWrapper)] =
        each("xargs", CommandWrapper(lettersWithValue: "IinPsLdaE"))
        + each("parallel sem", CommandWrapper(lettersWithValue: "jSNIa"))
        + each("find", CommandWrapper(programOptions: ["exec", "execdir", "ok", "okdir"]))
        + each(
            "srun salloc",
            CommandWrapper(lettersWithValue: "nNctpJwAoexDi", namesWithValue: ["time", "gres"])
        )
        + each(
            "mpirun mpiexec",
            CommandWrapper(lettersWithValue: "nHx", namesWithValue: ["np", "host", "hostfile"])
        )
        + each("pm2 forever", CommandWrapper(verbs: ["start"]))
        + each("npx bunx nodemon", CommandWrapper(lettersWithValue: "p"))
        + each("uv poetry pipenv", CommandWrapper(verbs: ["run"]))
        + each("bundle", CommandWrapper(verbs: ["exec"]))
        + each("daemonize", CommandWrapper(lettersWithValue: "cepluE"))

    /// Of these the program is the script, the archive or the foreign executable.
    private static let interpreters: [(String, CommandWrapper)] =
        each("python3", CommandWrapper(lettersWithValue: "cWXQ"))
        + each("node nodejs", CommandWrapper(lettersWithValue: "rep"))
        + each("deno bun", CommandWrapper(verbs: ["run"]))
        + each("perl ruby", CommandWrapper(lettersWithValue: "eEI"))
        + each("php lua", CommandWrapper(lettersWithValue: "rdcel"))
        + each("java", CommandWrapper(namesWithValue: ["cp", "classpath"]))
        + each("dotnet mono wine wine64 box64 box86 fex")
        + each("sh bash dash ash zsh ksh", CommandWrapper(lettersWithValue: "oO"))

    /// What precedes a command in a script.
    private static let shellWords: [(String, CommandWrapper)] =
        each("then do else while until if ! { (")
        // `command -v NAME` only looks NAME up.
        + each("command", CommandWrapper(lettersWithValue: "vV"))
        + each("exec", CommandWrapper(lettersWithValue: "a"))
}
