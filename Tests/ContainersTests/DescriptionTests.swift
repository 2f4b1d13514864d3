// What each kind of file says about a container, and that hostile files say nothing.

import Containers
import JSON
import Testing

private func describe(
    _ text: String,
    _ format: DescriptionFormat,
    id: String = Recordings.id
) throws -> ContainerDescription? {
    format.description(ofContainer: id, in: try JSONValue(Array(text.utf8)))
}

/// 2026-11-23T18:59:17Z.
private let created: Int64 = 1_795_460_357_000_000_000

struct `Container description` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let format: DescriptionFormat
        var id = Recordings.id
        let image: String
        let runtime: String
        var createdNanoseconds: Int64?
    }

    @Test(arguments: [
        Case(
            testDescription: "podman's index",
            file: Recordings.storageIndex,
            format: .storageIndex,
            image: "localhost/worker:2.5",
            runtime: "podman",
            createdNanoseconds: created + 137_200_284
        ),
        Case(
            testDescription: "CRI-O's index",
            file: Recordings.storageIndex,
            format: .storageIndex,
            id: Recordings.other,
            image: "quay.io/team/web:1.0",
            runtime: "cri-o",
            createdNanoseconds: created
        ),
        Case(
            testDescription: "CRI-O's bundle",
            file: Recordings.crioBundle,
            format: .bundle,
            image: "registry.example:5000/team/worker:2.5",
            runtime: "cri-o",
            createdNanoseconds: created + 500_000_000
        ),
        Case(
            testDescription: "containerd's bundle",
            file: Recordings.containerdBundle,
            format: .bundle,
            image: "ghcr.io/ns/worker:2.5",
            runtime: "containerd"
        ),
        Case(
            testDescription: "a sandbox",
            file: Recordings.sandboxBundle,
            format: .bundle,
            image: "registry.k8s.io/pause:3.10",
            runtime: "containerd"
        ),
        Case(
            testDescription: "Docker",
            file: Recordings.docker,
            format: .docker,
            image: "team/worker:2.5",
            runtime: "docker",
            createdNanoseconds: created + 100_000_000
        ),
    ])
    func `comes from what the runtime wrote`(sample: Case) throws {
        let found = try #require(try describe(sample.file, sample.format, id: sample.id))
        #expect(found.image == sample.image)
        #expect(found.reference == ImageReference(sample.image))
        #expect(found.runtime == sample.runtime)
        #expect(found.createdNanoseconds == sample.createdNanoseconds)
    }

    @Test(arguments: [
        (Recordings.podmanBundle, DescriptionFormat.bundle),
        (Recordings.plainBundle, .bundle), ("{}", .bundle), ("[]", .bundle),
        (#"{"annotations":[]}"#, .bundle), ("[]", .storageIndex), ("{}", .storageIndex),
        (#"[{"id":7}]"#, .storageIndex), (#"[{"id":"\#(Recordings.id)"}]"#, .storageIndex),
        ("{}", .docker), (Recordings.storageIndex, .docker),
    ])
    func `is absent where the file tells no image`(file: String, format: DescriptionFormat) throws {
        #expect(try describe(file, format) == nil)
    }

    @Test func `is of the container that was asked for`() throws {
        #expect(try describe(Recordings.docker, .docker, id: Recordings.other) == nil)
        #expect(try describe(Recordings.storageIndex, .storageIndex, id: "00") == nil)
    }

    @Test func `has no reference if only the image's identity is known`() throws {
        let byIdentity = Recordings.docker.replacing("team/worker:2.5", with: "e944cd919621")
        let found = try #require(try describe(byIdentity, .docker))
        #expect(found.image == "sha256:" + Recordings.image)
        #expect(found.reference == nil)
    }

    @Test func `prefers a name with a tag`() throws {
        let digest = "a/b@sha256:" + Recordings.image
        let both = try #require(
            ContainerDescription(images: [digest, "a/b:3"], runtime: "", createdNanoseconds: nil)
        )
        #expect(both.image == "a/b:3")
        let one = try #require(
            ContainerDescription(images: ["", digest], runtime: "", createdNanoseconds: nil)
        )
        #expect(one.image == digest)
        #expect(one.reference?.tag == nil)
    }

    @Test func `metadata that is not JSON leaves the image's identity`() throws {
        let file = #"[{"id":"x","image":"\#(Recordings.image)","metadata":"{\"image-name"}]"#
        let found = try #require(try describe(file, .storageIndex, id: "x"))
        #expect(found.image == Recordings.image)
        #expect(found.reference == nil)
    }

    @Test func `does not depend on anything of a file that is cut`() {
        let bytes = Array(Recordings.storageIndex.utf8)
        for count in 0..<bytes.count {
            let value = try? JSONValue(Array(bytes.prefix(count)))
            #expect(value == nil)
        }
    }

    @Test(
        arguments: [
            ("2026-11-23T18:59:17Z", created), ("2026-11-23t18:59:17.5z", created + 500_000_000),
            ("2026-11-23T20:29:17.000000001+01:30", created + 1),
            ("2026-11-23T13:59:17.1234567891-05:00", created + 123_456_789),
            ("1970-01-01T00:00:00Z", 0), ("2024-02-29T12:00:00Z", 1_709_208_000_000_000_000),
            ("", nil), ("2026-11-23", nil), ("2026-11-23T18:59:17", nil),
            ("2026-13-23T18:59:17Z", nil), ("2026-11-23T18:59:17.Z", nil),
            ("2026-11-23T18:59:17Zx", nil), ("2026-11-23T18:59:17+1:00", nil),
            ("0001-01-01T00:00:00Z", nil), ("1970-01-01T00:00:00+01:00", nil),
        ] as [(String, Int64?)]
    )
    func `was created when it says`(text: String, nanoseconds: Int64?) throws {
        let file = """
            [{"id":"x","image":"i","created":"\(text)"}]
            """
        #expect(try describe(file, .storageIndex, id: "x")?.createdNanoseconds == nanoseconds)
    }
}
