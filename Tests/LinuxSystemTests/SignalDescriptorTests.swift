// Signals by descriptor, sent to the receiving thread alone: the mask is a thread's.

import Glibc
import LinuxSystem
import Synchronization
import Testing

struct `Signal descriptor` {
    @Test(.timeLimit(.minutes(1)))
    func `tells each signal once and who sent it`() async throws {
        let records = Inbox()
        try NativeThread.start("test-signals") {
            records.set((try? receiveOwnSignals()) ?? [])
        }
        try await eventually { records.value != nil }
        #expect(records.value?.map(\.signal).sorted() == [SIGHUP, SIGUSR1])
        #expect(records.value?.allSatisfy { $0.senderPID == getpid() } == true)
        #expect(records.value?.allSatisfy { $0.senderUser == getuid() } == true)
    }
}

/// Sends this thread two signals and reads until none is left.
private func receiveOwnSignals() throws -> [SignalDescriptor.Record] {
    let descriptor = try SignalDescriptor(blocking: [SIGUSR1, SIGHUP])
    guard try descriptor.next() == nil else { return [] }
    pthread_kill(pthread_self(), SIGUSR1)
    pthread_kill(pthread_self(), SIGHUP)
    pthread_kill(pthread_self(), SIGHUP)
    var records: [SignalDescriptor.Record] = []
    while let record = try descriptor.next() { records.append(record) }
    return records
}

private final class Inbox: Sendable {
    private let records = Mutex<[SignalDescriptor.Record]?>(nil)

    var value: [SignalDescriptor.Record]? { records.withLock { $0 } }

    func set(_ value: [SignalDescriptor.Record]) { records.withLock { $0 = value } }
}
