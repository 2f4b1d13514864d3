// The journal catalog against the code: one entry per kind, and only fields that are there.

import Glibc
import Signals
import Testing

@Suite struct CatalogTests {
    private struct Entry {
        var headers: [String: String] = [:]
        var body = ""

        /// The names between @ signs.
        var fields: [String] {
            let text = headers.values.joined(separator: "\n") + body
            return text.split(separator: "@", omittingEmptySubsequences: false)
                .enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
        }
    }

    private static var path: String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            + "/packaging/catalog/minewarden.catalog"
    }

    /// The entries by identity; a second entry of one identity is an error.
    private static func entries() throws -> [String: Entry] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))

        var entries: [String: Entry] = [:]
        var current: String?
        var isHeader = false
        for line in bytes.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- ") {
                let identity = String(line.dropFirst(3))
                #expect(entries[identity] == nil)
                entries[identity] = Entry()
                (current, isHeader) = (identity, true)
            } else if let identity = current, isHeader, let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                entries[identity]?.headers[String(line[..<colon])] = String(value)
            } else if let identity = current {
                isHeader = false
                entries[identity]?.body += line + "\n"
            } else {
                #expect(line.isEmpty || line.hasPrefix("#"))
            }
        }
        return entries
    }

    @Test func `explains every kind of signal and nothing else`() throws {
        let identities = Set(try Self.entries().keys)
        #expect(identities == Set(SignalKind.allCases.map(\.messageID)))
    }

    @Test func `uses only fields that every record of the kind has`() throws {
        let entries = try Self.entries()
        for signal in Sample.leastOfEachKind {
            let entry = try #require(entries[signal.kind.messageID])
            let names = Set(signal.journalRecord.fields.map(\.name))
            for field in entry.fields {
                #expect(names.contains(field), "\(signal.kind): \(field)")
            }
            #expect(entry.headers["Subject"]?.isEmpty == false)
            #expect(entry.headers["Defined-By"] == "minewarden")
            #expect(entry.body.split(separator: "\n").allSatisfy { $0.count <= 80 })
        }
    }

    @Test(arguments: Outcome.allCases)
    func `says in the next steps whether protection is on, and how to block`(outcome: Outcome)
        throws
    {
        let entry = try #require(try Self.entries()[SignalKind(outcome).messageID])
        let steps = try #require(entry.body.firstRange(of: "\nNext steps\n"))
        let text = entry.body[steps.upperBound...]
        #expect(text.contains("Active Protection @MINEWARDEN_ACTIVE_PROTECTION@"))
        let hasRule = outcome != .deniedUnreadable && outcome != .allowedUnreadable
        #expect(
            text.contains("minewarden protection set @MINEWARDEN_RULE_ID@ blocking\n") == hasRule
        )
    }

    @Test(.enabled(if: hasProgram("/usr/bin/journalctl"), "needs journalctl"))
    func `is taken by the journal's own compiler`() throws {
        var template = Array("/tmp/minewarden-catalog-XXXXXX".utf8CString)
        let root = String(cString: try #require(mkdtemp(&template)))
        defer { _ = run(["/bin/rm", "-r", root]) }
        let folder = "\(root)/usr/lib/systemd/catalog"
        _ = run(["/bin/mkdir", "-p", folder, "\(root)/var/lib/systemd/catalog"])
        _ = run(["/bin/cp", Self.path, folder])
        let compiled = try #require(
            run(["/usr/bin/journalctl", "--root=\(root)", "--update-catalog"])
        )
        #expect(compiled.status == 0)
        #expect(compiled.output.text == "")
        let list = try #require(run(["/usr/bin/journalctl", "--root=\(root)", "--list-catalog"]))
        #expect(list.output.text.split(separator: "\n").count == SignalKind.allCases.count)
    }
}
