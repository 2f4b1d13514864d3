// Journal records: the framing, the fields, the bounds.

import Signals
import Testing

/// Reads the native protocol as journald does; nil for what journald would not take.
private func decode(_ bytes: [UInt8]) -> [JournalRecord.Field]? {
    var record = JournalRecord()
    var rest = bytes[...]
    while !rest.isEmpty {
        guard let newline = rest.firstIndex(of: 0x0A) else { return nil }
        let line = rest[..<newline]
        rest = rest[(newline + 1)...]
        let value: [UInt8]
        let name: String
        if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
            name = Array(line[..<equals]).text
            value = Array(line[(equals + 1)...])
        } else {
            guard rest.count >= 8 else { return nil }
            name = Array(line).text
            let count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(8)
            guard rest.count > count else { return nil }
            value = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            guard rest.first == 0x0A else { return nil }
            rest = rest.dropFirst()
        }
        let letters: Set<Character> = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
        guard name.first?.isLetter == true, name.allSatisfy({ letters.contains($0) }),
            name.count <= 64
        else { return nil }
        record.append(name, value, limit: .max)
    }
    return record.fields
}

extension JournalRecord {
    fileprivate subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value.text
    }
}

@Suite struct JournalRecordTests {
    @Test func `frames a value by what is in it`() {
        var record = JournalRecord()
        record.append("A", "plain\ttext é")
        record.append("B", [0x31, 0x0A, 0x32])
        record.append("C", [])
        record.append("D", [0xFF, 0x3D])
        record.append("E", [0x1B])
        #expect(
            record.encoded()
                == [UInt8]("A=plain\ttext é\n") + [UInt8]("B\n") + [3, 0, 0, 0, 0, 0, 0, 0]
                + [0x31, 0x0A, 0x32, 0x0A] + [UInt8]("D=") + [0xFF, 0x3D, 0x0A]
                + [UInt8]("E\n") + [1, 0, 0, 0, 0, 0, 0, 0, 0x1B, 0x0A]
        )
    }

    @Test func `writes lengths of more than one byte in little-endian order`() {
        var record = JournalRecord()
        record.append("B", [UInt8](repeating: 0x0A, count: 0x0203))
        #expect(Array(record.encoded()[2..<10]) == [0x03, 0x02, 0, 0, 0, 0, 0, 0])
    }

    @Test func `reads back every field of every kind of signal`() {
        for signal in Sample.leastOfEachKind {
            let record = signal.journalRecord
            #expect(decode(record.encoded()) == record.fields)
            #expect(Set(record.fields.map(\.name)).count == record.fields.count)
            #expect(record["MESSAGE"] == signal.message)
            #expect(record["MESSAGE_ID"] == signal.kind.messageID)
            #expect(record["PRIORITY"] == "\(signal.priority.rawValue)")
            #expect(record["SYSLOG_IDENTIFIER"] == "minewarden")
            #expect(record["MINEWARDEN_KIND"] == signal.kind.rawValue)
            #expect(record["MINEWARDEN_ID"] == signal.id.description)
        }
    }

    @Test func `cuts a field that is too long and says so`() {
        var record = JournalRecord()
        record.append("A", [UInt8](repeating: 0x61, count: JournalRecord.fieldLimitBytes + 10))
        #expect(record.fields[0].value.count == JournalRecord.fieldLimitBytes + 17)
        #expect(record["A"]?.hasSuffix("aaa...[10 bytes cut]") == true)
    }

    @Test func `has the fields of a detection`() {
        var process = Sample.process("/tmp/xm\nrig", ["-o", "pool:1", "--password", "p", "a b"])
        process.executable?.sha256 = [UInt8](repeating: 0x0A, count: 32)
        process.unit = [UInt8]("cron.service")
        process.cgroup = [UInt8]("/system.slice/cron.service")
        process.environment = EnvironmentRecord(envp: [[UInt8]("DD_SERVICE=api")])
        var detection = Sample.detection(.denied, process: process)
        detection.latencyNanoseconds = 123_456
        detection.container = ContainerRecord(id: [UInt8]("c0ffee"))
        detection.container?.image = [UInt8]("worker:2.5")
        let record = Sample.signal(detection).journalRecord
        let expected = [
            "OBJECT_PID": "4711", "OBJECT_SYSTEMD_UNIT": "cron.service",
            "MINEWARDEN_RULE_ID": "cryptominer_args",
            "MINEWARDEN_RULE_FILE": "/usr/share/minewarden/rules/options.yaml",
            "MINEWARDEN_RULE_LINE": "12", "MINEWARDEN_OUTCOME": "denied",
            "MINEWARDEN_PROTECTION": "blocking", "MINEWARDEN_ACTIVE_PROTECTION": "enabled",
            "MINEWARDEN_THREAT": #"$'xm\nrig'"#, "MINEWARDEN_PID": "4711",
            "MINEWARDEN_PPID": "4000", "MINEWARDEN_UID": "1000", "MINEWARDEN_USER": "alice",
            "MINEWARDEN_EXE": "/tmp/xm\nrig",
            "MINEWARDEN_ARGS": "-o pool:1 --password '********' 'a b'",
            "MINEWARDEN_CWD": "/tmp", "MINEWARDEN_SERVICE": "api",
            "MINEWARDEN_CONTAINER_ID": "c0ffee", "MINEWARDEN_IMAGE": "worker:2.5",
            "MINEWARDEN_UNIT": "cron.service",
            "MINEWARDEN_SHA256": String(repeating: "0a", count: 32),
            "MINEWARDEN_LATENCY_USEC": "123", "MINEWARDEN_GENERATION": "3",
            "MINEWARDEN_DETECTED_BY": "held",
        ]
        for (name, value) in expected { #expect(record[name] == value, "\(name)") }
        #expect(record["MINEWARDEN_WHY_MONITORED"] == nil)
    }

    @Test func `fits the most hostile process into one datagram`() throws {
        // Control characters are the worst: six bytes each in JSON, four in a command line.
        let path = [UInt8](repeating: 0x01, count: 4096)
        var process = ProcessRecord(pid: 1)
        process.executable = FileRecord(path: path)
        process.interpreter = FileRecord(path: path)
        process.workingDirectory = path
        process.cgroup = path
        process.arguments = ArgumentRecord(argv: [path, path, path, path])
        process.environment = EnvironmentRecord(
            envp: [[UInt8]("LD_PRELOAD=") + path, path + [0x3D]])
        var detection = Sample.detection(.monitored, process: process)
        detection.ancestors = [ProcessRecord](repeating: process, count: 100)
        let signal = Sample.signal(detection)
        let record = signal.journalRecord
        #expect(record.encoded().count < 208 * 1024)
        let event = try #require(record.fields.first { $0.name == "MINEWARDEN_EVENT" })
        let json = try JSON(event.value)
        #expect(json["truncated"] == .boolean(true))
        #expect(json["agent", "rule_id"]?.string == "cryptominer_args")
        #expect(throws: Never.self) { try JSON(signal.jsonLine()) }
        #expect(signal.jsonLine().count < 208 * 1024)
    }
}
