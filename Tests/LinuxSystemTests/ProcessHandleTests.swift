// Signals to children of this test, and the refusal of all others.

import Glibc
import LinuxSystem
import Testing

struct `Process handle` {
    @Test func `ends the process that was meant`() throws {
        var procfs = try Procfs()
        let child = try spawnChild(["/bin/sleep", "1000"])
        defer { endChild(child) }
        let identity = try #require(try ProcessIdentity.current(of: child, reading: &procfs))
        let handle = try ProcessHandle(pid: child)
        #expect(try handle.waitForExit(timeout: .milliseconds(1)) == false)
        try handle.send(.kill, ifStill: identity, reading: &procfs)
        #expect(try handle.waitForExit(timeout: .seconds(10)))
        // Ended, not collected: it would take the signal, but there is nobody to receive it.
        #expect(throws: ProcessHandleError.gone) {
            try handle.send(.kill, ifStill: identity, reading: &procfs)
        }
    }

    @Test func `does not touch a process that is another than was meant`() throws {
        var procfs = try Procfs()
        let child = try spawnChild(["/bin/sleep", "1000"])
        defer { endChild(child) }
        let identity = try #require(try ProcessIdentity.current(of: child, reading: &procfs))
        let wrong = [
            ProcessIdentity(
                pid: child + 1,
                startTicks: identity.startTicks,
                device: identity.device,
                inode: identity.inode
            ),
            ProcessIdentity(
                pid: child,
                startTicks: identity.startTicks + 1,
                device: identity.device,
                inode: identity.inode
            ),
            ProcessIdentity(
                pid: child,
                startTicks: identity.startTicks,
                device: .init(major: 0, minor: 0),
                inode: identity.inode
            ),
            ProcessIdentity(
                pid: child,
                startTicks: identity.startTicks,
                device: identity.device,
                inode: identity.inode + 1
            ),
        ]
        let handle = try ProcessHandle(pid: child)
        for expected in wrong {
            #expect(throws: ProcessHandleError.changed(identity)) {
                try handle.send(.kill, ifStill: expected, reading: &procfs)
            }
        }
        #expect(try handle.waitForExit(timeout: .milliseconds(50)) == false)
    }

    @Test(arguments: [Int32.min, -1, 0, 1])
    func `refuses process 1 and the numbers that mean many`(pid: Int32) {
        #expect(throws: ProcessHandleError.refused(.systemProcess)) {
            _ = try ProcessHandle(pid: pid)
        }
    }

    @Test func `refuses this process`() {
        #expect(throws: ProcessHandleError.refused(.ownProcess)) {
            _ = try ProcessHandle(pid: getpid())
        }
    }

    @Test func `refuses threads of the kernel`() throws {
        var procfs = try Procfs()
        // Process 2 starts all the others of its kind; elsewhere (a container) it is a plain one.
        guard try procfs.stat(of: 2)?.isKernelThread == true else {
            try Test.cancel("process 2 is not the kernel's here")
        }
        let handle = try ProcessHandle(pid: 2)
        let any = ProcessIdentity(
            pid: 2,
            startTicks: 0,
            device: .init(major: 0, minor: 0),
            inode: 0
        )
        #expect(throws: ProcessHandleError.refused(.kernelThread)) {
            try handle.send(.terminate, ifStill: any, reading: &procfs)
        }
        #expect(try ProcessIdentity.current(of: 2, reading: &procfs) == nil)
    }

    @Test func `says of a process that is gone that it is`() throws {
        let gone = try runChild(["/bin/true"])
        #expect(throws: ProcessHandleError.gone) { _ = try ProcessHandle(pid: gone) }
    }

    @Test func `knows the ordinary signals and no other number`() {
        #expect((-1...65).filter { ProcessSignal(number: $0) != nil } == Array(1...31))
        #expect(ProcessSignal.kill.number == 9 && ProcessSignal.terminate.number == 15)
    }
}
