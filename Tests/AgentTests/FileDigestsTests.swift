// Digests of files and what bounds their cost.

import Glibc
import LinuxSystem
import Testing

@testable import Agent

struct `File digests` {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func descriptor(_ path: String) throws -> OwnedFD {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        try #require(number >= 0, "open \(path): \(errno)")
        return OwnedFD(number)
    }

    @Test func `are those of the standard`() throws {
        let file = try descriptor(try directory.write("abc", "abc"))
        #expect(
            FileDigests().texts(of: file.raw).map { text($0) } == [
                "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
                "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ]
        )
    }

    @Test func `are of the content now and not of what was remembered`() throws {
        let path = try directory.write("x", "one")
        let file = try descriptor(path)
        let digests = FileDigests(settleNanoseconds: 0)
        let first = try #require(digests.sha256(of: file.raw))
        #expect(digests.sha256(of: file.raw) == first)
        #expect(digests.count == 1)
        try directory.write("x", "another")
        #expect(digests.sha256(of: file.raw) != first)
    }

    @Test func `of a file that changed just now are not remembered`() throws {
        let file = try descriptor(try directory.write("x", "one"))
        let digests = FileDigests(settleNanoseconds: 3_600_000_000_000)
        #expect(digests.sha256(of: file.raw) != nil)
        #expect(digests.count == 0)
    }

    @Test func `are computed again when a rule asks for more than a signal did`() throws {
        let file = try descriptor(try directory.write("x", "one"))
        let digests = FileDigests(settleNanoseconds: 0)
        _ = digests.sha256(of: file.raw)
        #expect(digests.texts(of: file.raw).count == 2)
        #expect(digests.count == 1)
    }

    @Test func `are remembered of the files used last`() throws {
        let digests = FileDigests(capacity: 2, settleNanoseconds: 0)
        for name in ["a", "b", "c", "d"] {
            let file = try descriptor(try directory.write(name, name))
            #expect(digests.sha256(of: file.raw) != nil)
            #expect(digests.count <= 2)
        }
    }

    @Test func `are not made of what is over the limit`() throws {
        let path = try directory.write("big", "")
        try #require(truncate(path, Int(FileDigests.sizeLimitBytes) + 1) == 0)
        let file = try descriptor(path)
        #expect(FileDigests().sha256(of: file.raw) == nil)
        #expect(FileDigests().texts(of: file.raw).isEmpty)
    }

    @Test func `are not made of pipes, devices and directories`() throws {
        let fifo = "\(directory.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [fifo, "/dev/zero", directory.path] {
            let file = try descriptor(path)
            #expect(FileDigests().sha256(of: file.raw) == nil, "\(path)")
        }
    }

    @Test func `for signals stop when the budget is spent and go on when it is refilled`() {
        let digests = FileDigests()
        let limit = FileDigests.sizeLimitBytes
        let now: UInt64 = 1_000_000_000_000
        for _ in 0..<4 { #expect(digests.spend(limit, now: now)) }
        #expect(!digests.spend(limit, now: now))
        #expect(!digests.spend(limit, now: now + 1_000_000_000))
        #expect(digests.spend(limit, now: now + 2_000_000_000))
        #expect(!digests.spend(1 << 20, now: now + 2_000_000_000))
        // However long nothing was spent, there is no more than the whole budget.
        let later = now + 90_000_000_000_000
        for _ in 0..<4 { #expect(digests.spend(limit, now: later)) }
        #expect(!digests.spend(limit, now: later))
    }
}
