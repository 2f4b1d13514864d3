// The claim on an answer: two threads want it, one gets it.

import Glibc
import Synchronization
import Testing

@testable import LinuxSystem

struct `Verdict slot` {
    /// The state of a race that both threads see.
    private final class Race: Sendable {
        let slot = VerdictSlot()
        /// The round that may begin, and how many threads are through with it.
        let round = Atomic<Int>(0)
        let done = Atomic<Int>(0)
        let ticket = Atomic<UInt64>(0)
        let wins = Atomic<Int>(0)
        /// How many threads have come to the start of a round, in all rounds.
        let ready = Atomic<Int>(0)

        /// Claims as soon as both threads are at the start; whether it was granted.
        func run(round: Int) -> Bool {
            ready.wrappingAdd(1, ordering: .acquiringAndReleasing)
            wait { ready.load(ordering: .acquiring) >= 2 * round }
            let isGranted = slot.claim(ticket.load(ordering: .relaxed))
            if isGranted { wins.wrappingAdd(1, ordering: .relaxed) }
            done.wrappingAdd(1, ordering: .releasing)
            return isGranted
        }

        /// Gives the processor away when the other thread may need it.
        func wait(until condition: () -> Bool) {
            var spins = 0
            while !condition() {
                spins += 1
                if spins > 200 { sched_yield() }
            }
        }
    }

    @Test func `gives an answer to exactly one of two threads, each time`() throws {
        let rounds = 100_000
        let race = Race()
        try NativeThread.start("rival") {
            for round in 1...rounds {
                race.wait { race.round.load(ordering: .acquiring) >= round }
                _ = race.run(round: round)
            }
        }
        var wrong = 0
        var won = 0
        for round in 1...rounds {
            let ticket = race.slot.open(descriptor: CInt(round & 0xff), task: 1, now: 1)
            race.ticket.store(ticket, ordering: .relaxed)
            race.wins.store(0, ordering: .relaxed)
            race.round.store(round, ordering: .releasing)
            // On one processor the last to come goes first: that must not always be the rival.
            if round.isMultiple(of: 2) {
                race.wait { race.ready.load(ordering: .acquiring) >= 2 * round - 1 }
            }
            if race.run(round: round) { won += 1 }
            race.wait { race.done.load(ordering: .acquiring) >= 2 * round }
            if race.wins.load(ordering: .relaxed) != 1 { wrong += 1 }
            race.slot.close()
        }
        #expect(wrong == 0)
        #expect(won > 0 && won < rounds, "a race that one side always wins proves nothing: \(won)")
    }

    @Test func `refuses a ticket of an earlier event`() {
        let slot = VerdictSlot()
        let first = slot.open(descriptor: 5, task: 1, now: 1)
        #expect(slot.claim(first))
        slot.close()
        let second = slot.open(descriptor: 5, task: 2, now: 2)
        #expect(first != second, "the same descriptor is another event")
        #expect(!slot.claim(first))
        #expect(slot.claim(second))
    }

    @Test(arguments: [CInt(0), 1, 5, 1023, 1 << 30])
    func `shows the event that is being worked on`(descriptor: CInt) throws {
        let slot = VerdictSlot()
        #expect(slot.current == nil)
        let ticket = slot.open(descriptor: descriptor, task: 77, now: 42)
        let open = try #require(slot.current)
        #expect(open.descriptor == descriptor && open.task == 77)
        #expect(open.startedNanoseconds == 42 && open.phase == .reading)
        slot.enter(.judging)
        #expect(slot.current?.phase == .judging)
        #expect(slot.claim(ticket))
        #expect(slot.current == nil, "somebody answers it already")
    }

    @Test(arguments: [Answer.allow, .deny])
    func `tells the loser what the winner answered`(answer: Answer) {
        let slot = VerdictSlot()
        let ticket = slot.open(descriptor: 3, task: 1, now: 1)
        #expect(slot.claim(ticket))
        slot.close(late: answer)
        #expect(!slot.claim(ticket))
        #expect(slot.otherAnswer(ticket) == answer)
    }
}
