// Blocking in certain images only, with real containers.

import Glibc
import Testing

@Suite(
    "LiveTests: containers",
    .serialized,
    .requiresLiveKernel,
    .requiresWritableCgroups,
    .requiresProgram("/usr/bin/podman", "to run containers"),
    .requiresProgram("/usr/sbin/runc", "to run containers")
)
struct ContainerTests {
    private static let program = "/standin-static"

    private func scopedHost() throws -> LiveHost {
        try LiveHost(
            LiveSettings(
                settings: "container_storage: [\"@ROOT@/containers/root\"]\n",
                scope: "{tags: [\"short_image:worker\", \"image_tag:2.5\"]}"
            )
        )
    }

    @Test func `a rule scoped to an image and its tag denies there and nowhere else`() throws {
        let host = try scopedHost()
        let podman = try Podman(on: host)
        try podman.tag("localhost/team/worker:2.4")
        try podman.tag("localhost/team/other:2.5")
        let command: [Bytes] = [Bytes(Self.program), host.minerArgument]

        let inScope = try podman.start("localhost/team/worker:2.5", command)
        #expect(inScope.status != 0, "\(inScope)\n\(host.record)")
        #expect(inScope.errors.contains("operation not permitted"), "\(inScope)")
        let denied = try #require(host.signals().last, "\(host.record)")
        #expect(denied.outcome == "denied", "\(host.record)")
        #expect(denied.executable == Self.program, "\(host.record)")
        #expect(denied.image == "localhost/team/worker:2.5", "\(host.record)")

        for image in ["localhost/team/worker:2.4", "localhost/team/other:2.5"] {
            let before = host.signals().count
            let outcome = try podman.start(image, command)
            #expect(outcome.status == 0, "\(image): \(outcome)\n\(host.record)")
            let signals = host.signals(atLeast: before + 1).dropFirst(before)
            #expect(signals.map(\.outcome) == ["monitored"], "\(image)\n\(host.record)")
            #expect(signals.first?.whyMonitored == "out-of-scope", "\(host.record)")
            #expect(signals.first?.image == image, "\(host.record)")
        }
        let outside = try host.start()
        #expect(outside.answer == "ok", "\(host.record)")
        #expect(host.signals(about: outside.pid).first?.whyMonitored == "out-of-scope")
    }

    @Test func `an image that nobody knows is monitored, and the signal says that`() throws {
        let host = try scopedHost()
        let podman = try Podman(on: host, in: "elsewhere")
        let outcome = try podman.start(
            "localhost/team/worker:2.5",
            [Bytes(Self.program), host.minerArgument]
        )
        #expect(outcome.status == 0, "\(outcome)\n\(host.record)")
        let signal = try #require(host.signals().first, "\(host.record)")
        #expect(signal.whyMonitored == "unknown-image", "\(host.record)")
        #expect(signal.json["minewarden", "message"]?.text?.contains("image is not known") == true)
        #expect(signal.json["minewarden", "container_id"]?.text?.count == 64, "\(host.record)")
    }
}

extension SignalLine {
    /// The image of the container.
    fileprivate var image: String? { json["minewarden", "image"]?.text }
}
