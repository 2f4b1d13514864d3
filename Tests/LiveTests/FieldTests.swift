// Fields whose value is that of the image about to run, while the task still shows the old one:
// each by a rule that blocks only if the value is right.

import Glibc
import Testing

@Suite("LiveTests: fields", .serialized, .requiresLiveKernel)
struct FieldTests {
    /// A host whose only further rules are these conditions, by name.
    private func host(_ conditions: [(name: String, condition: String)]) throws -> LiveHost {
        var rules = "rules:\n"
        for (name, condition) in conditions {
            rules += """
                  - id: field_\(name)
                    expression: >-
                      exec.args == "\(name)-@TOKEN@" && \(condition)
                    actions:
                      - kill:
                          signal: SIGKILL

                """
        }
        return try LiveHost(
            LiveSettings(
                ruleFiles: ["fields.yaml": rules],
                protectedRules: conditions.map { "field_\($0.name)" }
            )
        )
    }

    /// Starts a program with the word that the rule `name` looks for.
    private func start(
        _ name: String,
        on host: LiveHost,
        _ kind: String = "execve",
        program: String? = nil,
        environment: [Bytes] = [],
        launcher: [Bytes] = []
    ) throws -> StartResult {
        let path = program ?? host.root + "/standin-static"
        return try host.start(
            kind,
            path,
            arguments: [Bytes(path), Bytes("\(name)-\(host.token)")],
            environment: environment,
            launcher: launcher
        )
    }

    private func expectDenied(_ result: StartResult, _ name: String, _ host: LiveHost) {
        #expect(result.answer == "EPERM", "\(name): \(result)\n\(host.record)")
        let signals = host.signals(of: "field_\(name)", about: result.pid)
        #expect(signals.count == 1 && signals.first?.outcome == "denied", "\(name)\n\(host.record)")
    }

    private func sha256(of path: String) throws -> String {
        let child = try Child(["sha256sum", Bytes(path)], scratch: StandIns.scratch)
        try child.wait(upTo: .seconds(10))
        return String(child.output.prefix(64))
    }

