// The facts of files: overlays by their mount's text, the rest on files of our own.

import Glibc
import LinuxSystem
import RuleLanguage
import Testing

@testable import Agent

struct `Overlay layer` {
    private func mount(_ line: String) throws -> MountInfo {
        let text = bytes(line + "\n")
        return try #require(MountTable(text.span).mounts.first)
    }

    @Test(
        arguments: [
            (
                "9 8 0:50 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w", "/bin/x",
                "/u/bin/x"
            ),
            (
                "9 8 0:50 / /mnt/m rw - overlay none rw,lowerdir=/l,upperdir=/u,workdir=/w",
                "/mnt/m/x", "/u/x"
            ),
            ("9 8 0:50 /sub /m rw - overlay none rw,upperdir=/u", "/m/x", "/u/sub/x"),
            ("9 8 0:50 / /m rw - overlay none rw,upperdir=/u", "/mm/x", nil),
            ("9 8 0:50 / /m rw - overlay none rw,upperdir=/u", "/m", nil),
            ("9 8 0:50 / / rw - overlay none rw,lowerdir=/a:/b", "/x", nil),
            ("9 8 0:50 / / rw - overlay none rw,upperdir=", "/x", nil),
            ("9 8 0:50 / / rw - ext4 /dev/sda rw,upperdir=/u", "/x", nil),
            (#"9 8 0:50 / / rw - overlay none rw,upperdir=/a\040b"#, "/x", "/a b/x"),
        ] as [(String, String, String?)]
    )
    func `has the files below its directory`(line: String, path: String, upper: String?) throws {
        let found = OverlayLayer.upperPath(of: bytes(path), on: try mount(line))
        #expect(found.map { text($0) } == upper)
    }
}

struct `File facts` {
    private let reader: ProcfsReader
    private let directory: TemporaryDirectory

    init() throws {
        reader = try ProcfsReader()
        directory = try TemporaryDirectory()
    }

    private func facts(_ path: String, sources: FactSources? = nil) throws -> FileFacts {
        FileFacts(
            path: bytes(path),
            identity: nil,
            source: .path,
            process: getpid(),
            reader: reader,
            sources: try sources ?? makeSources()
        )
    }

    @Test func `of a path are those of what lies there`() throws {
        let path = try directory.write("x", "content", mode: 0o711)
        let found = try facts(path)
        #expect(found.identity == (try FileIdentity(ofPath: path)))
        #expect(found.integer(.fileRights) == 0o711)
        #expect(text(found.string(.fileName)) == "x")
        #expect(!found.boolean(.fileInUpperLayer))
    }

    @Test(arguments: ["relative", "", "/nowhere/at/all", "/tmp/\0x"])
    func `of a path that leads nowhere are empty`(path: String) throws {
        let found = try facts(path)
        #expect(found.identity == nil && found.filesystem.isEmpty && found.package == nil)
        #expect(found.integer(.fileInode) == 0 && found.hashes.isEmpty)
    }

    @Test func `name the file system as the mount table does`() throws {
        let table = try MountWatcher().read()
        let proc = try #require(table.mounts.last { text($0.mountPoint) == "/proc" })
        #expect(text(try facts("/proc/self/status").filesystem) == proc.filesystemType)
    }

    @Test func `of our own program can be read through the process`() throws {
        let attempt = try makeAttempt()
        attempt.run(process: getpid())
        let ours = attempt.fileFacts.withDescriptor { try? FileIdentity(descriptor: $0) }
        #expect(ours == attempt.file)
    }

    @Test func `know no package for a file that only has a package's path`() throws {
        // The index says that the path belongs to a package; the file there is another one.
        let path = try directory.write("x", "a")
        try directory.makeDirectory("dpkg")
        try directory.makeDirectory("dpkg/info")
        try directory.write(
            "dpkg/status",
            "Package: p\nStatus: install ok installed\nVersion: 1\n"
        )
        try directory.write("dpkg/info/p.list", "/.\n\(path)\n")
        let sources = try makeSources(
            packages: PackageIndex(directory: directory.path + "/dpkg")
        )
        #expect(try facts(path, sources: sources).package?.name == bytes("p"))
        let other = FileFacts(
            path: bytes(path),
            identity: try FileIdentity(ofPath: "/proc/self/exe"),
            source: .path,
            process: getpid(),
            reader: reader,
            sources: sources
        )
        #expect(other.package == nil)
    }
}
