// Variables that rules set and read, over several programs of several processes: whether a program
// runs says what its rule read.

import Glibc
import Testing

@Suite("LiveTests: variables", .serialized, .requiresLiveKernel)
struct VariableTests {
    /// A host with these rules; each entry is one more line below `rules:`.
    private func host(_ rules: [(id: String, expression: String, actions: String)]) throws
        -> LiveHost
    {
        var text = "rules:\n"
        for rule in rules {
            text += """
                  - id: \(rule.id)
                    expression: >-
                      \(rule.expression)
                    actions: [\(rule.actions)]

                """
        }
        let host = try LiveHost(
            LiveSettings(
                ruleFiles: ["variables.yaml": text],
                protectedRules: rules.map(\.id).filter { $0.hasPrefix("stop") }
            )
        )
        try Files.copy("/bin/sh", to: "\(host.root)/launcher")
        return host
    }

    /// Runs a script that starts programs of the host: `$s` is a stand-in, `$l` a shell.
    ///
    /// - Returns: what the script printed, line by line.
    private func run(
        _ script: String,
        on host: LiveHost,
        launcher: [Bytes] = []
    ) throws -> [String] {
        // The token is in the environment, so that no rule meets it in the shell's own arguments.
        let start = "s=\"$1/standin-static\" l=\"$1/launcher\" t=\"$MW_TOKEN\"\n"
        let shell = try Child(
            launcher + ["/bin/sh", "-c", Bytes(start + script), "sh", Bytes(host.root)],
            environment: Child.plainEnvironment + [Bytes("MW_TOKEN=\(host.token)")],
            scratch: host.scratch
        )
        try shell.wait(upTo: .seconds(30))
        return shell.output.split(separator: "\n").map(String.init)
    }

    private static let kill = "{kill: {signal: SIGKILL}}"

    @Test func `what one program sets another one reads, for its time to live`() throws {
        let host = try host([
            ("set", #"exec.args == "set-@TOKEN@""#, "{set: {name: seen, value: true, ttl: 4s}}"),
            ("stop", #"exec.args == "read-@TOKEN@" && ${seen}"#, Self.kill),
        ])
        let lines = try run(
            """
            "$s" read-$t; echo first=$?
            "$s" set-$t;  echo set=$?
            "$s" read-$t 2>/dev/null; echo second=$?
            sleep 4.5
            "$s" read-$t; echo third=$?
            """,
            on: host
        )
        #expect(lines == ["first=0", "set=0", "second=126", "third=0"], "\(host.record)")
    }

    @Test func `what is inherited reaches children and the next program, the rest neither`()
        throws
    {
        let host = try host([
            (
                "enter", #"exec.file.name == "launcher" && exec.args =~ "*enter-@TOKEN@*""#,
                "{set: {name: inside, value: true, scope: process, inherited: true}}, "
                    + "{set: {name: own, value: true, scope: process}}"
            ),
            ("stop", #"exec.args == "inside-@TOKEN@" && ${process.inside}"#, Self.kill),
            ("stop_own", #"exec.args == "own-@TOKEN@" && ${process.own}"#, Self.kill),
        ])
        let lines = try run(
            """
            exec 2>/dev/null
            "$s" inside-$t; echo stranger=$?
            "$l" -c '
                "$1" inside-$MW_TOKEN; echo child=$?
                ( "$1" inside-$MW_TOKEN; echo grandchild=$? )
                "$1" own-$MW_TOKEN; echo own=$?
                "$1" harmless; echo harmless=$?' enter-$t "$s"
            "$l" -c 'exec "$1" inside-$MW_TOKEN' enter-$t "$s"; echo next=$?
            "$l" -c 'exec "$1" own-$MW_TOKEN' enter-$t "$s"; echo next_own=$?
            "$s" inside-$t; echo sibling=$?
            """,
            on: host
        )
        let expected = [
            "stranger=0", "child=126", "grandchild=126", "own=0", "harmless=0", "next=126",
            "next_own=0", "sibling=0",
        ]
        #expect(lines == expected, "\(host.record)")
    }

    @Test func `a list collects what programs add, up to its size`() throws {
        let host = try host([
            (
                "add", #"exec.args =~ "add-*-@TOKEN@""#,
                "{set: {name: words, field: exec.args, append: true, size: 2}}"
            ),
            (
                "stop",
                #"exec.args == "ask-@TOKEN@" && ${words.length} == 2"#
                    + #" && "add-c-@TOKEN@" in ${words} && "add-a-@TOKEN@" not in ${words}"#,
                Self.kill
            ),
        ])
        let lines = try run(
            """
            exec 2>/dev/null
            for word in a b; do "$s" add-$word-$t; done
            "$s" ask-$t; echo two=$?
            for word in b c; do "$s" add-$word-$t; done
            "$s" ask-$t; echo three=$?
            """,
            on: host
        )
        #expect(lines == ["two=0", "three=126"], "\(host.record)")
    }

    @Test func `a kill waits for the third try`() throws {
        let host = try host([
            (
                "stop", #"exec.args == "try-@TOKEN@""#,
                "{set: {name: tries, default_value: 0, expression: '${tries} + 1'}}, "
                    + "{filter: '${tries} >= 3', kill: {signal: SIGKILL}}"
            )
        ])
        let lines = try run(
            "for i in 1 2 3 4; do \"$s\" try-$t 2>/dev/null; echo $?; done",
            on: host
        )
        #expect(lines == ["0", "0", "126", "126"], "\(host.record)")
        let outcomes = host.signals(of: "stop", atLeast: 4).compactMap(\.outcome)
        #expect(outcomes == ["monitored", "monitored", "denied", "denied"], "\(host.record)")
    }

    @Test(.requiresWritableCgroups) func `what is set for a control group stays in it`() throws {
        let host = try host([
            (
                "set", #"exec.args == "set-@TOKEN@""#,
                "{set: {name: seen, value: true, scope: cgroup}}"
            ),
            ("stop", #"exec.args == "read-@TOKEN@" && ${cgroup.seen}"#, Self.kill),
        ])
        var groups: [String] = []
        defer { for group in groups { rmdir(group) } }
        func run(_ script: String, inGroup number: Int) throws -> [String] {
            let group = groups[number]
            let join = Bytes("echo $$ >'\(group)/cgroup.procs' && exec \"$@\"")
            return try self.run(script, on: host, launcher: ["/bin/sh", "-c", join, "sh"])
        }
        for number in 0..<2 {
            groups.append("\(Requirements.cgroups)/minewarden-\(host.token)-\(number)")
            try #require(mkdir(groups[number], 0o755) == 0)
        }
        let ask = "\"$s\" read-$t 2>/dev/null; echo $?"
        #expect(try run("\"$s\" set-$t; echo $?", inGroup: 0) == ["0"])
        #expect(try run(ask, inGroup: 1) == ["0"], "\(host.record)")
        #expect(try run(ask, inGroup: 0) == ["126"], "\(host.record)")
    }
}
