// The texts of /proc from recorded bytes, hostile names included, and cut at every offset.

import LinuxSystem
import Testing

struct `Process stat` {
    private static let numbersUpToStart =
        "S 812 4711 812 34816 4711 4194560 512 0 0 0 3 1 0 0 20 0 1 0 987654"
    private static let numbers = """
        \(numbersUpToStart) 2703360 300 \
        18446744073709551615 1 1 0 0 0 0 65536 4 65538 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0

        """

    @Test(arguments: [
        "bash", "", ") R 1", "a b) S 1 2 3", "((((", "))))", "x\ny", "tab\there", ")",
    ])
    func `is read whatever the name`(name: String) throws {
        let text = Array("4711 (\(name)) \(Self.numbers)".utf8)
        let stat = try #require(parseStat(text))
        #expect(stat.pid == 4711)
        #expect(stat.name == Array(name.utf8))
        #expect(stat.state == UInt8(ascii: "S"))
        #expect(stat.parent == 812)
        #expect(stat.session == 812)
        #expect(stat.terminal == 34816)
        #expect(stat.startTicks == 987_654)
        #expect(!stat.isKernelThread)
        #expect(!stat.isZombie)
    }

    @Test func `knows a thread of the kernel`() throws {
        let text = Array(
            """
            2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 0

            """.utf8
        )
        let stat = try #require(parseStat(text))
        #expect(stat.isKernelThread)
        #expect(stat.parent == 0)
    }

    @Test(arguments: ["bash", ") R 1 2 3 4"])
    func `is refused when cut before the start time ends`(name: String) throws {
        let text = Array("4711 (\(name)) \(Self.numbers)".utf8)
        let whole = try #require(parseStat(text))
        // One byte more than the number: without it the number may be half of one.
        let end = text.count - Self.numbers.utf8.count + Self.numbersUpToStart.utf8.count + 1
        for count in 0...text.count {
            #expect(parseStat(text.prefix(count)) == (count < end ? nil : whole))
        }
    }

    @Test(arguments: [
        "", "4711", "4711 bash S 1", "x (bash) S 1", "4711 (bash S 1 2 3", "4711 (bash)S 1",
        "99999999999 (bash) S 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4711 (bash) S 812 4711 812 34816 4711 -1 512 0 0 0 3 1 0 0 20 0 1 0 987654 2703360 300",
    ])
    func `is refused if malformed`(text: String) {
        #expect(parseStat(text.utf8) == nil)
    }
}

struct `Process status` {
    static let text = """
        Name:\tTgid:\\n9
        Umask:\t0022
        State:\tS (sleeping)
        Tgid:\t4711
        Ngid:\t0
        Pid:\t4712
        PPid:\t812
        TracerPid:\t0
        Uid:\t1000\t1001\t1002\t1003
        Gid:\t100\t101\t102\t4294967295
        FDSize:\t256
        Groups:\t4 24 27
        NStgid:\t4711\t7
        NSpid:\t4712\t8
        Threads:\t3
        CapInh:\t0000000000000000
        CapPrm:\t000001ffffffffff
        CapEff:\t0000000000003000
        Seccomp:\t0

        """

    @Test func `is read`() throws {
        let status = try #require(parseStatus(Self.text.utf8))
        #expect(status.thread == 4712)
        #expect(status.process == 4711)
        #expect(status.parent == 812)
        #expect(
            status.user
                == TaskCredential(real: 1000, effective: 1001, saved: 1002, filesystem: 1003)
        )
        #expect(
            status.group
                == TaskCredential(real: 100, effective: 101, saved: 102, filesystem: .max)
        )
        #expect(status.permittedCapabilities == 0x1ff_ffff_ffff)
        #expect(status.effectiveCapabilities == 0x3000)
        #expect(status.threads == 3)
        #expect(status.namespaceThreads == [4712, 8])
    }

    @Test func `is refused or the same when cut anywhere`() throws {
        let bytes = Array(Self.text.utf8)
        let whole = try #require(parseStatus(bytes))
        // CapEff is the last line that is needed; one that nobody needs follows.
        let end = bytes.count - "Seccomp:\t0\n".utf8.count
        for count in 0...bytes.count {
            let cut = parseStatus(bytes.prefix(count))
            #expect(cut == (count < end ? nil : whole))
        }
    }

    @Test(arguments: ["Tgid", "Pid", "PPid", "Uid", "Gid", "Threads", "CapPrm", "CapEff"])
    func `is refused without a line that is needed`(key: String) {
        let text = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("\(key):") }.joined(separator: "\n")
        #expect(parseStatus(text.utf8) == nil)
    }

    @Test func `does without the numbers in other namespaces`() throws {
        let text = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("NSpid:") }.joined(separator: "\n")
        #expect(try #require(parseStatus(text.utf8)).namespaceThreads.isEmpty)
    }
}

