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
    package private(set) var facts: [Fact]

    init(_ kind: SignalKind, _ message: String, _ fill: (inout FactList) -> Void) {
        var list = FactList()
        fill(&list)
        self.kind = kind
        self.message = message
        facts = list.facts
    }

    /// The event with the state of Active Protection when it happened, unless it tells already.
    package func noting(activeProtection isEnabled: Bool) -> ServiceEvent {
        guard !facts.contains(where: { $0.name == "active_protection" }) else { return self }
        var list = FactList()
        list.add("active_protection", isEnabled ? "enabled" : "disabled")
        var event = self
        event.facts += list.facts
        return event
    }

    static func count(_ number: Int, _ thing: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? thing : plural ?? thing + "s")"
    }

    static func by(_ actor: Actor?) -> String {
        actor.map { ", by \($0.name)" } ?? ""
    }

    static func oneLine(_ text: String) -> String {
        Escaping.display(Cut.bytes(Array(text.utf8), limit: 512))
    }
}
