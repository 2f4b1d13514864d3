// dpkg's database, from text and from directories.

import Testing

@testable import Agent

struct `Package status` {
    @Test func `has the installed packages and the versions of their sources`() {
        let found = PackageStatus.installed(
            in: bytes(
                """
                Package: bash
                Status: install ok installed
                Source: bash (5.2.15-2)
                Version: 5.2.15-2+b7
                Description: a shell
                 Version: 9 is not meant

                Package: gone
                Status: deinstall ok config-files
                Version: 1

                Package: coreutils
                Status: install ok installed
                Source: core
                Version: 9.1-1

                """
            )
        )
        #expect(found.count == 2)
        #expect(
            found[bytes("bash")]
                == .init(
                    name: bytes("bash"),
                    version: bytes("5.2.15-2+b7"),
                    sourceVersion: bytes("5.2.15-2")
                )
        )
        #expect(found[bytes("coreutils")]?.sourceVersion == bytes("9.1-1"))
    }

    @Test(arguments: [
        "", "\n\n\n", "Package: x\n", "Package: x\nStatus: install ok installed\n", ":\n: :\n",
        "Package\nVersion\nStatus\n", " Package: x\n Version: 1\n Status: install ok installed\n",
    ])
    func `makes no package of half a record`(text: String) {
        #expect(PackageStatus.installed(in: bytes(text)).isEmpty)
    }

    @Test func `has files and no directories`() {
        let list = """
            /.
            /usr
            /usr/bin
            /usr/bin/a
            /usr/bin/a b
            /usr/bin/ab
            /usr/share
            /usr/share/doc
            /usr/share/doc/a
            /usr/share/doc/a/copyright
            /usr/share/man/man1/a.1.gz
            relative
            /opt
            """
        #expect(
            PackageStatus.files(in: bytes(list)).map { text($0) } == [
                "/usr/bin/a", "/usr/bin/a b", "/usr/bin/ab", "/opt",
            ]
        )
    }
}

struct `Package index` {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("info")
        try write(packages: ["bash", "libc6", "tool"])
        try directory.write("info/bash.list", "/.\n/bin\n/bin/bash\n")
        try directory.write("info/libc6:amd64.list", "/lib64/ld.so\n")
        try directory.write("info/tool.list", "/usr/bin/tool\n/opt/tool/run\n")
        try directory.write("info/removed.list", "/usr/bin/removed\n")
        try directory.write("info/bash.conffiles", "/etc/bash.bashrc\n")
    }

    private func write(packages: [String]) throws {
        try directory.write(
            "status",
            packages.map { "Package: \($0)\nStatus: install ok installed\nVersion: 1\n" }
                .joined(separator: "\n")
        )
    }

    private func package(_ path: String, in index: PackageIndex) -> String? {
        index.package(ofPath: bytes(path)[...]).map { text($0.name) }
    }

    @Test(
        arguments: [
            ("/bin/bash", "bash"), ("/usr/bin/bash", "bash"), ("/usr/bin/tool", "tool"),
            ("/bin/tool", nil), ("/opt/tool/run", "tool"), ("/usr/lib64/ld.so", "libc6"),
            ("/usr/bin/removed", nil), ("/etc/bash.bashrc", nil), ("/bin", nil), ("", nil),
            ("/usr/bin/bash2", nil), ("/usr/local/bin/bash", nil),
        ] as [(String, String?)]
    )
    func `knows whose file it is`(path: String, name: String?) {
        #expect(package(path, in: PackageIndex(directory: directory.path)) == name)
    }

    @Test func `is empty where there is no database`() {
        let index = PackageIndex(directory: "/nowhere")
        #expect(!index.exists && package("/bin/bash", in: index) == nil && index.count == 0)
    }

    @Test func `is built once and not before it is asked for`() throws {
        let index = PackageIndex(directory: directory.path)
        #expect(index.count == 0)
        index.prepare()
        let count = index.count
        #expect(count == 4)
        try directory.write("info/bash.list", "/bin/other\n")
        index.prepare()
        #expect(package("/bin/bash", in: index) == "bash", "a verdict does not wait for dpkg")
    }

    @Test func `of this host fits into four mebibytes`() {
        let index = PackageIndex()
        guard index.exists else { return }
        index.prepare()
        #expect(index.count > 0 && index.count * 12 < 4 << 20, "\(index.count) files")
    }
}
