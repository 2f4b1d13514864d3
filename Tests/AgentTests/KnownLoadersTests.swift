import Glibc
import LinuxSystem
import Testing

@testable import Agent

/// Which files are taken for loaders without being read again.
///
/// Descriptor -1 cannot be read.
struct KnownLoadersTests {
    #if arch(arm64)
    private static let loader = "/lib/ld-linux-aarch64.so.1"
    #else
    private static let loader = "/lib64/ld-linux-x86-64.so.2"
    #endif

    private var now: Int64 { Int64(KernelClock.realtime.nanoseconds) }

    /// A copy of the loader.
    private func copy(in directory: TemporaryDirectory, mode: mode_t) throws -> String {
        let source = open(Self.loader, O_RDONLY)
        let path = directory.path + "/ld.so"
        let target = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { [source, target].forEach { close($0) } }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(source, &buffer, buffer.count)
        try #require(count > 0 && write(target, buffer, count) == count)
        try #require(fchmod(target, mode) == 0)
        return path
    }

    @Test func `a loader of the system is read once`() throws {
        var loaders = KnownLoaders()
        let file = open(Self.loader, O_RDONLY)
        defer { close(file) }
        let identity = try FileIdentity(descriptor: file)
        let answers = [-1, file, -1].map { loaders.contains(identity, opened: $0, now: now) }
        #expect(answers == [false, true, true])
    }

    @Test func `a program is none`() throws {
        var loaders = KnownLoaders()
        let file = open("/bin/true", O_RDONLY)
        defer { close(file) }
        let identity = try FileIdentity(descriptor: file)
        let answers = [file, file].map { loaders.contains(identity, opened: $0, now: now) }
        #expect(answers == [false, false])
    }

    @Test func `one that others may change is read each time`() throws {
        let directory = try TemporaryDirectory()
        var loaders = KnownLoaders()
        let file = open(try copy(in: directory, mode: 0o666), O_RDONLY)
        defer { close(file) }
        let identity = try FileIdentity(descriptor: file)
        let later = now + 1_000_000_000
        let answers = [file, -1].map { loaders.contains(identity, opened: $0, now: later) }
        #expect(answers == [true, false])
    }

    @Test func `one that has just changed is read each time`() throws {
        var loaders = KnownLoaders()
        let file = open(Self.loader, O_RDONLY)
        defer { close(file) }
        let identity = try FileIdentity(descriptor: file)
        let then = identity.changedNanoseconds + 50_000_000
        let answers = [file, -1].map { loaders.contains(identity, opened: $0, now: then) }
        #expect(answers == [true, false])
    }

    @Test func `more than it remembers are read again`() throws {
        let directory = try TemporaryDirectory()
        var loaders = KnownLoaders()
        let file = open(Self.loader, O_RDONLY)
        defer { close(file) }
        let identity = try FileIdentity(descriptor: file)
        let isLoader = loaders.contains(identity, opened: file, now: now)
        #expect(isLoader)
        // Only root's files are remembered: without root these push nothing out.
        for index in 0..<16 where getuid() == 0 {
            let path = try copy(in: directory, mode: 0o755)
            try #require(rename(path, "\(path)-\(index)") == 0)
            let other = open("\(path)-\(index)", O_RDONLY)
            defer { close(other) }
            let later = now + 1_000_000_000
            #expect(
                loaders.contains(try FileIdentity(descriptor: other), opened: other, now: later)
            )
        }
        let isRemembered = loaders.contains(identity, opened: -1, now: now)
        #expect(isRemembered == (getuid() != 0))
    }
}
