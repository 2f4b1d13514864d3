// What stands between us and a mount point. Marks themselves are tried on the live kernel.

import LinuxSystem
import Testing

@testable import Agent

struct `Coverage` {
    private func table(_ lines: [String]) -> MountTable {
        MountTable(Array(lines.map { $0 + "\n" }.joined().utf8).span)
    }

    @Test func `a mount below a server's filesystem is not looked up`() throws {
        let table = table([
            "20 1 254:0 / / rw - ext4 /dev/vda rw",
            "21 20 0:40 / /home/u/fuse rw - fuse.sshfs host: rw",
            "22 21 0:41 / /home/u/fuse/deep rw - tmpfs tmpfs rw",
            "23 22 0:42 / /home/u/fuse/deep/er rw - tmpfs tmpfs rw",
            "24 20 0:43 / /proc rw - proc proc rw",
            "25 24 0:44 / /proc/x rw - tmpfs tmpfs rw",
            "26 20 0:45 / /srv rw - nfs4 server:/ rw",
            "27 26 0:46 / /srv/tmp rw - tmpfs tmpfs rw",
        ])
        let obstacles = table.mounts.map { table.obstacle(above: $0) }
        #expect(
            obstacles == [
                nil, nil, "/home/u/fuse", "/home/u/fuse", nil, nil, nil, "/srv",
            ]
        )
    }

    @Test func `a table that goes round in circles comes to an end`() {
        let table = table([
            "20 21 254:0 / / rw - ext4 /dev/vda rw", "21 20 0:40 / /a rw - tmpfs tmpfs rw",
            "22 22 0:41 / /b rw - tmpfs tmpfs rw",
        ])
        #expect(table.mounts.allSatisfy { table.obstacle(above: $0) == nil })
    }
}
