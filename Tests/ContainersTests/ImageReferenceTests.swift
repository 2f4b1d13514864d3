// Image references of all kinds, taken apart.

import Containers
import Testing

private let digest = "sha256:" + String(repeating: "ab", count: 32)

struct `Image reference` {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let name: String
        let tag: String?
        let short: String
        var digest: String?
        var testDescription: String { text }

        init(
            _ text: String,
            _ name: String,
            _ tag: String?,
            _ short: String,
            digest: String? = nil
        ) {
            self.text = text
            self.name = name
            self.tag = tag
            self.short = short
            self.digest = digest
        }
    }

    @Test(arguments: [
        Case("redis", "redis", "latest", "redis"),
        Case("redis:7", "redis", "7", "redis"),
        Case("ghcr.io/ns/image:2.5", "ghcr.io/ns/image", "2.5", "image"),
        Case("ghcr.io/ns/image", "ghcr.io/ns/image", "latest", "image"),
        Case("localhost/worker:2.5", "localhost/worker", "2.5", "worker"),
        Case("registry:5000/worker", "registry:5000/worker", "latest", "worker"),
        Case("registry:5000/a/b/worker:v1_2", "registry:5000/a/b/worker", "v1_2", "worker"),
        Case("[::1]:5000/worker", "[::1]:5000/worker", "latest", "worker"),
        Case("[::1]:5000/worker:1", "[::1]:5000/worker", "1", "worker"),
        Case("a/b@\(digest)", "a/b", nil, "b", digest: digest),
        Case("a/b:1@\(digest)", "a/b", "1", "b", digest: digest),
        Case("reg:5000/b@\(digest)", "reg:5000/b", nil, "b", digest: digest),
        Case("worker:latest", "worker", "latest", "worker"),
        Case("abc", "abc", "latest", "abc"),
        Case("sha256", "sha256", "latest", "sha256"),
    ])
    func `is taken apart`(reference: Case) throws {
        let parsed = try #require(ImageReference(reference.text))
        #expect(parsed.name == reference.name)
        #expect(parsed.tag == reference.tag)
        #expect(parsed.shortName == reference.short)
        #expect(parsed.digest == reference.digest)
    }

    @Test(arguments: [
        "", " ", "a b", "a\nb", "a\u{7F}", ":2.5", "/", "a/", "/a", "a:", "a:b c", "a:-é",
        "a@", "a@sha256:", "a@sha256:12", "@\(digest)", "a@b@\(digest)", digest,
        String(repeating: "ab", count: 32), String(repeating: "a", count: 1025),
        "a:" + String(repeating: "1", count: 129), "a@sha256:" + String(repeating: "g", count: 64),
    ])
    func `is none`(text: String) {
        #expect(ImageReference(text) == nil)
    }

    @Test func `becomes the tags that rules compare with`() throws {
        let tags = try #require(ImageReference("ghcr.io/ns/image:2.5")).tags
        #expect(tags == ["image_name:ghcr.io/ns/image", "short_image:image", "image_tag:2.5"])
    }

    @Test func `with a digest alone has no image_tag`() throws {
        let tags = try #require(ImageReference("ns/image@\(digest)")).tags
        #expect(tags == ["image_name:ns/image", "short_image:image"])
    }
}
