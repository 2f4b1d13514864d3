// What is written to the journal is what is read back from a real journald, field by field.

import Glibc
import Testing

@Suite("LiveTests: journal", .serialized, .requiresLiveKernel, .requiresJournald)
struct JournalTests {
    @Test func `every field of a denied miner is read back from journald`() throws {
        let scene = try play()
        let (host, result) = (scene.host, scene.result)
        let record = try #require(try scene.record("threat_denied"), "\(host.record)")
        let program = host.root + "/standin-static"
        var status = stat()
        stat(program, &status)

        let expected: [String: String] = [
            "MESSAGE_ID": "f471115cea0d479ba68afa578c8b3533",
            "PRIORITY": "4",
            "SYSLOG_IDENTIFIER": "minewarden",
            "OBJECT_PID": "\(result.pid)",
            "_PID": "\(try host.worker)",
            "MINEWARDEN_KIND": "threat_denied",
            "MINEWARDEN_OUTCOME": "denied",
            "MINEWARDEN_RULE_ID": LiveHost.rule,
            "MINEWARDEN_RULE_DESCRIPTION": "A live test plays a miner by its arguments",
            "MINEWARDEN_RULE_FILE": host.scratch + "/config/rules.d/live.yaml",
            "MINEWARDEN_PROTECTION": "blocking",
            "MINEWARDEN_ACTIVE_PROTECTION": "enabled",
            "MINEWARDEN_DETECTED_BY": "held",
            "MINEWARDEN_PID": "\(result.pid)",
            "MINEWARDEN_PPID": "\(scene.starter)",
            "MINEWARDEN_TID": "\(result.pid)",
            "MINEWARDEN_UID": "0",
            "MINEWARDEN_GID": "0",
            "MINEWARDEN_EUID": "0",
            "MINEWARDEN_USER": "root",
            "MINEWARDEN_EXE": program,
            "MINEWARDEN_INODE": "\(status.st_ino)",
            "MINEWARDEN_ARGV0": "xmrig",
            "MINEWARDEN_ARGS": "--mw-pool=stratum+tcp://\(host.token).example:3333 'two words'",
            "MINEWARDEN_CWD": "/",
            "MINEWARDEN_SERVICE": "live-service",
            "MINEWARDEN_PARENT_EXE": "\(StandIns.directory)/starter",
        ]
        for (field, value) in expected.sorted(by: { $0.key < $1.key }) {
            #expect(record[field]?.text == value, "\(field)")
        }
        for field in ["MINEWARDEN_LATENCY_USEC", "MINEWARDEN_GENERATION"] {
            #expect(record[field]?.text.flatMap { UInt64($0) } != nil, "\(field)")
        }
        for field in ["MINEWARDEN_ID", "MINEWARDEN_VERSION", "MINEWARDEN_THREAT"] {
            #expect(record[field]?.text?.isEmpty == false, "\(field)")
        }
        let message = try #require(record["MESSAGE"]?.text)
        let prefix = "SECURITY RESPONSE: The malicious process "
        #expect(message.hasPrefix(prefix), "\(message)")
        #expect(message.contains(" has automatically been killed."), "\(message)")
        #expect(message.hasSuffix("It was denied before it ran."), "\(message)")
    }

