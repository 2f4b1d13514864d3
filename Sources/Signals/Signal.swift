// The record of something that happened: a detection or a service event. What it is, not how it is
// shown: the renderings are in `Signal+Journal`, `Signal+JSON` and `ConsoleRenderer`.
// Values only; may be made on one thread and rendered on another.

/// The record of a detection, or of a change in the service that protects the host.
package struct Signal: Sendable, Equatable {
    /// What a signal is about.
    package enum Body: Sendable, Equatable {
        case detection(Detection)
        case service(ServiceEvent)
    }

    /// Identity, unique across hosts.
    package let id: SignalID
    /// When it happened, by the wall clock.
    package let time: Timestamp
    /// Where it happened.
    package var host: HostRecord
    /// What happened.
    package var body: Body

    /// Records a detection.
    package init(id: SignalID, time: Timestamp, host: HostRecord, detection: Detection) {
        self.id = id
        self.time = time
        self.host = host
        body = .detection(detection)
    }

    /// Records a service event.
    package init(id: SignalID, time: Timestamp, host: HostRecord, event: ServiceEvent) {
        self.id = id
        self.time = time
        self.host = host
        body = .service(event)
    }

    /// What the signal is about, in one word.
    package var kind: SignalKind {
        switch body {
        case .detection(let detection): SignalKind(detection.outcome)
        case .service(let event): event.kind
        }
    }

    /// The urgency of the signal.
    package var priority: SignalPriority { kind.priority }

    /// The text of the signal for people, in one line and without control characters.
    package var message: String {
        switch body {
        case .detection(let detection): detection.message
        case .service(let event): event.message
        }
    }
}

/// The host and the agent that a signal comes from.
package struct HostRecord: Sendable, Equatable {
    /// Host name.
    package var name: [UInt8]
    /// Version of minewarden.
    package var agentVersion: String
    /// Release of the kernel, like `6.1.0-28-amd64`.
    package var kernelRelease: String
    /// Machine architecture, like `x86_64`.
    package var architecture: String

    /// Describes a host.
    package init(
        name: [UInt8],
        agentVersion: String,
        kernelRelease: String = "",
        architecture: String = ""
    ) {
        self.name = name
        self.agentVersion = agentVersion
        self.kernelRelease = kernelRelease
        self.architecture = architecture
    }
}
