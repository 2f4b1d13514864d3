// Rules that would take a part of the host for malware.

import Diagnostics
import Policy
import Testing

@Suite struct PackagedFilesTests {
    private static let files = PackagedFiles(lists: [
        Array("/.\n/usr\n/usr/bin\n/usr/bin/grep\n/usr/share/doc/grep/README\n/bin/egrep\n".utf8),
        Array("/usr/sbin/nginx\n/usr/bin/\n/usr/bin/git\nusr/bin/relative\n/usr/bin/grep".utf8),
        [0x2F, 0x62, 0x69, 0x6E, 0x2F, 0xFF], [],
    ])

    @Test func `programs are what lies in directories of programs, under both names`() {
        let odd = Array("/bin/".utf8) + [0xFF]
        #expect(
            Set(Self.files.programs)
                == Set(
                    [
                        "/usr/bin/grep", "/bin/egrep", "/usr/bin/egrep", "/usr/sbin/nginx",
                        "/usr/bin/git",
                    ].map { Array($0.utf8) } + [odd, Array("/usr".utf8) + odd]
                )
        )
        #expect(Self.files.programs.count == 7)
    }

    @Test(
        arguments: [
            ("exec.file.name == \"grep\"", "/usr/bin/grep"),
            ("exec.file.path == \"/usr/sbin/nginx\"", "/usr/sbin/nginx"),
            ("exec.file.path in [~\"/usr/sbin/*\"]", "/usr/sbin/nginx"),
            ("exec.file.name =~ \"*g*\"", "/bin/egrep, /usr/bin/egrep, /usr/bin/git and 2 more"),
            ("exec.file.name == \"git\" && exec.envs not in [\"X\"]", "/usr/bin/git"),
            ("exec.file.name == \"egrep\" || exec.args == \"x\"", "/bin/egrep, /usr/bin/egrep"),
            ("exec.file.name == \"xmrig\"", nil), ("exec.comm == \"grep\"", nil),
            ("exec.file.name == \"grep\" && exec.args =~ \"*stratum*\"", nil),
            ("exec.file.name == \"git\" && process.parent.file.name == \"sh\"", nil),
            ("exec.file.path == \"/tmp/grep\"", nil), ("exec.uid == 0", nil),
        ] as [(String, String?)]
    )
    func `a rule that matches them by name or path is warned about`(
        expression: String,
        programs: String?
    ) {
        var options = LoadOptions()
        options.packagedFiles = Self.files
        let text = "rules:\n  - id: a\n    expression: >-\n      \(expression)\n"
        let result = LoadResult(text, options: options)
        #expect(!result.hasErrors)
        let found = result.diagnostics.filter { $0.code == .packagedProgram }
        #expect(found.map(\.message.afterColon) == (programs.map { [$0] } ?? []))
        #expect(found.allSatisfy { $0.span != nil })
        #expect(LoadResult(text).diagnostics.isEmpty, "without lists there is nothing to say")
    }
}

extension String {
    fileprivate var afterColon: String {
        String(split(separator: ": ", maxSplits: 1).last ?? "")
    }
}
