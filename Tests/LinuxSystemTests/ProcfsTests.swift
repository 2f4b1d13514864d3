// /proc of this process and of children of its own; only reads.

import Glibc
import LinuxSystem
import Testing

struct `Reading of processes` {
    @Test func `reads this process`() throws {
        var procfs = try Procfs()
        let own = getpid()
        let stat = try #require(try procfs.stat(of: own))
        let status = try #require(try procfs.status(of: own))
        #expect(stat.pid == own)
        #expect(stat.parent == getppid())
        #expect(status.process == own)
        #expect(status.user.real == getuid())
        #expect(status.effectiveCapabilities == HostCapabilities().effectiveCapabilities)
        #expect(try procfs.name(of: own) == stat.name)
        #expect(try procfs.cgroups(of: own)?.mostSpecific != nil)
        #expect(try procfs.processes().contains(own))
        #expect(try procfs.threads(of: own)?.contains(own) == true)
        #expect(try procfs.loginUser(of: own) != UInt32.max)
    }

    @Test func `reads links and the file behind them`() throws {
        let procfs = try Procfs()
        let own = getpid()
        let target = try #require(try procfs.target(of: .program, pid: own))
        let program = try #require(try procfs.identity(of: .program, pid: own))
        var status = stat()
        #expect(stat(String(decoding: target, as: UTF8.self), &status) == 0)
        #expect(program.inode == status.st_ino)
        #expect(program.sizeBytes == UInt64(status.st_size))
        #expect(program.mode == status.st_mode)
        #expect(program.linkCount == UInt32(status.st_nlink))
        #expect(
            program.modifiedNanoseconds
                == Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        )
        #expect(try procfs.target(of: .workingDirectory, pid: own) != nil)
        #expect(try procfs.target(of: .rootDirectory, pid: own) == Array("/".utf8))
    }

    @Test func `tells what descriptors are open on`() throws {
        let procfs = try Procfs()
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let own = getpid()
        #expect(try procfs.target(ofDescriptor: file, pid: own) == Array("/dev/null".utf8))
        #expect(try procfs.descriptors(of: own)?.contains(file) == true)
        #expect(try procfs.target(ofDescriptor: 1_000_000, pid: own) == nil)
        #expect(try procfs.target(ofDescriptor: -100, pid: own) == nil)
        let identity = try FileIdentity(descriptor: file)
        #expect(identity.mode & S_IFMT == S_IFCHR)
    }

    @Test func `reads arguments and environment up to a limit`() async throws {
        var procfs = try Procfs()
        let child = try spawnChild(["/bin/sleep", "1000"])
        defer { endChild(child) }
        let whole = "/bin/sleep\0" + "1000\0"
        // posix_spawn returns when the old memory is gone, a moment before the new one is filled.
        try await eventually { try procfs.arguments(of: child, limit: 1)?.bytes.isEmpty == false }
        var arguments = try procfs.arguments(of: child, limit: 4096)
        #expect(arguments == LimitedBytes(bytes: Array(whole.utf8), isTruncated: false))
        arguments = try procfs.arguments(of: child, limit: whole.utf8.count)
        #expect(arguments?.isTruncated == false)
        arguments = try procfs.arguments(of: child, limit: 5)
        #expect(arguments == LimitedBytes(bytes: Array("/bin/".utf8), isTruncated: true))
        let environment = try #require(try procfs.environment(of: child, limit: 1 << 20))
        #expect(environment.bytes.last == 0)
        #expect(!environment.isTruncated)
    }

    @Test func `says of a process that is gone that it is, without an error`() throws {
        var procfs = try Procfs()
        let gone = try runChild(["/bin/true"])
        #expect(try procfs.stat(of: gone) == nil)
        #expect(try procfs.status(of: gone) == nil)
        #expect(try procfs.cgroups(of: gone) == nil)
        #expect(try procfs.name(of: gone) == nil)
        #expect(try procfs.arguments(of: gone, limit: 10) == nil)
        #expect(try procfs.environment(of: gone, limit: 10) == nil)
        #expect(try procfs.loginUser(of: gone) == nil)
        #expect(try procfs.threads(of: gone) == nil)
        #expect(try procfs.descriptors(of: gone) == nil)
        for link in ProcessLink.allCases {
            #expect(try procfs.target(of: link, pid: gone) == nil)
            #expect(try procfs.identity(of: link, pid: gone) == nil)
        }
    }

    @Test func `names what cannot be opened`() {
        #expect(throws: SystemError.self) { _ = try Procfs(at: "/nonexistent") }
    }

    @Test func `dates this process between boot and now`() throws {
        var procfs = try Procfs()
        let ticks = try #require(try procfs.stat(of: getpid())).startTicks
        let monotonic = KernelClock.monotonicNanoseconds(ofStartTicks: ticks)
        let now = KernelClock.monotonic.nanoseconds
        #expect(monotonic <= now)
        #expect(now - monotonic < 3_600_000_000_000)
        let realtime = KernelClock.realtimeNanoseconds(ofStartTicks: ticks)
        #expect(realtime <= KernelClock.realtime.nanoseconds)
        #expect(KernelClock.realtime.nanoseconds - realtime < 3_600_000_000_000)
    }
}

struct `Taskstats on the real kernel` {
    @Test(.requires(.taskStatistics))
    func `tells what this process has used`() throws {
        var statistics = try Taskstats()
        var sum = 0
        for number in 0..<20_000_000 { sum &+= number }
        #expect(sum != 1)
        let use = try #require(try statistics.use(of: getpid()))
        #expect(use.userMicroseconds > 1000)
        #expect(use.peakResidentKilobytes > 1000)
        let later = try #require(try statistics.use(of: getpid()))
        #expect(later.userMicroseconds >= use.userMicroseconds)
    }

    @Test(.requires(.taskStatistics))
    func `says of a process that is gone that it is`() throws {
        var statistics = try Taskstats()
        #expect(try statistics.use(of: try runChild(["/bin/true"])) == nil)
        #expect(try statistics.use(of: getpid()) != nil)
    }
}
