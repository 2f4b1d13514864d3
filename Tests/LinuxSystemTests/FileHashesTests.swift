// Digests of files against the published vectors (FIPS 180-4) and the limit.

import CLinux
import LinuxSystem
import Testing

struct `File hashes` {
    private func file(_ content: [UInt8]) throws -> OwnedFD {
        let number = clinux_sealed_memory("test", content, content.count)
        try #require(number >= 0)
        return OwnedFD(number)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(arguments: [
        (
            "", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        (
            "abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `are those of the standard`(content: String, sha1: String, sha256: String) throws {
        let file = try file(Array(content.utf8))
        let hashes = try FileHashes(of: file.raw, withSHA1: true, limitBytes: 1 << 20)
        #expect(hexadecimal(hashes.sha1) == sha1)
        #expect(hexadecimal(hashes.sha256) == sha256)
        let one = try FileHashes(of: file.raw, withSHA1: false, limitBytes: 1 << 20)
        #expect(one.sha1.isEmpty && one.sha256 == hashes.sha256)
    }

    @Test func `of a million letters are those of the standard`() throws {
        let file = try file([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        let hashes = try FileHashes(of: file.raw, withSHA1: true, limitBytes: 1 << 20)
        #expect(hexadecimal(hashes.sha1) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        #expect(
            hexadecimal(hashes.sha256)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test(arguments: [(100, true), (101, false), (70_000, false)])
    func `are refused over the limit`(count: Int, isWithin: Bool) throws {
        let file = try file([UInt8](repeating: 1, count: count))
        let hashes = try? FileHashes(of: file.raw, withSHA1: false, limitBytes: 100)
        #expect((hashes != nil) == isWithin)
    }
}
