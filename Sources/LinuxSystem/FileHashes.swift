// The SHA-1 and SHA-256 of what an open file holds: the one file that calls libmd. Blocks as the
// file system does and takes as long as the file is big (docs/design.md, "Dependencies").

import CMessageDigest
import Glibc
import SystemPackage

/// The digests of a file's content.
package struct FileHashes: Sendable, Equatable {
    /// 20 bytes; empty if it was not asked for.
    package let sha1: [UInt8]
    /// 32 bytes.
    package let sha256: [UInt8]

    package init(sha1: [UInt8], sha256: [UInt8]) {
        self.sha1 = sha1
        self.sha256 = sha256
    }

    /// Reads an open file from its start to its end, wherever its position is.
    ///
    /// - Throws: `pread`; EFBIG if there is more than the limit.
    package init(
        of descriptor: CInt,
        withSHA1: Bool,
        limitBytes: UInt64
    ) throws(SystemError) {
        var first = SHA1_CTX()
        var second = SHA2_CTX()
        unsafe SHA1Init(&first)
        unsafe SHA256Init(&second)
        var buffer = [UInt8](repeating: 0, count: Self.blockBytes)
        var offset: UInt64 = 0
        while true {
            let got = try retrying("pread", on: "descriptor \(descriptor)") {
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
                }
            }
            if got == 0 { break }
            offset += UInt64(got)
            guard offset <= limitBytes else {
                throw SystemError(
                    call: "pread",
                    errno: .fileTooLarge,
                    subject: "descriptor \(descriptor)"
                )
            }
            if withSHA1 { unsafe SHA1Update(&first, buffer, got) }
            unsafe SHA256Update(&second, buffer, got)
        }
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        unsafe SHA256Final(&digest, &second)
        sha256 = digest
        guard withSHA1 else {
            sha1 = []
            return
        }
        digest = [UInt8](repeating: 0, count: Int(SHA1_DIGEST_LENGTH))
        unsafe SHA1Final(&digest, &first)
        sha1 = digest
    }

    /// The SHA-256 of bytes, as hexadecimal digits.
    package static func sha256Digits(of bytes: [UInt8]) -> String {
        var context = SHA2_CTX()
        unsafe SHA256Init(&context)
        unsafe SHA256Update(&context, bytes, bytes.count)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        unsafe SHA256Final(&digest, &context)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// As much as is read at once: below what malloc(3) maps and unmaps each time.
    private static let blockBytes = 64 << 10
}
