// The guard that keeps a daemon with --watch away from the rest of the machine.

import Glibc
import LinuxSystem
import Testing

@testable import Agent

struct `Watch scope` {
    private let own: FileIdentity
    private let watched: FileIdentity.Device
    private let elsewhere = FileIdentity.Device(major: 4095, minor: 1)

    init() throws {
        own = try FileIdentity(ofPath: "/proc/self/exe")
        watched = own.device
    }

    @Test(arguments: [true, false])
    func `of the whole host admits everything`(isAnonymous: Bool) {
        #expect(
            WatchScope.host.contains(program: own, isAnonymous: isAnonymous, origins: { [] })
        )
    }

    /// Every combination: only the file's own device admits it, and of a file without a place
    /// that of the program before it.
    @Test(arguments: [true, false], [0, 1, 2, 3])
    func `admits nothing from outside the watched devices`(isAnonymous: Bool, before: Int) {
        let origins = [[], [elsewhere], [watched], [watched, elsewhere]][before]
        let outside = WatchScope(devices: [elsewhere])
        // The program lies on `watched`, which this scope does not watch.
        let admitted = outside.contains(
            program: own,
            isAnonymous: isAnonymous,
            origins: { origins }
        )
        #expect(admitted == (isAnonymous && origins.contains(elsewhere)))
        let inside = WatchScope(devices: [watched])
        #expect(inside.contains(program: own, isAnonymous: isAnonymous, origins: { origins }))
        let nothing = WatchScope(devices: [])
        #expect(!nothing.contains(program: own, isAnonymous: isAnonymous, origins: { origins }))
    }

    @Test func `gives the right to kill to nobody outside of it`() throws {
        let reader = try ProcfsReader()
        func admit(_ scope: WatchScope, path: String, origins: [FileIdentity.Device])
            -> JudgedProcess?
        {
            scope.admit(
                pid: getpid(),
                program: own,
                path: bytes(path),
                origins: { origins },
                reader: reader
            )
        }
        let outside = WatchScope(devices: [elsewhere])
        #expect(admit(outside, path: "/bin/x", origins: [elsewhere]) == nil)
        #expect(admit(outside, path: "/memfd:x (deleted)", origins: []) == nil)
        #expect(admit(outside, path: "/memfd:x (deleted)", origins: [watched]) == nil)
        let inside = try #require(
            admit(WatchScope(devices: [watched]), path: "/bin/x", origins: [])
        )
        #expect(inside.identity.pid == getpid())
        #expect(inside.identity.inode == own.inode)
    }

    @Test func `admits neither threads of the kernel nor the dead`() throws {
        let reader = try ProcfsReader()
        func admit(_ pid: Int32) -> JudgedProcess? {
            WatchScope.host.admit(pid: pid, program: own, path: [], origins: { [] }, reader: reader)
        }
        #expect(admit(getpid()) != nil)
        #expect(admit(Int32.max) == nil)
        var procfs = try Procfs()
        if let stat = try procfs.stat(of: 2), stat.isKernelThread {
            #expect(admit(2) == nil)
        }
    }
}
