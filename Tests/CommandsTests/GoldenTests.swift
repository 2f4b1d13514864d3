// The tool as people see it: Fixtures/cli/NAME.args (one argument per line), run in that folder with
// NAME.stdin as input if there is one, must give NAME.expected. UPDATE_GOLDEN=1 rewrites them.

import Foundation
import Testing

@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/cli")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".args") }.map { String($0.dropLast(5)) }.sorted()

    @Test func `there are fixtures`() { #expect(Self.names.count >= 20) }

    @Test(arguments: names) func `answers a command line`(name: String) throws {
        func content(_ kind: String) -> Data? {
            try? Data(contentsOf: Self.folder.appending(path: "\(name).\(kind)"))
        }
        let lines = try #require(content("args")).split(separator: UInt8(ascii: "\n"))
        var program = Program.minewarden
        program.directory = Self.folder.path
        let finished = try program.run(
            lines.map { Array($0) },
            input: Array(content("stdin") ?? Data())
        )
        var text = finished.text
        if !finished.errors.isEmpty { text += "-- standard error\n" + finished.errorText }
        text += "-- exit status \(finished.status)\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: Self.folder.appending(path: "\(name).expected"))
        }
        #expect(text == String(decoding: try #require(content("expected")), as: UTF8.self))
    }
}
