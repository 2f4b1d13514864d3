// Which control group a kill action may end, and which programs are never blocked.

import Glibc
import LinuxSystem
import Policy
import Signals
import Testing

@testable import Agent

private let id = "e0de33db89c6f5cdb4d7b2d4b9b3d5d3a3a1c2c9f6a8b7c6d5e4f3a2b1c0d9e8"

struct `Kill scope` {
    private func group(_ path: String, _ scope: KillReport.Scope) -> String? {
        (try? scope.group(of: CgroupPath(bytes(path)))).map { text($0) }
    }

    @Test(arguments: [
        "/docker/\(id)", "/system.slice/docker-\(id).scope", "/machine.slice/libpod-\(id).scope",
        "/kubepods.slice/kubepods-besteffort.slice/cri-containerd-\(id).scope",
    ])
    func `of a container is the part with its id and all below`(path: String) {
        #expect(group(path, .container) == path)
        #expect(group(path + "/init.scope", .container) == path)
        #expect(group(path + "/system.slice/x.service", .container) == path)
    }

    @Test(arguments: [
        "/", "/system.slice", "/user.slice", "/init.scope", "/user.slice/user-1000.slice",
        "/user.slice/user-1000.slice/user@1000.service", "/docker", "/kubepods/besteffort",
        "/../system.slice/x.service", "/x/..",
    ])
    func `is never what many share`(path: String) {
        #expect(group(path, .cgroup) == nil)
        #expect(group(path, .container) == nil)
    }

    @Test func `of a process outside containers is no container`() {
        #expect(throws: ScopeRefusal.noContainer) {
            try KillReport.Scope.container.group(of: CgroupPath(bytes("/system.slice/x.service")))
        }
        #expect(group("/system.slice/x.service", .cgroup) == "/system.slice/x.service")
    }

    @Test func `of several rules is the widest, with the signal that cannot be ignored`() {
        let rules = deployment(
            """
            rules:
              - id: a
                expression: exec.file.name == "a"
                actions:
                  - kill: {signal: SIGTERM}
                  - kill: {signal: SIGKILL}
                  - kill: {signal: SIGTERM, scope: container}
            """
        ).ruleSet.rules
        let plans = rules[0].actions.compactMap { action in
            if case .kill(let kill) = action.kind { KillPlan(kill) } else { nil }
        }
        #expect(KillPlan.strictest([]) == nil)
        #expect(KillPlan.strictest(Array(plans[..<1]))?.signal == .terminate)
        #expect(KillPlan.strictest(Array(plans[..<2]))?.signalName == "SIGKILL")
        let wide = KillPlan.strictest(plans)
        #expect(wide?.scope == .container && wide?.signal == .kill)
    }
}

struct `Protected programs` {
    private let programs = ProtectedPrograms(guardian: 4711)

    @Test func `are process 1, this one and its guardian`() {
        for pid: Int32 in [-1, 0, 1, getpid(), 4711] { #expect(programs.covers(process: pid)) }
        for pid: Int32 in [2, 4712] { #expect(!programs.covers(process: pid)) }
        #expect(!ProtectedPrograms().covers(process: getppid()))
    }

    @Test(arguments: [
        ("/usr/bin/sudo", true), ("/usr/sbin/sshd", true), ("/usr/lib/systemd/systemd", true),
        ("/var/lib/dpkg/info/base-files.postinst", true), ("/usr/bin/dpkg", true),
        ("/tmp/sudo", false), ("/usr/bin/sudox", false), ("/usr/lib/systemd/", false),
        ("/usr/local/bin/sudo", false), ("usr/bin/sudo", false), ("/usr/bin/env", false),
        ("/usr/bin/sudo (deleted)", false), ("", false),
    ])
    func `are named by their whole path`(path: String, isNamed: Bool) {
        #expect(ProtectedPrograms.names(bytes(path)) == isNamed)
    }

    @Test func `are the host's own files, not others under their path`() throws {
        let dpkg = try FileIdentity(ofPath: "/usr/bin/dpkg")
        let other = try FileIdentity(ofPath: "/usr/bin/env")
        #expect(programs.covers(path: bytes("/usr/bin/dpkg"), file: dpkg))
        #expect(!programs.covers(path: bytes("/usr/bin/dpkg"), file: other))
        #expect(!programs.covers(path: bytes("/usr/bin/dpkg"), file: nil))
        #expect(!programs.covers(path: bytes("/tmp/dpkg"), file: dpkg))
        // Not installed, or not any more.
        #expect(!programs.covers(path: bytes("/usr/lib/apt/no-such-file"), file: other))
    }
}
