// What a signal keeps of an attempt, and the digest of the executed file.

import Glibc
import LinuxSystem
import RuleLanguage
import Signals
import Testing

@testable import Agent

struct `Scene of an attempt` {
    @Test func `keeps who and what of a running process`() throws {
        let attempt = try makeAttempt()
        attempt.run(process: getpid())
        let scene = Scene(of: attempt)
        #expect(scene.process.pid == getpid())
        #expect(scene.process.uid == getuid())
        #expect(scene.process.executable?.inode == attempt.file?.inode)
        #expect(scene.ancestors.first?.pid == getppid())
        #expect(scene.process.executable?.sha256 == [])
    }

    @Test func `takes the digest of the executed file and of no other`() throws {
        let attempt = try makeAttempt()
        attempt.run(process: getpid())
        var scene = Scene(of: attempt)
        let other = OwnedFD(open("/etc/passwd", O_RDONLY | O_CLOEXEC))
        let digests = FileDigests()
        scene.addDigest(of: other.raw, from: digests)
        #expect(scene.process.executable?.sha256 == [])
        guard let own = try attempt.reader.procfs.openProgram(of: getpid()) else {
            Issue.record("our own program cannot be opened")
            return
        }
        scene.addDigest(of: own.raw, from: digests)
        let size = try FileIdentity(descriptor: own.raw).sizeBytes
        #expect(
            (scene.process.executable?.sha256.count == 32) == (size <= FileDigests.sizeLimitBytes)
        )
    }
}

struct `Facts of a process` {
    /// The number may be another's by now: here it is ours.
    @Test func `that has ended are what is remembered of it`() throws {
        let tree = ProcessTree()
        let own = getpid()
        let parent = TaskID(thread: own, process: own)
        let child = TaskID(thread: own + 1, process: own + 1)
        tree.synchronize(
            with: [
                ProcessSnapshot(
                    node: ProcessNode(
                        pid: own,
                        startNanoseconds: 1,
                        name: TaskName(bytes("gone")),
                        image: ProcessImage(
                            path: bytes("/gone"),
                            arguments: bytes("gone\u{0}-x\u{0}")
                        )
                    ),
                    parent: 1
                )
            ],
            begunAt: .max
        )
        let second: UInt64 = 1_000_000_000
        let fork = ProcEvent.Kind.fork(parent: parent, child: child)
        tree.apply(ProcEvent(fork, timestampNanoseconds: 2 * second))
        let exit = ProcEvent.Kind.exit(parent, code: 0, signal: 17, parent: child)
        tree.apply(ProcEvent(exit, timestampNanoseconds: 3 * second))
        let attempt = try makeAttempt(tree: tree)
        attempt.run(process: own + 1)
        let facts = try #require(attempt.lineage.first)
        #expect(facts.pid == own)
        #expect(facts.status == nil)
        #expect(text(facts.path) == "/gone")
        #expect(text(facts.name) == "gone")
        #expect(texts(facts.arguments.vector) == ["gone", "-x"])
    }
}
