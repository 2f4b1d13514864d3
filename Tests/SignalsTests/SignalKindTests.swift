// The identities that users search their journals for.

import Signals
import Testing

@Suite struct SignalKindTests {
    @Test func `gives every kind a message identity of its own`() {
        let identities = SignalKind.allCases.map(\.messageID)
        #expect(Set(identities).count == SignalKind.allCases.count)
        for identity in identities {
            #expect(SignalID(identity)?.description == identity)
        }
    }

    /// Written out once more: a changed identity breaks the searches and the catalog of users.
    @Test(arguments: [
        (SignalKind.threatMonitored, "f15b7cbc0af043368651a5e92f32811d"),
        (.threatDenied, "f471115cea0d479ba68afa578c8b3533"),
        (.threatKilled, "666be220d8a94bd5aa1d0c227288fd20"),
        (.killFailed, "91b717d9bb5d4858a87c5e255f70b148"),
        (.protectionChanged, "5c1374d5f4bc47dcbf3f44455db07173"),
        (.protectionEdited, "1e3dd42f3b144716819eeb0bdcb15de6"),
        (.eventsLost, "230a2824384f49b083e3a42aed9fca38"),
    ])
    func `keeps the identities of released kinds`(kind: SignalKind, identity: String) {
        #expect(kind.messageID == identity)
    }

    @Test(arguments: [
        (Outcome.monitored, "monitored"), (.denied, "denied"), (.killed, "killed"),
        (.killFailed, "kill-failed"), (.allowedLate, "allowed-late"),
        (.deniedUnreadable, "denied-unreadable"), (.allowedUnreadable, "allowed-unreadable"),
        (.gone, "gone"),
    ])
    func `spells outcomes as documented`(outcome: Outcome, spelling: String) {
        #expect(outcome.rawValue == spelling)
        #expect(Sample.signal(Sample.detection(outcome)).kind == SignalKind(outcome))
    }

    @Test func `has an event for every kind`() {
        #expect(
            Set(Sample.leastOfEachKind.map(\.kind)) == Set(SignalKind.allCases)
        )
    }

    @Test func `calls a threat a warning and a lack of protection an error`() {
        #expect(SignalKind.threatDenied.priority == .warning)
        #expect(SignalKind.threatMonitored.priority == .warning)
        #expect(SignalKind.killFailed.priority == .critical)
        #expect(SignalKind.gap.priority == .error)
        #expect(SignalPriority.debug.rawValue == 7)
    }
}
