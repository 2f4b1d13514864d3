// What the kernel tells of open files: recorded attributes, and files that every host has.

import Glibc
import Testing

@testable import LinuxSystem

struct `File capabilities` {
    // cap_net_raw+ep, as setcap(8) writes it: revision 2.
    private static let recorded: [UInt8] = [
        0x01, 0x00, 0x00, 0x02, 0x00, 0x20, 0x00, 0x00, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x01, 0, 0, 0,
    ]

    @Test func `are read from the attribute`() {
        let read = FileCapabilities(Self.recorded.span)
        #expect(
            read
                == FileCapabilities(
                    permitted: 1 << 13 | 0x80 << 32,
                    inheritable: 1 << 32,
                    isEffective: true
                )
        )
    }

    @Test func `of a namespace name its root`() {
        var bytes = Self.recorded + [0xa0, 0x86, 0x01, 0x00]
        bytes[3] = 3
        #expect(FileCapabilities(bytes.span)?.rootUser == 100_000)
    }

    @Test func `of the first revision are half as wide`() {
        let bytes: [UInt8] = [0, 0, 0, 1, 0x00, 0x04, 0, 0, 0x01, 0, 0, 0]
        #expect(
            FileCapabilities(bytes.span)
                == FileCapabilities(permitted: 1 << 10, inheritable: 1, isEffective: false)
        )
    }

    @Test func `are nothing when they are cut or unknown`() {
        for count in 0..<Self.recorded.count {
            #expect(FileCapabilities(Array(Self.recorded.prefix(count)).span) == nil, "\(count)")
        }
        for revision: UInt8 in [0, 3, 4, 255] {
            var bytes = Self.recorded
            bytes[3] = revision
            #expect(FileCapabilities(bytes.span) == nil, "revision \(revision)")
        }
    }

    @Test func `of an ordinary file are none`() throws {
        let file = OwnedFD(open("/etc/passwd", O_RDONLY | O_CLOEXEC))
        #expect(FileCapabilities(of: file.raw) == nil)
    }
}

struct `Root user` {
    @Test(
        arguments: [
            ("         0          0 4294967295\n", 0),
            ("         0     100000      65536\n", 100_000),
            ("         1     100000      65536\n         0       1000          1\n", 1000),
            ("      1000       1000          1\n", nil),
            ("", nil), ("0", nil), ("x y z\n", nil), ("0 99999999999 1\n", nil),
        ] as [(String, UInt32?)]
    )
    func `is whoever number 0 stands for`(map: String, user: UInt32?) {
        let bytes = Array(map.utf8)
        let found = Procfs.rootUser(bytes.span)
        #expect(found == user)
    }
}

struct `File system state` {
    @Test func `names what it can tell for sure`() throws {
        let memory = OwnedFD(open("/dev/null", O_RDONLY | O_CLOEXEC))
        #expect(try FileSystemState(of: memory.raw).name == "tmpfs", "devtmpfs is one")
        let proc = OwnedFD(open("/proc/self/status", O_RDONLY | O_CLOEXEC))
        #expect(try FileSystemState(of: proc.raw).name == nil)
    }

    @Test func `of nothing is an error`() {
        #expect(throws: SystemError.self) { try FileSystemState(of: -1) }
    }
}

struct `A file below the root of a process` {
    @Test func `is found as the process finds it`() throws {
        let procfs = try Procfs()
        let found = try procfs.identity(of: Array("/etc/passwd".utf8), below: getpid())
        #expect(try found == FileIdentity(ofPath: "/etc/passwd"))
        let missing = try procfs.identity(of: Array("/etc/nothing here".utf8), below: getpid())
        #expect(missing == nil)
        #expect(try procfs.identity(of: Array("/etc/passwd".utf8), below: Int32.max) == nil)
    }
}
