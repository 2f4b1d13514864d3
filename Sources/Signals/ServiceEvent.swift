// The record of a change in the service that protects the host. The constructors, one per kind, are
// in `ServiceEvent+Rules` and `ServiceEvent+Coverage`: every event of a kind has the same text and
// the same facts.

/// Something happened to the service: it started, its rules changed, it lost events.
package struct ServiceEvent: Sendable, Equatable {
    /// What happened, in one word; never a detection.
    package let kind: SignalKind
    /// What happened, for people: one line without control characters.
    package let message: String
    /// What happened, for programs.
    package let facts: [Fact]

    init(_ kind: SignalKind, _ message: String, _ fill: (inout FactList) -> Void) {
        var list = FactList()
        fill(&list)
        self.kind = kind
        self.message = message
        facts = list.facts
    }

    static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }

    static func by(_ actor: Actor?) -> String {
        actor.map { ", by \($0.name)" } ?? ""
    }

    static func oneLine(_ text: String) -> String {
        Escaping.display(Cut.bytes(Array(text.utf8), limit: 512))
    }
}
