// Signals read back from the fields of journal records: as a line, as a page, as JSON, and since when.

import Signals
import Testing

@testable import Commands

private let time = Timestamp(nanoseconds: 1_795_455_188_123_456_789)
private let hostile = Array("/tmp/x\u{1B}[31m\nminer".utf8)

/// A signal as journald hands it back.
private func recorded(_ signal: Signal) -> RecordedSignal? {
    var fields: [String: [UInt8]] = ["_HOSTNAME": Array("node-7".utf8)]
    for field in signal.journalRecord.fields { fields[field.name] = field.value }
    return RecordedSignal(fields, writtenMicroseconds: 1)
}

private func signal(_ body: Signal.Body) -> Signal {
    let host = HostRecord(name: Array("node-7".utf8), agentVersion: "1.2.3")
    let id = SignalID(time: time, instance: 7, counter: 1)
    return switch body {
    case .detection(let detection): Signal(id: id, time: time, host: host, detection: detection)
    case .service(let event): Signal(id: id, time: time, host: host, event: event)
    }
}

private func detection(
    _ outcome: Outcome,
    why: MonitoringReason? = nil,
    isActive: Bool = true
) -> Detection {
    var process = ProcessRecord(pid: 4711)
    process.parentPID = 4000
    process.uid = 1000
    process.user = Array("alice".utf8)
    process.executable = FileRecord(path: hostile)
    process.arguments = ArgumentRecord(argv: [Array("xmrig".utf8), Array("-o\u{1B}]0;x".utf8)])
    process.environment = EnvironmentRecord(envp: [Array("DD_SERVICE=api".utf8)])
    var parent = ProcessRecord(pid: 4000)
    parent.comm = Array("sh".utf8)
    parent.executable = FileRecord(path: Array("/bin/sh".utf8))
    parent.arguments = ArgumentRecord(argv: [Array("sh".utf8), Array("-c".utf8), Array("a b".utf8)])
    var root = ProcessRecord(pid: 1)
    root.comm = Array("systemd".utf8)
    var detection = Detection(
        rule: RuleReference(
            id: "args",
            description: "Arguments of a miner",
            file: Array("/etc/minewarden/rules.d/x.yaml".utf8),
            line: 3
        ),
        outcome: outcome,
        whyMonitored: why,
        protection: outcome == .denied ? .blocking : .monitoring,
        isActiveProtectionEnabled: isActive,
        threat: ThreatName(tags: ["threat:xmrig"]),
        process: process,
        detectedBy: .held,
        generation: 3
    )
    detection.ancestors = [parent, root]
    detection.latencyNanoseconds = 250_000
    return detection
}