    @Test func `the file is that of the new image`() throws {
        let digest = try sha256(of: "\(StandIns.directory)/standin-static")
        let host = try host([
            ("filesystem", #"exec.file.filesystem == "tmpfs""#),
            ("owner", #"exec.file.user == "nobody" && exec.file.group == "nogroup""#),
            ("hash", #"exec.file.hashes in ["sha256:\#(digest)"]"#),
            ("package", #"exec.file.package.name == "" && exec.is_thread == false"#),
            ("layer", "exec.file.in_upper_layer == false && event.async == false"),
        ])
        chown(host.root + "/standin-static", 65534, 65534)
        for name in ["filesystem", "owner", "hash", "package", "layer"] {
            expectDenied(try start(name, on: host), name, host)
        }
        // The digest is also what the signal tells.
        let signal = try #require(host.signals(of: "field_hash").first)
        #expect(signal.json["minewarden", "sha256"]?.text == digest, "\(host.record)")
    }

    @Test func `a file in memory has a digest and a file system`() throws {
        let host = try host([
            (
                "memory",
                #"exec.file.filesystem == "tmpfs" && exec.file.hashes =~ "sha256:*""#
            )
        ])
        let path = try host.addOwnLoader()
        expectDenied(try start("memory", on: host, "memfd", program: path), "memory", host)
    }

    @Test func `a set-id program has the rights it will have`() throws {
        let host = try host([
            (
                "setid",
                #"exec.uid == 65534 && exec.euid == 0 && exec.euser == "root" && "#
                    + "(exec.cap_effective & CAP_NET_ADMIN) == CAP_NET_ADMIN"
            ),
            (
                "heldback",
                "exec.euid == 65534 && (exec.cap_permitted & CAP_NET_ADMIN) != CAP_NET_ADMIN"
            ),
            ("nosuid", "exec.uid == 65534 && exec.euid == 65534"),
        ])
        chmod(host.root + "/standin-static", 0o4755)
        let nobody: [Bytes] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        expectDenied(try start("setid", on: host, launcher: nobody + ["--"]), "setid", host)
        let heldBack = nobody + ["--no-new-privs", "--"]
        expectDenied(try start("heldback", on: host, launcher: heldBack), "heldback", host)
        try #require(mount("none", host.root, nil, UInt(MS_REMOUNT | MS_NOSUID), nil) == 0)
        expectDenied(try start("nosuid", on: host, launcher: nobody + ["--"]), "nosuid", host)
    }

    @Test(arguments: ["watched", "elsewhere"])
    func `the interpreter is a file with an owner`(place: String) throws {
        let owner = place == "watched" ? "nobody" : "root"
        let rule = """
            rules:
              - id: field_script
                expression: >-
                  exec.args =~ "*script-@TOKEN@" && exec.interpreter.file.user == "\(owner)" &&
                  exec.interpreter.file.inode != 0 && exec.interpreter.file.filesystem != "" &&
                  exec.file.name == "run.sh"
                actions:
                  - kill:
                      signal: SIGKILL

            """
        let host = try LiveHost(
            LiveSettings(ruleFiles: ["script.yaml": rule], protectedRules: ["field_script"])
        )
        chown(host.root + "/standin-static", 65534, 65534)
        let interpreter = place == "watched" ? host.root + "/standin-static" : "/bin/sh"
        let script = try host.addScript("run.sh", interpreter: interpreter)
        let result = try start("script", on: host, program: script)
        expectDenied(result, "script", host)
    }

    @Test func `a file written to an overlay is in its upper layer`() throws {
        let host = try host([
            ("upper", "exec.file.in_upper_layer == true"),
            ("lower", "exec.file.in_upper_layer == false"),
        ])
        for name in ["upper", "work", "merged", "lower"] {
            try Files.makeDirectory(host.root + "/" + name)
        }
        try Files.copy(host.root + "/standin-static", to: host.root + "/lower/old")
        let options =
            "lowerdir=\(host.root)/lower,upperdir=\(host.root)/upper,workdir=\(host.root)/work"
        let merged = host.root + "/merged"
        try #require(mount("overlay", merged, "overlay", 0, options) == 0)
        defer { umount2(merged, CInt(MNT_DETACH)) }
        try Files.copy(host.root + "/standin-static", to: merged + "/new")
        expectDenied(try start("upper", on: host, program: merged + "/new"), "upper", host)
        expectDenied(try start("lower", on: host, program: merged + "/old"), "lower", host)
    }

    @Test func `what led to the exec tells its own`() throws {
        let host = try host([
            ("package", #"process.ancestors.file.package.name == "dash""#),
            ("forked", #"process.ancestors.is_thread == true && process.is_exec == true"#),
            ("service", #"event.service == "svc-@TOKEN@""#),
        ])
        let shell: [Bytes] = ["/bin/sh", "-c", #"( "$@"; true ); true"#, "sh"]
        expectDenied(try start("package", on: host, launcher: shell), "package", host)
        expectDenied(try start("forked", on: host, launcher: shell), "forked", host)
        let service: [Bytes] = ["env", Bytes("DD_SERVICE=svc-\(host.token)")]
        expectDenied(try start("service", on: host, launcher: service), "service", host)
    }

    @Test(.requiresWritableCgroups)
    func `a container has an age and its control group a place`() throws {
        let id = String(repeating: "0123456789abcdef", count: 4)
        let host = try host([
            (
                "container",
                #"process.container.id == "\#(id)" && process.container.created_at < 1h && "#
                    + "process.cgroup.file.inode != 0 && process.cgroup.file.mount_id != 0"
            )
        ])
        let group = "\(Requirements.cgroups)/minewarden-\(host.token)-\(id)"
        try Files.makeDirectory(group)
        defer { rmdir(group) }
        let join = Bytes("echo $$ >'\(group)/cgroup.procs' && exec \"$@\"")
        let launcher: [Bytes] = ["/bin/sh", "-c", join, "sh"]
        expectDenied(try start("container", on: host, launcher: launcher), "container", host)
    }

    @Test func `a field without a value is told at the start`() throws {
        let host = try host([("parent", #"process.parent.interpreter.file.name == "x""#)])
        #expect(host.daemon.errorOutput.contains("P025"), "\(host.record)")
        #expect(try start("parent", on: host).answer == "ok")
    }
}
