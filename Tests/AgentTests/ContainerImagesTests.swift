// The images of containers: read once by their own thread, known to verdicts that do not wait, and
// to the first one that may.

import Containers
import Glibc
import LinuxSystem
import Synchronization
import Testing

@testable import Agent

private let id = String(repeating: "0123456789abcdef", count: 4)
private let otherID = String(repeating: "fedcba9876543210", count: 4)

private func cgroup(_ id: String) -> CgroupPath { CgroupPath(bytes("/docker/\(id)")) }

struct `Container images` {
    private let directory: TemporaryDirectory
    private let images: ContainerImages

    init() throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("containers")
        images = try ContainerImages()
    }

    private func describe(_ id: String, image: String) throws {
        try directory.makeDirectory("containers/\(id)")
        try directory.write(
            "containers/\(id)/config.v2.json",
            #"{"ID":"\#(id)","Created":"2026-11-23T18:59:17Z","Config":{"Image":"\#(image)"}}"#
        )
    }

    private func start() throws {
        try images.start(reading: DescriptionReader(further: [directory.path]))
    }

    @Test func `are not known to who does not wait, and are soon after`() throws {
        try describe(id, image: "team/worker:2.5")
        try start()
        #expect(images.description(of: cgroup(id)) == nil)
        #expect(eventually { images.description(of: cgroup(id)) != nil })
        let known = try #require(images.description(of: cgroup(id)))
        #expect(known.tags == ["image_name:team/worker", "short_image:worker", "image_tag:2.5"])
        #expect(known.createdNanoseconds == 1_795_460_357_000_000_000)
    }

    @Test func `are known to the first one who may wait`() throws {
        try describe(id, image: "team/worker:2.5")
        try start()
        let known = images.description(of: cgroup(id), patience: .seconds(10))
        #expect(known?.image == "team/worker:2.5")
    }

    @Test func `keep nobody waiting longer than allowed`() throws {
        // Nobody reads: the threads are not started.
        let begin = KernelClock.monotonic.nanoseconds
        #expect(images.description(of: cgroup(id), patience: .milliseconds(20)) == nil)
        let waited = KernelClock.monotonic.nanoseconds - begin
        #expect(waited >= 19_000_000)
        #expect(waited < 5_000_000_000)
    }

    @Test func `keep few records waiting for long at once`() throws {
        // Nobody reads, so that everybody waits for as long as they may. On a busy machine somebody
        // who does not wait may be late all the same, but not each time.
        for first in 0..<5 {
            let waits = Mutex<[UInt64]>([])
            for number in 0..<10 {
                let other = String(repeating: "\(first)\(number)", count: 32)
                try NativeThread.start("waiter") { [images] in
                    let begin = KernelClock.monotonic.nanoseconds
                    _ = images.descriptionForRecord(of: cgroup(other))
                    let waited = KernelClock.monotonic.nanoseconds - begin
                    waits.withLock { $0.append(waited) }
                }
            }
            #expect(eventually { waits.withLock { $0.count } == 10 })
            let long = waits.withLock { $0.count { $0 > 450_000_000 } }
            #expect(long > 0)
            if long <= 4 { return }
        }
        Issue.record("more than four waited each time")
    }

    @Test func `that nobody knows are waited for once`() throws {
        try start()
        #expect(images.description(of: cgroup(id), patience: .seconds(10)) == nil)
        let begin = KernelClock.monotonic.nanoseconds
        for _ in 0..<100 {
            #expect(images.description(of: cgroup(id), patience: .seconds(10)) == nil)
        }
        #expect(KernelClock.monotonic.nanoseconds - begin < 5_000_000_000)
    }

    @Test func `that nobody knew are asked for again`() throws {
        try start()
        #expect(images.description(of: cgroup(id), patience: .seconds(10)) == nil)
        try describe(id, image: "team/late:1")
        #expect(eventually { images.description(of: cgroup(id))?.image == "team/late:1" })
    }

    @Test func `stay known when the runtime has removed its files`() throws {
        try describe(id, image: "team/worker:2.5")
        try start()
        #expect(images.description(of: cgroup(id), patience: .seconds(10)) != nil)
        unlink("\(directory.path)/containers/\(id)/config.v2.json")
        #expect(images.description(of: cgroup(id)) != nil)
    }

    @Test func `are of the container that was asked for`() throws {
        try describe(id, image: "a:1")
        try describe(otherID, image: "b:2")
        try start()
        #expect(images.description(of: cgroup(id), patience: .seconds(10))?.image == "a:1")
        #expect(images.description(of: cgroup(otherID), patience: .seconds(10))?.image == "b:2")
    }

    @Test func `are bounded, and forgotten ones are read again`() throws {
        let small = try ContainerImages(capacity: 8)
        try describe(id, image: "a:1")
        try small.start(reading: DescriptionReader(further: [directory.path]))
        #expect(small.description(of: cgroup(id), patience: .seconds(10))?.image == "a:1")
        for number in 0..<100 {
            let digits = String(number, radix: 16)
            let other = String(repeating: "0", count: 64 - digits.count) + digits
            _ = small.description(of: cgroup(other))
        }
        #expect(eventually { small.description(of: cgroup(id))?.image == "a:1" })
    }

    @Test func `are none outside containers`() throws {
        try start()
        let path = CgroupPath(bytes("/system.slice/ssh.service"))
        #expect(images.description(of: path, patience: .seconds(10)) == nil)
    }

    @Test func `are not read from what is no file or too large`() throws {
        try directory.makeDirectory("containers/\(id)")
        try #require(mkfifo("\(directory.path)/containers/\(id)/config.v2.json", 0o644) == 0)
        try directory.makeDirectory("containers/\(otherID)")
        let path = try directory.write("containers/\(otherID)/config.v2.json", "{")
        try #require(truncate(path, 1 << 30) == 0)
        try start()
        #expect(images.description(of: cgroup(id), patience: .seconds(10)) == nil)
        #expect(images.description(of: cgroup(otherID), patience: .seconds(10)) == nil)
    }

    @Test(
        arguments: [
            ("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope", 1000),
            ("/user.slice/user-0.slice/session-1.scope", 0),
            ("/machine.slice/libpod-\(id).scope", nil), ("/user.slice/user-x.slice", nil),
            ("/user.slice/user-.slice", nil), ("/a/user@77.service", 77),
        ] as [(String, UInt32?)]
    )
    func `of a user are recognised by the cgroup`(path: String, user: UInt32?) {
        #expect(CgroupPath(bytes(path)).userNumber == user)
    }

    @Test(
        arguments: [
            (0, "/root"), (1000, "/home/ada"), (1001, nil), (1002, nil), (5, nil),
        ] as [(UInt32, String?)]
    )
    func `of a user lie below the home directory`(number: UInt32, home: String?) {
        let passwd = """
            root:x:0:0:root:/root:/bin/bash
            ada:x:1000:1000:Ada,,,:/home/ada:/bin/bash
            broken:x:1001
            relative:x:1002:1002::home:/bin/sh
            """
        #expect(DescriptionReader.home(of: number, in: bytes(passwd)) == home)
    }
}
