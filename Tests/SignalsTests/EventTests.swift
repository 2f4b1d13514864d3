// The JSON forms of a signal.

import Signals
import Testing

@Suite struct EventTests {
    @Test func `has the shape of a CWS event`() throws {
        var process = Sample.process("/tmp/xmrig", ["-o", "pool:1"])
        process.environment = EnvironmentRecord(envp: [[UInt8]("HOME=/"), [UInt8]("DD_ENV=prod")])
        process.interpreter = FileRecord(path: [UInt8]("/bin/sh"))
        var detection = Sample.detection(.denied, process: process)
        detection.ancestors = [Sample.process("/bin/bash", []), ProcessRecord(pid: 1)]
        detection.container = ContainerRecord(id: [UInt8]("c0ffee"))
        let event = try JSON(Sample.signal(detection).eventJSON())
        #expect(event["agent", "rule_id"] == .string("cryptominer_args"))
        #expect(event["title"] == .string("Command line of a crypto-miner"))
        #expect(event["evt", "name"] == .string("exec"))
        #expect(event["evt", "outcome"] == .string("Refused"))
        #expect(event["date"] == .string("2026-11-23T17:33:08.123456789Z"))
        #expect(event["file", "name"] == .string("xmrig"))
        #expect(event["process", "executable", "path"] == .string("/tmp/xmrig"))
        #expect(event["process", "interpreter", "name"] == .string("sh"))
        #expect(event["process", "argv0"] == .string("/tmp/xmrig"))
        #expect(event["process", "args"] == .array([.string("-o"), .string("pool:1")]))
        #expect(event["process", "envs"] == .array([.string("HOME"), .string("DD_ENV")]))
        #expect(event["process", "envp"] == .array([.string("DD_ENV=prod")]))
        #expect(event["process", "pid"] == .number("4711"))
        #expect(event["process", "parent", "executable", "path"] == .string("/bin/bash"))
        let ancestors = event["process", "ancestors"]?.elements
        #expect(ancestors?.count == 2)
        #expect(ancestors?.last?["uid"] == nil)
        #expect(event["container", "id"] == .string("c0ffee"))
        #expect(event["truncated"] == nil)
        let action = try #require(event["agent", "rule_actions"]?.elements.first)
        #expect(action["type"] == .string("deny"))
        #expect(action["status"] == .string("performed"))
    }

    @Test func `reports a kill with its times`() throws {
        let event = try JSON(Sample.signal(Sample.detection(.killed)).eventJSON())
        let actions = try #require(event["agent", "rule_actions"]?.elements)
        #expect(
            actions == [
                .object([
                    "type": .string("kill"), "signal": .string("SIGKILL"),
                    "scope": .string("process"), "status": .string("performed"),
                    "created_at": .string("2026-11-23T17:33:08.123456789Z"),
                    "detected_at": .string("2026-11-23T17:33:08.123456789Z"),
                    "killed_at": .string("2026-11-23T17:33:08.125456789Z"),
                    "exited_at": .string("2026-11-23T17:33:08.135956789Z"),
                    "ttr": .string("12.5ms"),
                ])
            ]
        )
        #expect(event["evt", "outcome"] == .string("Success"))
        #expect(event["evt", "async"] == .boolean(true))
    }

    @Test(
        arguments: [
            (Outcome.monitored, "Success", 0), (.denied, "Refused", 1), (.killed, "Success", 1),
            (.allowedLate, "Success", 0), (.deniedUnreadable, "Refused", 0),
            (.allowedUnreadable, "Success", 0), (.gone, nil, 0),
        ] as [(Outcome, String?, Int)]
    )
    func `claims no action that was not taken`(outcome: Outcome, evt: String?, actions: Int) throws
    {
        let event = try JSON(Sample.signal(Sample.detection(outcome)).eventJSON())
        #expect(event["evt", "outcome"]?.string == evt)
        #expect(event["agent", "rule_actions"]?.elements.count == actions)
    }

    @Test func `writes one line with the flat values for every kind of signal`() throws {
        for signal in Sample.leastOfEachKind {
            let line = signal.jsonLine()
            #expect(!line.contains(0x0A))
            let json = try JSON(line)
            #expect(json["minewarden", "kind"] == .string(signal.kind.rawValue))
            #expect(json["minewarden", "message"] == .string(signal.message))
            #expect(json["minewarden", "host"] == .string("node-7"))
            #expect(json["minewarden", "message_id"] == .string(signal.kind.messageID))
            let isDetection = if case .detection = signal.body { true } else { false }
            #expect((json["evt", "name"] != nil) == isDetection)
        }
    }

    @Test func `keeps the types of flat values`() throws {
        var detection = Sample.detection(.monitored)
        detection.isUnreadable = true
        let json = try JSON(Sample.signal(detection).jsonLine())
        #expect(json["minewarden", "pid"] == .number("4711"))
        #expect(json["minewarden", "unreadable"] == .boolean(true))
        #expect(json["minewarden", "check_only"] == nil)
        #expect(json["minewarden", "why_monitored"] == .string("monitoring"))
    }

    @Test func `lists as many ancestors as it says`() throws {
        var detection = Sample.detection(.monitored)
        detection.ancestors = (0..<40).map { ProcessRecord(pid: $0 + 1) }
        let event = try JSON(Sample.signal(detection).eventJSON())
        #expect(event["process", "ancestors"]?.elements.count == 16)
        #expect(event["process", "ancestors_truncated"] == .boolean(true))
    }
}
