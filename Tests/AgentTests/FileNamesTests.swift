import Glibc
import LinuxSystem
import Testing

@testable import Agent

/// On a real file system: that a new name is a new identity is what this rests on.
struct `File names` {
    private let directory: String
    private let path: String

    init() throws {
        directory = "/tmp/minewarden-names-\(UInt32.random(in: 0 ... .max))"
        path = directory + "/first"
        try #require(mkdir(directory, 0o700) == 0)
        let file = open(path, O_CREAT | O_WRONLY, 0o700)
        try #require(file >= 0)
        close(file)
    }

    private func cleanUp() {
        for name in ["first", "second"] { unlink(directory + "/" + name) }
        rmdir(directory)
    }

    private var later: Int64 { Int64(KernelClock.realtime.nanoseconds) + 1_000_000_000 }

    @Test func `a name is remembered until the file is renamed`() throws {
        defer { cleanUp() }
        var names = FileNames()
        let file = try FileIdentity(ofPath: path)
        #expect(names.name(of: file) == nil)
        names.note(Array("first".utf8), of: file, now: later)
        #expect(names.name(of: file) == Array("first".utf8))
        usleep(20_000)
        rename(path, directory + "/second")
        let renamed = try FileIdentity(ofPath: directory + "/second")
        #expect(renamed.isSameFile(as: file))
        #expect(names.name(of: renamed) == nil)
    }

    @Test func `a file with two names has no name to remember`() throws {
        defer { cleanUp() }
        var names = FileNames()
        link(path, directory + "/second")
        let file = try FileIdentity(ofPath: path)
        names.note(Array("first".utf8), of: file, now: later)
        #expect(names.name(of: file) == nil)
    }

    @Test func `a file that has just changed is not remembered`() throws {
        defer { cleanUp() }
        var names = FileNames()
        let file = try FileIdentity(ofPath: path)
        names.note(Array("first".utf8), of: file, now: file.changedNanoseconds + 50_000_000)
        #expect(names.name(of: file) == nil)
        names.note(Array("first".utf8), of: file, now: file.changedNanoseconds - 1)
        #expect(names.name(of: file) == nil, "the clock was set back")
    }
}