@Suite struct RecordedSignalTests {
    @Test func `a line has time, outcome, threat, rule, service, user and identity`() throws {
        let signal = try #require(recorded(signal(.detection(detection(.denied)))))
        let words = SignalTable().line(of: signal).split(separator: " ").map(String.init)
        #expect(
            words == [
                "2026-11-23", "17:33:08", "denied", "xmrig", "args", "api", "alice",
                String(signal.id.prefix(16)) + "\n",
            ]
        )
        #expect(signal.isBlocked)
    }

    @Test func `local time is shown where it is known`() throws {
        let signal = try #require(recorded(signal(.detection(detection(.monitored)))))
        let table = SignalTable(utcOffset: { _ in 3600 })
        #expect(table.line(of: signal).hasPrefix("2026-11-23 18:33:08  monitored"))
        #expect(!signal.isBlocked)
    }

    @Test func `what happened to the agent is a sentence`() throws {
        let event = ServiceEvent.ruleRearmed(rule: "args")
        let signal = try #require(recorded(signal(.service(event))))
        #expect(
            SignalTable().line(of: signal)
                == "2026-11-23 17:33:08  rule_rearmed       rule args blocks again\n"
        )
        #expect(!signal.isDetection && signal.nextSteps.isEmpty)
    }

    @Test func `a page has the evidence, the ancestry and the next steps`() throws {
        let source = detection(.monitored, why: .activeProtectionOff, isActive: false)
        let record = try #require(recorded(signal(.detection(source))))
        let page = SignalPage(signal: record).text
        for line in [
            "Threat detected: the process xmrig matches rule args.",
            "outcome      monitored", "why          Active Protection is disabled on this host",
            "             /etc/minewarden/rules.d/x.yaml:3", "user         alice (1000)",
            "service      api", "verdict      after 250 us", "Ancestry, the oldest first",
            "  1  systemd\n", "   4000  sh -c 'a b'  (/bin/sh)\n",
            "  * Active Protection disabled; to enable it: minewarden protection enable && minewarden deploy\n",
            "  * to block it: minewarden protection set args blocking && minewarden deploy\n",
        ] {
            #expect(page.contains(line), "\(line)\n---\n\(page)")
        }
        #expect(record.nextSteps == source.nextSteps)
    }

    @Test(arguments: Outcome.allCases.filter { $0 != .killed && $0 != .killFailed })
    func `next steps are those of the detection itself`(outcome: Outcome) throws {
        let source = detection(outcome)
        let record = try #require(recorded(signal(.detection(source))))
        #expect(record.nextSteps == source.nextSteps)
    }

    @Test func `no control character of a record reaches the terminal`() throws {
        let record = try #require(recorded(signal(.detection(detection(.denied)))))
        let event = ServiceEvent.degraded(missing: "a\u{1B}[1m", effect: "b\u{202E}")
        let service = try #require(recorded(signal(.service(event))))
        for text in [
            SignalTable().line(of: record), SignalPage(signal: record).text,
            SignalTable().line(of: service), SignalPage(signal: service).text,
        ] {
            let bad = text.unicodeScalars.filter {
                $0 != "\n" && ($0.value < 0x20 || $0 == "\u{202E}")
            }
            #expect(bad.isEmpty, "\(text.debugDescription)")
        }
    }

    @Test func `JSON is what the daemon writes, in types too`() throws {
        for source in [
            signal(.detection(detection(.denied))),
            signal(.detection(detection(.monitored, why: .monitoring))),
            signal(.service(.ruleDisarmed(rule: "1", distinct: "x", limit: 3, periodSeconds: 60))),
            signal(.service(.verdictsLate(lateCount: 1, overSeconds: 2))),
            signal(.service(.eventsLost(.held, lostCount: 5))),
        ] {
            let own = try JSONReader.value(source.jsonLine())
            let back = try JSONReader.value(try #require(recorded(source)).jsonLine())
            #expect(sorted(back) == sorted(own))
        }
    }

    /// The value with the members of every object in the order of their names.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.map { .init(name: $0.name, value: sorted($0.value)) }
                    .sorted { $0.name < $1.name }
            )
        case .array(let items): .array(items.map(sorted))
        default: value
        }
    }

    @Test func `a record without identity or with a broken event is no trap`() throws {
        #expect(RecordedSignal(["MESSAGE": [1]], writtenMicroseconds: 1) == nil)
        let odd = try #require(
            RecordedSignal(
                [
                    "MINEWARDEN_ID": Array("zz".utf8), "MINEWARDEN_KIND": Array("x\ny".utf8),
                    "MINEWARDEN_OUTCOME": Array("denied".utf8), "MINEWARDEN_EVENT": Array("{".utf8),
                ],
                writtenMicroseconds: 5
            )
        )
        #expect(odd.time == Timestamp(nanoseconds: 5000))
        #expect(!SignalPage(signal: odd).text.contains("Ancestry"))
        #expect((try? JSONReader.value(odd.jsonLine())) != nil)
    }
}

@Suite struct PointInTimeTests {
    private func parse(_ text: String, offset: Int = 3600) -> String? {
        PointInTime.parse(text, now: time, utcOffsetSeconds: offset)?.readable()
    }

    @Test(arguments: [
        ("now", "2026-11-23 17:33:08"), ("90s", "2026-11-23 17:31:38"),
        ("2h30m", "2026-11-23 15:03:08"), ("1w", "2026-11-16 17:33:08"),
        ("today", "2026-11-22 23:00:00"), ("yesterday", "2026-11-21 23:00:00"),
        ("2026-03-01", "2026-02-28 23:00:00"), ("2024-02-29 12:00", "2024-02-29 11:00:00"),
        ("2026-11-23T17:30:01Z", "2026-11-23 17:30:01"),
        ("2026-11-23 17:30:01.25-05:30", "2026-11-23 23:00:01"),
    ])
    func `is read as people write it`(text: String, moment: String) {
        #expect(parse(text) == moment)
    }

    @Test(arguments: [
        "", "soon", "2", "h", "2x", "-1h", "2026", "2026-13-01", "2026-11-23 25:00", "1h 2m",
        "2026-11-23T17:30:01+", "99999999999w", "2026-11-23Zx", "999999999w",
    ])
    func `is refused otherwise`(text: String) { #expect(parse(text) == nil) }
}
