// What the host says of itself; mounts and signals of this process.

import Glibc
import LinuxSystem
import Testing

struct `Host capabilities` {
    @Test(arguments: [
        ("6.1.0-28-amd64", 6, 1), ("6.18.44", 6, 18), ("5.15.0", 5, 15), ("7.0-rc1", 7, 0),
    ])
    func `know the release of a kernel`(text: String, major: Int, minor: Int) throws {
        let release = try #require(KernelRelease(text))
        #expect(release.major == major)
        #expect(release.minor == minor)
        #expect(release.text == text)
    }

    @Test(arguments: ["", "6", "6.", "x.1", ".1"])
    func `refuse what is no release`(text: String) { #expect(KernelRelease(text) == nil) }

    @Test func `compare releases by number`() throws {
        let older = try #require(KernelRelease("6.9.1"))
        let newer = try #require(KernelRelease("6.10.0"))
        #expect(older < newer)
        #expect(older == KernelRelease("6.9.99"))
    }

    @Test func `give a reason for every answer`() {
        let host = HostCapabilities()
        #expect(host.kernel != nil)
        var probes = [
            host.networkNamespace, host.userNamespace, host.pidNamespace, host.memoryReading,
        ]
        probes += Capability.allCases.map(host.has)
        for probe in probes {
            #expect(!probe.reason.isEmpty)
            #expect(!probe.subject.isEmpty)
        }
        #expect(host.fanotifyLimits.queuedEvents.map { $0 > 0 } ?? true)
    }

    @Test(.requires(.processEvents))
    func `find the initial namespaces where process events come`() {
        let host = HostCapabilities()
        #expect(host.networkNamespace.isAvailable)
        #expect(host.userNamespace.isAvailable)
        #expect(host.pidNamespace.isAvailable)
    }

    @Test func `number capabilities as the kernel does`() {
        #expect(Capability.allCases.map(\.rawValue) == [5, 12, 19, 21, 23, 2])
    }
}

@Suite(.serialized)
struct `Mount watcher` {
    @Test func `reads the mounts of this process`() throws {
        let watcher = try MountWatcher()
        let table = try watcher.read()
        #expect(table.malformedLines == 0)
        #expect(table.mounts.contains { $0.mountPoint == Array("/proc".utf8) })
        #expect(try watcher.read() == table)
    }

    @Test(.requires(.capability(.sysAdmin)), .timeLimit(.minutes(1)))
    func `notices a mount in another namespace, once`() async throws {
        let gate = "/tmp/minewarden-test-\(getpid())-mounts"
        try #require(mkfifo(gate, 0o600) == 0)
        defer { unlink(gate) }
        // The mount is private to the child and gone with it.
        let script = "read line < \(gate); mount -t tmpfs minewarden-test /mnt; exec sleep 1000"
        let child = try spawnChild(["/usr/bin/unshare", "-m", "/bin/sh", "-c", script])
        defer { endChild(child) }
        var procfs = try Procfs()
        try await eventually { try procfs.name(of: child) == Array("sh".utf8) }
        let watcher = try MountWatcher(of: child)
        #expect(try watcher.waitForChange(timeout: .zero) == false)

        let writer = open(gate, O_WRONLY | O_CLOEXEC)
        #expect(write(writer, "\n", 1) == 1)
        close(writer)

        #expect(try watcher.waitForChange(timeout: .seconds(10)))
        let added = try watcher.read().mounts.first { $0.source == Array("minewarden-test".utf8) }
        #expect(added?.mountPoint == Array("/mnt".utf8))
        #expect(added?.filesystemType == "tmpfs")
        #expect(try watcher.waitForChange(timeout: .milliseconds(50)) == false)
    }
}

struct `Memory of the host process` {
    /// Kibibytes of files that are mapped and resident.
    private func residentFiles() throws -> Int {
        let file = open("/proc/self/status", O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(file, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
    }

    @Test func `is given back, and the program goes on`() throws {
        let before = try residentFiles()
        Host.releaseMemory()
        // What runs is there again at once; what only loading needs is not.
        let after = try residentFiles()
        #expect(after < before)
    }
}
