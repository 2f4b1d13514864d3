// The execs between verdict and confirmation, and the queue of those to be confirmed.

import Glibc
import LinuxSystem
import Testing

@testable import Agent

struct `Exec ledger` {
    private let attempt: Attempt
    private let task: HeldTaskFile
    private let rules = deployment("rules: []")

    init() throws {
        attempt = try makeAttempt()
        task = HeldTaskFile(
            try HeldTask(thread: getpid(), procfs: attempt.reader.procfs.directory)
        )
    }

    private func record(_ thread: Int32, of process: Int32, signalled: [Int] = []) throws
        -> ExecRecord
    {
        attempt.hold(file: 0, thread: thread, process: process, program: HeldProgram())
        return ExecRecord(
            of: attempt,
            call: try call(),
            task: task,
            format: .other,
            strings: ExecStrings(),
            signalled: signalled,
            deployment: rules
        )
    }

    @Test func `gives the last record of a thread and replaces one of the same exec`() throws {
        let ledger = ExecLedger()
        let first = try record(10, of: 10, signalled: [1])
        ledger.store(first)
        ledger.store(try record(10, of: 10, signalled: [2]), replacing: first)
        #expect(ledger.count == 1)
        #expect(ledger.record(of: 10)?.signalled == [2])
        #expect(ledger.record(of: 11) == nil)
        #expect(ledger.take(process: 10).earlier.map(\.signalled) == [[2]])
    }

    /// A program may exec again before its own exec is looked at.
    @Test func `keeps the verdict on a further exec for the look at that one`() throws {
        let ledger = ExecLedger()
        ledger.store(try record(10, of: 10, signalled: [1]))
        let exec = KernelClock.monotonic.nanoseconds
        ledger.store(try record(10, of: 10, signalled: [2]))
        let entries = ledger.take(process: 10, before: exec)
        #expect(entries.earlier.map(\.signalled) == [[1]])
        #expect(entries.later.map(\.signalled) == [[2]])
        #expect(ledger.take(process: 10).earlier.map(\.signalled) == [[2]])
        #expect(ledger.count == 0)
    }

    @Test func `drops a refused exec and keeps the one before it`() throws {
        let ledger = ExecLedger()
        ledger.store(try record(11, of: 10, signalled: [1]))
        let refused = try record(11, of: 10, signalled: [2])
        ledger.store(refused)
        #expect(ledger.drop(refused))
        #expect(!ledger.drop(refused), "it is not here any more")
        #expect(ledger.record(of: 11)?.signalled == [1])
        #expect(ledger.take(process: 10).earlier.map(\.signalled) == [[1]])
    }

    @Test func `keeps a bounded number of a thread's failed execs`() throws {
        let ledger = ExecLedger()
        for number in 1...100 { ledger.store(try record(10, of: 10, signalled: [number])) }
        let kept = ledger.take(process: 10).earlier.flatMap(\.signalled)
        #expect(kept == Array(93...100))
    }

    @Test func `takes the records of all threads of a process, once`() throws {
        let ledger = ExecLedger()
        for thread: Int32 in [10, 11, 12] { ledger.store(try record(thread, of: 10)) }
        ledger.store(try record(12, of: 10))
        ledger.store(try record(20, of: 20))
        #expect(ledger.take(process: 10).earlier.map(\.thread).sorted() == [10, 11, 12, 12])
        #expect(ledger.take(process: 10).earlier.isEmpty)
        #expect(ledger.count == 1, "another process keeps its record")
    }

    @Test func `takes what other threads left although the leader has nothing`() throws {
        let ledger = ExecLedger()
        ledger.store(try record(11, of: 10))
        #expect(
            ledger.take(process: 11).earlier.map(\.thread) == [11],
            "asked by the thread's own number"
        )
        ledger.store(try record(11, of: 10))
        #expect(ledger.take(process: 10).earlier.map(\.thread) == [11])
    }

    @Test func `forgets one thread and not its siblings`() throws {
        let ledger = ExecLedger()
        for thread: Int32 in [10, 11, 12] { ledger.store(try record(thread, of: 10)) }
        ledger.forget(thread: 11, process: 10)
        ledger.forget(thread: 99, process: 10)
        #expect(ledger.record(of: 11) == nil)
        #expect(ledger.take(process: 10).earlier.map(\.thread).sorted() == [10, 12])
    }

    @Test func `never holds more than its bound and always the newest`() throws {
        let ledger = ExecLedger(capacity: 8)
        for thread: Int32 in 1...100 {
            ledger.store(try record(thread, of: 1))
            #expect(ledger.count <= 8)
            #expect(ledger.record(of: thread) != nil)
        }
        // What was dropped is dropped from both indexes.
        #expect(ledger.take(process: 1).earlier.count <= 8)
        #expect(ledger.count == 0)
    }
}

struct `Confirmation queue` {
    private func exec(_ process: Int32, at time: UInt64 = 0) -> Agent.Confirmation {
        Agent.Confirmation(process: process, cause: .exec, execNanoseconds: time)
    }

    private func all(_ queue: ConfirmationQueue) -> [Int32] {
        var taken: [Int32] = []
        while let next = queue.pop() { taken.append(next.process) }
        return taken
    }

    @Test func `gives what it got in order`() throws {
        let queue = try ConfirmationQueue()
        for process: Int32 in [3, 1, 2] { queue.push(exec(process)) }
        #expect(all(queue) == [3, 1, 2])
        #expect(queue.pop() == nil)
    }

    @Test func `turns everything over its bound into one sweep`() throws {
        let queue = try ConfirmationQueue(capacity: 4)
        for process: Int32 in 1...100 { queue.push(exec(process)) }
        #expect(all(queue) == [1, 2, 3, 4, 0])
        queue.push(exec(7))
        #expect(all(queue) == [7], "the sweep was due once")
    }

    @Test func `says sweep and not exec for what did not fit`() throws {
        let queue = try ConfirmationQueue(capacity: 1)
        queue.push(exec(1))
        queue.push(exec(2))
        #expect(queue.pop()?.cause == .exec)
        #expect(queue.pop()?.cause == .sweep)
    }

    @Test func `wakes whoever waits as long as there is something`() throws {
        let queue = try ConfirmationQueue()
        let epoll = try Epoll()
        try epoll.add(queue.wake.raw, token: 0)
        #expect(try epoll.wait(milliseconds: 0) == nil)
        queue.push(exec(1))
        queue.push(exec(2))
        #expect(try epoll.wait(milliseconds: 0) != nil)
        _ = queue.pop()
        #expect(try epoll.wait(milliseconds: 0) != nil, "one is left for another thread")
        _ = queue.pop()
        _ = queue.pop()
        #expect(try epoll.wait(milliseconds: 0) == nil)
    }

    @Test func `lets a process be looked at once per exec`() throws {
        let queue = try ConfirmationQueue()
        #expect(queue.beginLook(at: exec(5, at: 100), now: 200))
        #expect(!queue.beginLook(at: exec(5, at: 150), now: 210), "looked at since that exec")
        #expect(queue.beginLook(at: exec(5, at: 205), now: 220), "a newer exec")
        #expect(queue.beginLook(at: exec(6, at: 100), now: 220), "another process")
        #expect(queue.beginLook(at: exec(5), now: 230), "nobody knows when it was")
    }

    @Test func `looks again when the number is used again`() throws {
        let queue = try ConfirmationQueue()
        #expect(queue.beginLook(at: exec(5, at: 100), now: 200))
        queue.forget(5)
        #expect(queue.beginLook(at: exec(5, at: 150), now: 210))
    }
}
