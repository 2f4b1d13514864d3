import LinuxSystem
import Testing

@testable import Agent

struct `Deferred confirmations` {
    private let delay = DeferredConfirmations.delayNanoseconds

    private func exec(_ process: Int32, at time: UInt64 = 1) -> Agent.Confirmation {
        Agent.Confirmation(process: process, cause: .exec, execNanoseconds: time)
    }

    private func expectDue(
        _ deferred: inout DeferredConfirmations,
        _ now: UInt64,
        _ process: Int32?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let due = deferred.takeDue(now: now)
        #expect(due?.process == process, sourceLocation: sourceLocation)
    }

    @Test func `come due in order, each after its delay`() {
        var deferred = DeferredConfirmations()
        #expect(deferred.delay(now: 0) == nil)
        _ = deferred.add(exec(1), now: 0)
        _ = deferred.add(exec(2), now: 5)
        #expect(deferred.delay(now: 1) == .nanoseconds(Int64(delay) - 1))
        expectDue(&deferred, delay - 1, nil)
        expectDue(&deferred, delay, 1)
        expectDue(&deferred, delay, nil)
        expectDue(&deferred, delay + 5, 2)
        #expect(deferred.delay(now: delay + 5) == nil)
    }

    @Test func `a row of execs puts nothing off, and the last one counts`() {
        var deferred = DeferredConfirmations()
        _ = deferred.add(exec(1, at: 10), now: 0)
        _ = deferred.add(exec(1, at: 20), now: delay - 1)
        let due = deferred.takeDue(now: delay)
        #expect(due?.execNanoseconds == 20)
        expectDue(&deferred, 3 * delay, nil)
    }

    @Test func `a process that has ended, or forked, waits no longer`() {
        var deferred = DeferredConfirmations()
        _ = deferred.add(exec(1), now: 0)
        let first = deferred.take(1)
        let second = deferred.take(1)
        #expect(first?.process == 1)
        #expect(second?.process == nil)
        expectDue(&deferred, 2 * delay, nil)
    }

    @Test func `what does not fit is refused`() {
        var deferred = DeferredConfirmations()
        var count: Int32 = 0
        while deferred.add(exec(count), now: 0) { count += 1 }
        #expect(count == 16_384)
        let isKept = deferred.add(exec(7), now: 0)
        #expect(isKept, "this one waits already")
        var taken = 0
        while deferred.takeDue(now: delay) != nil { taken += 1 }
        #expect(taken == Int(count))
    }
}
