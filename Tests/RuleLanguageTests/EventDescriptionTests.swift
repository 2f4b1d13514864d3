// What follows from what when an event is written down.

import RuleLanguage
import Testing

@Suite struct EventDescriptionTests {
    @Test(arguments: [
        ("exec.file.name == \"very-long-program-name\"", true),
        ("exec.comm == \"very-long-progr\"", true),
        ("exec.args == \"-v x\"", true), ("exec.argv.length == 2", true),
        ("exec.argv0 == \"v\"", true),
        ("exec.args_options in [\"v=x\"]", true), ("event.service == \"api\"", true),
        ("event.os == \"linux\"", true), ("process.parent.comm == \"bash\"", true),
        ("process.ppid == 12", true), ("process.parent.file.name == \"bash\"", true),
        ("process.ancestors.args == \"-c true\"", true), ("process.ancestors.length == 2", true),
        ("exec.tty_name == \"\"", true), ("exec.is_thread", false),
        ("exec.file.rights == 493", true),
        ("container.id == \"abc\" && process.container.id == \"abc\"", true),
        ("process.uid == 7 && exec.uid == 7", true), ("exec.interpreter.file.name == \"sh\"", true),
    ])
    func `what derives from a given field is derived`(expression: String, expected: Bool) throws {
        let event = try EventDescription(
            executable: Array("/opt/very-long-program-name".utf8),
            argv: ["v", "-v", "x"].map { Array($0.utf8) },
            envp: [Array("DD_SERVICE=api".utf8)],
            values: [
                "process": .record(["uid": 7, "container": .record(["id": "abc"])]),
                "exec.file.mode": 0o100755, "exec.interpreter.file.path": "/bin/sh",
                "process.ancestors": .records([
                    ["file": .record(["path": "/bin/bash"]), "pid": 12, "argv": ["-c", "true"]],
                    ["comm": "init", "pid": 1],
                ]),
            ]
        )
        #expect(try value(expression, event) == expected)
    }

    @Test func `a given value wins over a derived one`() throws {
        let event = try event(["exec.file.path": "/a/b", "exec.comm": "c", "exec.file.name": "d"])
        #expect(try value("exec.comm == \"c\" && exec.file.name == \"d\"", event))
        let other = try EventDescription(
            executable: Array("/a/b".utf8),
            argv: [Array("b".utf8)],
            values: ["process.file.path": "/c/d"]
        )
        #expect(try value("exec.file.path == \"/c/d\" && exec.file.name == \"d\"", other))
    }

    @Test func `a parent alone is the first ancestor`() throws {
        let event = try event(["process.parent.comm": "sh"])
        #expect(
            try value("process.ancestors.comm == \"sh\" && process.ancestors.length == 1", event)
        )
        let orphan = try EventDescriptionTests.orphan()
        #expect(try value("process.ancestors.length == 0", orphan))
    }

    private static func orphan() throws -> EventDescription {
        try EventDescription(["process.ancestors": .strings([])])
    }

    @Test func `names that are no fields and values of other types are refused`() {
        #expect(throws: EventDescription.Failure.self) { try event(["exec.nothing": 1]) }
        #expect(throws: EventDescription.Failure.self) { try event(["exec.uid": "1"]) }
        #expect(throws: EventDescription.Failure.self) { try event(["exec.comm": .records([])]) }
    }
}