struct `Mount table` {
    static let text = #"""
        22 27 0:21 / /proc rw,relatime - proc proc rw
        25 24 0:23 / /dev/shm rw,relatime shared:2 - tmpfs tmpfs rw,size=24684084k
        40 27 8:1 /data /mnt/a\040b\134c\011d rw,noexec shared:5 master:3 propagate_from:1 - ext4 /dev/sda1 rw
        41 27 0:50 / /mnt/sshfs rw - fuse.sshfs user@host:/x\040y rw,user_id=0
        42 27 0:51 / /nolabel rw -  tmpfs rw
        43 27 0:52 / /mnt/e rw - tmpfs  rw,size=1k
        44 27 0:53 / /mnt/\9\04 rw - tmpfs t rw

        """#

    @Test func `is read`() throws {
        let table = parseMounts(Self.text.utf8)
        #expect(table.mounts.map(\.id) == [22, 25, 40, 41, 43, 44])
        #expect(table.malformedLines == 1)
        let mount = table.mounts[2]
        #expect(mount.parent == 27)
        #expect(mount.device == FileIdentity.Device(major: 8, minor: 1))
        #expect(mount.root == Array("/data".utf8))
        #expect(mount.mountPoint == Array("/mnt/a b\\c\td".utf8))
        #expect(mount.options == Array("rw,noexec".utf8))
        #expect(mount.filesystemType == "ext4")
        #expect(mount.source == Array("/dev/sda1".utf8))
        #expect(mount.superOptions == Array("rw".utf8))
        #expect(table.mounts[3].source == Array("user@host:/x y".utf8))
        #expect(table.mounts[4].source.isEmpty)
        #expect(table.mounts[5].mountPoint == Array(#"/mnt/\9\04"#.utf8))
    }

    @Test func `has whole mounts only when cut anywhere`() {
        let bytes = Array(Self.text.utf8)
        let whole = parseMounts(bytes).mounts
        for count in 0..<bytes.count {
            let cut = parseMounts(bytes.prefix(count))
            #expect(cut.mounts == Array(whole.prefix(cut.mounts.count)))
            let isBetweenLines = count == 0 || bytes[count - 1] == UInt8(ascii: "\n")
            #expect(isBetweenLines || cut.malformedLines > 0)
        }
    }

    @Test(arguments: [
        ("ext4", FilesystemKind.local), ("xfs", .local), ("tmpfs", .local), ("overlay", .local),
        ("devtmpfs", .local), ("btrfs", .local), ("nfs4", .excluded(.network)),
        ("cifs", .excluded(.network)), ("9p", .excluded(.network)),
        ("virtiofs", .excluded(.network)), ("fuse", .excluded(.userspaceServer)),
        ("fuse.sshfs", .excluded(.userspaceServer)), ("fuseblk", .excluded(.userspaceServer)),
        ("proc", .excluded(.pseudo)), ("cgroup2", .excluded(.pseudo)),
        ("autofs", .excluded(.pseudo)), ("fusectl", .excluded(.pseudo)),
        ("fusefs", .excluded(.unknownType)), ("", .excluded(.unknownType)),
    ])
    func `says which filesystems may be watched`(type: String, kind: FilesystemKind) {
        #expect(FilesystemKind(type: type) == kind)
        #expect(FilesystemKind(type: type).isMarkable == (kind == .local))
    }
}
