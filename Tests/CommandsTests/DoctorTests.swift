// What `doctor` makes of facts, and the command as it runs here.

import Foundation
import LinuxSystem
import Testing

@testable import Commands

@Suite struct DoctorTests {
    private func healthy() -> HostFindings {
        var findings = HostFindings(capabilities: HostCapabilities())
        findings.isRoot = true
        findings.hasJournal = true
        findings.isJournalKept = true
        findings.hasUnifiedCgroups = true
        findings.isDaemonRunning = true
        findings.groups = ["minewarden-rules": 900, "minewarden-actions": 901]
        findings.members = ["minewarden-rules": [7]]
        findings.settings = [HostFindings.memoryFiles: 1, HostFindings.userNamespaces: 0]
        findings.files = [
            HostFindings.File(path: "/c", user: 0, group: 0, permissions: 0o755),
            HostFindings.File(path: "/c/rules.d", user: 0, group: 900, permissions: 0o2770),
            HostFindings.File(path: "/c/rules.d/a.yaml", user: 7, group: 900, permissions: 0o664),
            HostFindings.File(path: "/c/protection.yaml", user: 0, group: 901, permissions: 0o660),
        ]
        return findings
    }

    private func check(_ findings: HostFindings, _ name: String) throws -> HostCheck {
        try #require(
            findings.checks.first { $0.name == name && $0.status != .ok }
                ?? findings.checks.first { $0.name == name }
        )
    }

    @Test func `a healthy configuration has nothing to mend`() throws {
        for name in [
            "ownership", "journal", "cgroups", "memory-files", "user-namespaces", "daemon",
        ] {
            let check = try check(healthy(), name)
            #expect(check.status == .ok && check.remedy == nil, "\(check)")
        }
    }

    @Test func `every check that is not ok says what to do`() {
        let checks = HostFindings(capabilities: HostCapabilities()).checks
        #expect(checks.contains { $0.status != .ok })
        for check in checks where check.status != .ok { #expect(check.remedy?.isEmpty == false) }
        #expect(Set(checks.map(\.name)).count == checks.count)
    }

    @Test(arguments: [
        (
            HostFindings.File(path: "/c/protection.yaml", user: 0, group: 900, permissions: 0o660),
            "group minewarden-rules may write", "chgrp minewarden-actions"
        ),
        (
            HostFindings.File(path: "/c/rules.d", user: 0, group: 901, permissions: 0o2770),
            "group minewarden-actions may write", "chgrp minewarden-rules"
        ),
        (
            HostFindings.File(path: "/c/rules.d/x.yaml", user: 0, group: 900, permissions: 0o666),
            "everybody may write", "chmod o-w"
        ),
        (
            HostFindings.File(path: "/c/minewarden.yaml", user: 9, group: 0, permissions: 0o644),
            "belongs to user 9", "chown root"
        ),
        (
            HostFindings.File(path: "/c/rules.d/x.yaml", user: 9, group: 900, permissions: 0o644),
            "belongs to user 9", "chown root"
        ),
        (
            HostFindings.File(path: "/c/protection.yaml", user: 8, group: 901, permissions: 0o660),
            "belongs to user 8", "chown root"
        ),
        (
            HostFindings.File(path: "/c/minewarden.yaml", user: 0, group: 50, permissions: 0o664),
            "group 50 may write", "chmod g-w"
        ),
    ])
    func `who may write what they should not`(
        file: HostFindings.File,
        finding: String,
        remedy: String
    ) throws {
        var findings = healthy()
        findings.files.append(file)
        let check = try check(findings, "ownership")
        #expect(check.status == .fail)
        #expect(check.finding.contains(finding), "\(check)")
        #expect(check.remedy == "\(remedy) \(file.path)")
    }

    @Test func `members own what they may write`() throws {
        var findings = HostFindings(capabilities: HostCapabilities())
        findings.readGroups(
            "minewarden-rules:x:900:ada\nminewarden-actions:x:901:\n",
            passwd: "ada:x:8:8::/:/bin/sh\nbea:x:9:901::/:/bin/sh\n"
        )
        #expect(findings.groups["minewarden-actions"] == 901)
        findings.files = [
            .init(path: "/c/rules.d/x.yaml", user: 8, group: 900, permissions: 0o664),
            .init(path: "/c/protection.yaml", user: 9, group: 901, permissions: 0o660),
        ]
        #expect(try check(findings, "ownership").status == .ok)
    }

    @Test func `what ordinary users cannot see is a warning, not a failure`() throws {
        var findings = healthy()
        findings.isRoot = false
        findings.isDaemonRunning = false
        findings.areListenersComplete = false
        findings.fanotifyFailure = "fanotify_init: operation not permitted"
        findings.hiddenFiles = ["/c/rules.d"]
        for name in ["rights", "fanotify", "daemon", "other-listeners", "ownership"] {
            #expect(try check(findings, name).status == .warn)
        }
    }

    @Test func `the way out of the boot loader is noticed`() throws {
        var findings = healthy()
        findings.commandLine = ["root=/dev/vda", "minewarden=off"]
        #expect(try check(findings, "kernel-command-line").status == .fail)
    }

    @Test func `the group of another listener is read`() {
        let text = """
            pos:\t0
            flags:\t02
            mnt_id:\t16
            ino:\t1
            fanotify flags:6 event-flags:80000
            fanotify sdev:fe00000 mflags:0 mask:1000 ignored_mask:0
            fanotify ino:2 sdev:fe00000 mflags:0 mask:50000 ignored_mask:0 fhandle-bytes:8

            """
        #expect(FanotifyListener.masks(in: text) == 0x51000)
        #expect(FanotifyListener.masks(in: "pos:\t0\ninotify wd:1 ino:2 mask:fff\n") == nil)
    }

    @Test func `the command says the same to people and to tools`() throws {
        let text = try Program.minewarden.run(["doctor", "--config-dir", "/nowhere"])
        let json = try Program.minewarden.run(["doctor", "--config-dir", "/nowhere", "--json"])
        #expect(text.status == json.status && text.errorText.isEmpty)
        let object = try JSONSerialization.jsonObject(with: Data(json.text.utf8))
        let checks = try #require((object as? [String: Any])?["checks"] as? [[String: String]])
        #expect(checks.count >= 14)
        for check in checks {
            let mark = "[\(check["status"] ?? "?")]"
            #expect(text.text.contains("\(check["name"] ?? "?"): "), "\(check)")
            #expect(text.text.contains(mark))
        }
        #expect((json.status == 1) == checks.contains { $0["status"] == "fail" })
    }
}
