// The proc connector on the real kernel: only watches, only children of its own.

import Glibc
import LinuxSystem
import Synchronization
import Testing

@Suite(.serialized)
struct `Proc connector on the real kernel` {
    @Test(.requires(.processEvents), .timeLimit(.minutes(1)))
    func `sees the fork, the exec and the exit of a child`() async throws {
        let connector = try ProcConnector.open()
        let seen = Recorder()
        try NativeThread.start("test-receiver") {
            while (try? connector.receive { seen.add($0.kind) }) == true {}
        }
        let child = try runChild(["/bin/true"])
        let own = TaskID(thread: child, process: child)
        try await eventually {
            seen.contains { if case .exit(own, 0, _, _) = $0 { true } else { false } }
        }
        connector.stop()
        #expect(seen.contains { if case .fork(_, own) = $0 { true } else { false } })
        #expect(seen.contains { $0 == .exec(own) })
        #expect(connector.receiveBufferBytes >= 8 << 20)
    }

    @Test(.requires(.processEvents), .timeLimit(.minutes(1)))
    func `ends a blocked receive when stopped`() throws {
        let connector = try ProcConnector.open()
        connector.stop()
        #expect(try connector.receive { _ in } == false)
        #expect(try connector.receive { _ in } == false)
    }

    @Test(.requires(.processEvents), .timeLimit(.minutes(1)))
    func `keeps another listener's confirmation to itself`() throws {
        let first = try ProcConnector.open()
        _ = try ProcConnector.open()
        _ = try runChild(["/bin/true"])
        var acknowledgements = 0
        _ = try first.receive {
            if case .acknowledged = $0.kind { acknowledgements += 1 }
        }
        #expect(acknowledgements == 0)
    }

    @Test(.requires(.processEvents), .timeLimit(.minutes(1)))
    func `tells that its buffer overflowed, and goes on`() throws {
        let connector = try ProcConnector.open(receiveBufferBytes: 4096)
        for _ in 0..<100 { _ = try runChild(["/bin/true"]) }
        var overruns = 0
        while overruns == 0 {
            _ = try connector.receive { if $0.kind == .overrun { overruns += 1 } }
        }
        // The kernel delivers nothing new until all of the old has been read.
        var children: Set<Int32> = []
        var hasForked = false
        while !hasForked {
            children.insert(try runChild(["/bin/true"]))
            _ = try connector.receive {
                if case .fork(_, let child) = $0.kind, children.contains(child.process) {
                    hasForked = true
                }
            }
        }
    }
}