    @Test func `the event in the journal is the detection as one JSON object`() throws {
        let scene = try play()
        let (host, result) = (scene.host, scene.result)
        let record = try #require(try scene.record("threat_denied"), "\(host.record)")
        let event = try #require(
            record["MINEWARDEN_EVENT"]?.text.flatMap { JSONValue.parse($0) }
        )
        #expect(event["agent", "rule_id"]?.text == LiveHost.rule)
        #expect(event["agent", "rule_actions"]?.elements.first?["type"]?.text == "deny")
        #expect(event["title"]?.text == "A live test plays a miner by its arguments")
        #expect(event["evt", "name"]?.text == "exec")
        #expect(event["evt", "outcome"]?.text == "Refused")
        #expect(event["process", "pid"]?.integer == Int(result.pid))
        #expect(event["process", "argv0"]?.text == "xmrig")
        #expect(event["process", "executable", "path"]?.text == host.root + "/standin-static")
        let arguments = event["process", "args"]?.elements.compactMap(\.text)
        #expect(arguments == ["--mw-pool=stratum+tcp://\(host.token).example:3333", "two words"])
    }

    @Test func `a monitored miner says why it was not blocked`() throws {
        let scene = try play(.monitoring)
        #expect(scene.result.answer == "ok")
        let record = try #require(try scene.record("threat_monitored"), "\(scene.host.record)")
        #expect(record["MESSAGE_ID"]?.text == "f15b7cbc0af043368651a5e92f32811d")
        #expect(record["MINEWARDEN_OUTCOME"]?.text == "monitored")
        #expect(record["MINEWARDEN_WHY_MONITORED"]?.text == "monitoring")
        #expect(record["MESSAGE"]?.text?.contains("SECURITY RESPONSE") == false)
    }

    @Test func `arguments with control characters come back byte for byte`() throws {
        let odd: [UInt8] = Array("line one\nline \u{1b}[31mtwo".utf8)
        let scene = try play(extra: Bytes(odd))
        let record = try #require(try scene.record("threat_denied"), "\(scene.host.record)")
        let event = record["MINEWARDEN_EVENT"]?.text.flatMap { JSONValue.parse($0) }
        let last = event?["process", "args"]?.elements.last?.text
        #expect(last == "line one\nline \u{1b}[31mtwo")
    }

    @Test func `verdicts do not wait for a journal that is gone`() throws {
        let (journald, host) = try startHost(.blocking)
        defer { withExtendedLifetime(journald) {} }
        unlink("/run/systemd/journal/socket")
        for _ in 0..<20 {
            let result = try host.start()
            #expect(result.answer == "EPERM", "\(result)")
            #expect(result.microseconds < 500_000, "\(result)")
        }
        #expect(host.daemon.isRunning)
    }

    /// A denied or monitored stand-in, and the journald that its record went to.
    private struct Scene {
        let journald: Journald
        let host: LiveHost
        let starter: pid_t
        let result: StartResult

        /// The record of a kind that this host's daemon wrote.
        func record(_ kind: String) throws -> JSONValue? {
            try awaitRecord(of: host, kind: kind, in: journald)
        }
    }

    private func play(
        _ protection: Protection = .blocking,
        extra: Bytes = "two words"
    ) throws -> Scene {
        let (journald, host) = try startHost(protection)
        let start = try host.launch(
            [Bytes("\(StandIns.directory)/starter"), "execve"],
            arguments: ["xmrig", host.minerArgument, extra],
            environment: ["DD_SERVICE=live-service"],
            launcher: ["env", "--chdir=/"]
        )
        let result = try start.finish()
        return Scene(journald: journald, host: host, starter: start.child.pid, result: result)
    }

    private func startHost(_ protection: Protection) throws -> (Journald, LiveHost) {
        let journald = try Journald(scratch: StandIns.scratch)
        let host = try LiveHost(
            LiveSettings(protection: protection, output: "journal", awaitStart: false)
        )
        guard try awaitRecord(of: host, kind: "started", in: journald) != nil else {
            throw LiveError("no record of the start in the journal\n\(host.record)")
        }
        return (journald, host)
    }
}

/// Waits up to five seconds for a record of a kind by this host's daemon.
private func awaitRecord(
    of host: LiveHost,
    kind: String,
    in journald: Journald
) throws -> JSONValue? {
    for _ in 0..<50 {
        let found = try journald.records(of: "minewarden").first { record in
            record["MINEWARDEN_KIND"]?.text == kind
                && record["_PID"]?.text == "\((try? host.worker) ?? 0)"
        }
        if let found { return found }
        usleep(100_000)
    }
    return nil
}
