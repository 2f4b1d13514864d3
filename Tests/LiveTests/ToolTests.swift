// The demonstration and the benchmark do what they say: both are programs that a user runs first.

import Testing

@Suite("LiveTests: tools", .serialized, .requiresLiveKernel)
struct ToolTests {
    @Test func `the demo shows a miner monitored and then denied`() throws {
        let demo = try run("scripts/demo.sh", [], inside: "MINEWARDEN_DEMO_INSIDE=1")
        #expect(demo.code == 0, "\(demo.output)\n\(demo.errors)")
        #expect(demo.output.contains("MONITORED"), "\(demo.output)")
        #expect(demo.output.contains("denied before it ran"), "\(demo.output)")
        let headings = demo.output.split(separator: "\n").filter { $0.hasPrefix("5. ") }
        #expect(headings.count == 1, "\(demo.output)")
    }

    @Test func `the demo fails without a working daemon`() throws {
        let demo = try run(
            "scripts/demo.sh",
            [],
            inside: "MINEWARDEN_DEMO_INSIDE=1",
            daemon: "/bin/true"
        )
        #expect(demo.code == 1, "\(demo.output)")
    }

    @Test func `the benchmark reports every listener`() throws {
        let bench = try run(
            "Benchmarks/exec/run.sh",
            ["--rounds", "1", "--count", "16", "--json"],
            inside: "MINEWARDEN_BENCH_INSIDE=1"
        )
        #expect(bench.code == 0, "\(bench.errors)")
        let results = JSONValue.parse(bench.output)?["results"]?.elements ?? []
        #expect(
            results.compactMap { $0["listener"]?.text } == ["none", "allow", "read", "minewarden"]
        )
        for result in results {
            #expect((result["per_second"]?.integer ?? 0) > 0, "\(bench.output)")
        }
    }

    private func run(
        _ script: String,
        _ options: [String],
        inside: Bytes,
        daemon: String = StandIns.daemon
    ) throws -> (code: Int, output: String, errors: String) {
        let command = ["\(StandIns.checkout)/\(script)", daemon] + options
        let child = try Child(
            command.map { Bytes($0) },
            environment: Child.plainEnvironment + [inside],
            scratch: StandIns.scratch
        )
        let code = try child.wait(upTo: .seconds(90))
        return (code, child.output, child.errorOutput)
    }
}
