// Who has which permission, and whose files are used.

import Glibc
import LinuxSystem
import Testing

@testable import Agent

struct `Access groups` {
    private let groups = AccessGroups(
        group: bytes(
            """
            root:x:0:
            minewarden-rules:x:701:alice,nobody-here
            minewarden-actions:x:702:
            broken
            minewarden-rules:x:999:mallory

            """
        ),
        passwd: bytes(
            """
            root:x:0:0::/root:/bin/sh
            alice:x:1001:1001::/:/bin/sh
            bob:x:1002:702::/:/bin/sh
            mallory:x:1003:1003::/:/bin/sh

            """
        )
    )

    private func permissions(_ user: UInt32, _ group: UInt32, _ others: [UInt32] = [])
        -> Set<Permission>
    {
        groups.permissions(
            of: PeerCredentials(pid: 1, user: user, group: group, groups: others)
        )
    }

    @Test func `root has every permission`() {
        #expect(permissions(0, 5) == [.rulesWrite, .rulesActions])
    }

    @Test func `a group gives its permission and no other`() {
        #expect(permissions(1001, 1001, [4, 701]) == [.rulesWrite])
        #expect(permissions(1002, 702) == [.rulesActions])
        #expect(permissions(1004, 1004, [701, 702]) == [.rulesWrite, .rulesActions])
    }

    @Test func `everybody else has none`() {
        #expect(permissions(1003, 1003, [999, 4]) == [])
    }

    @Test func `without the groups only root has permissions`() {
        let none = AccessGroups(group: bytes("root:x:0:\n"), passwd: [])
        #expect(none.permissions(of: PeerCredentials(pid: 1, user: 9, group: 0)) == [])
    }

    @Test func `knows members by the group's list and by their own group`() {
        #expect(groups.members == [.rulesWrite: [1001], .rulesActions: [1002]])
    }

    private func complaint(_ user: Int, _ group: Int, _ mode: Int, _ permission: Permission?)
        throws -> String?
    {
        let directory = try TemporaryDirectory()
        let path = try directory.write("file", "")
        try #require(chown(path, uid_t(user), gid_t(group)) == 0)
        try #require(chmod(path, mode_t(mode)) == 0)
        return groups.complaint(about: try FileIdentity(ofPath: path), needs: permission)
    }

    @Test(
        .enabled(if: geteuid() == 0, "needs root to give files away"),
        arguments: [
            (0, 0, 0o664), (0, 701, 0o664), (1001, 1001, 0o644), (1001, 701, 0o664),
            (0, 1003, 0o644),
        ]
    )
    func `uses a file that only those with the permission may write`(
        user: Int,
        group: Int,
        mode: Int
    ) throws {
        #expect(try complaint(user, group, mode, .rulesWrite) == nil)
    }

    @Test(
        .enabled(if: geteuid() == 0, "needs root to give files away"),
        arguments: [
            (1003, 701, 0o644), (0, 1003, 0o664), (0, 0, 0o646), (1002, 0, 0o644),
            (0, 702, 0o664),
        ]
    )
    func `does not use a file that others may write`(user: Int, group: Int, mode: Int) throws {
        #expect(try complaint(user, group, mode, .rulesWrite) != nil)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to give files away"))
    func `only root may write what needs no permission`() throws {
        #expect(try complaint(0, 0, 0o644, nil) == nil)
        #expect(try complaint(1001, 0, 0o644, nil) != nil)
        #expect(try complaint(0, 701, 0o664, nil) != nil)
    }
}
