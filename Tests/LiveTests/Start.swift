// Starting a program on a live host through a starter, and what became of it.

import Glibc

/// The line that a starter prints: the answer to the exec and the end of the process.
struct StartResult: Sendable, CustomStringConvertible {
    /// `ok`, or the name of the errno.
    var answer: String
    var pid: pid_t
    /// `exit:N`, `signal:N` or `none`.
    var end: String
    /// From the exec call (with the fork, where there is one) to its answer.
    var microseconds: Int
    /// What the program wrote to its marker file; nil if it never ran.
    var marker: String?

    var description: String {
        "exec=\(answer) pid=\(pid) end=\(end) usec=\(microseconds) marker=\(marker ?? "absent")"
    }

    init?(line: String, marker: String?) {
        var values: [Substring: Substring] = [:]
        for part in line.split(whereSeparator: \.isWhitespace) {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[pair[0]] = pair[1] }
        }
        guard let answer = values["exec"], let pid = values["pid"].flatMap({ pid_t($0) }),
            let end = values["end"], let usec = values["usec"].flatMap({ Int($0) })
        else { return nil }
        self.answer = String(answer)
        self.pid = pid
        self.end = String(end)
        self.microseconds = usec
        self.marker = marker
    }
}

/// A starter at work; ``finish(upTo:)`` collects its line.
struct RunningStart {
    let child: Child
    let markerPath: String

    /// - Throws: `LiveError` if the starter is still alive after `limit` or said nothing.
    func finish(upTo limit: Duration = .seconds(10)) throws -> StartResult {
        let code = try child.wait(upTo: limit)
        let marker = Files.bytes(at: markerPath).map { String(decoding: $0, as: UTF8.self) }
        guard let result = StartResult(line: child.output, marker: marker) else {
            throw LiveError(
                "the starter ended with \(code): \(child.output)\(child.errorOutput)"
            )
        }
        return result
    }
}

extension LiveHost {
    /// Starts `program` in one of the ways that `starter.c` knows, and waits for its end.
    ///
    /// A memfd lies on no filesystem, so the daemon counts it to the watched ones only if the task
    /// came from there: that starter is put on the host.
    func start(
        _ kind: String = "execve",
        _ program: String? = nil,
        arguments: [Bytes]? = nil,
        environment: [Bytes] = [],
        launcher: [Bytes] = []
    ) throws -> StartResult {
        let starter = kind == "memfd" ? try addStarter() : "\(StandIns.directory)/starter"
        return try launch(
            [Bytes(starter), Bytes(kind)],
            program,
            arguments: arguments,
            environment: environment,
            launcher: launcher
        ).finish()
    }

    /// Starts a starter program (`starter KIND`, `swapper NEEDLE`, `stall`) without waiting.
    func launch(
        _ starter: [Bytes],
        _ program: String? = nil,
        arguments: [Bytes]? = nil,
        environment: [Bytes] = [],
        launcher: [Bytes] = []
    ) throws -> RunningStart {
        let path = program ?? root + "/standin-static"
        let marker = "\(scratch)/marker-\(markerNumber())"
        let start = ProgramStart(
            program: path,
            arguments: arguments ?? [Bytes(path), minerArgument],
            environment: Child.plainEnvironment + [Bytes("MW_MARKER=\(marker)")] + environment
        )
        let child = try Child(launcher + starter, input: start.specification, scratch: scratch)
        return RunningStart(child: child, markerPath: marker)
    }

    private func addStarter() throws -> String {
        try Files.copy("\(StandIns.directory)/starter-static", to: "\(root)/starter")
        return "\(root)/starter"
    }

    private func markerNumber() -> UInt32 { UInt32.random(in: .min ... .max) }
}
