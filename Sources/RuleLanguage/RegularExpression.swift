// The one file that wraps libre2. Owns the compiled expressions and every `unsafe` of this module;
// must not know fields or rules. Expressions are immutable: usable on any thread.
//
// Texts and expressions are Latin-1 to RE2: each byte is a character, so a text of any encoding can
// be searched and a stray byte cannot hide what follows it. UTF-8 in an expression matches the
// same bytes in the text; only character classes and `(?i)` see it as single bytes.

internal import CRE2

/// A compiled regular expression; matches in time linear in the text.
@safe package final class RegularExpression: @unchecked Sendable {
    /// Why an expression was refused.
    package struct Failure: Error, Equatable {
        /// RE2's own words.
        package let message: String
    }

    /// The expression as written.
    package let pattern: [UInt8]
    /// Strings of which every matching value holds at least one, in ASCII lower case; nil if there
    /// are none.
    ///
    /// To be compared with the value in ASCII lower case.
    package let requiredStrings: [[UInt8]]?
    /// About how many bytes it occupies before it is used.
    let sizeBytes: Int
    private let handle: OpaquePointer

    /// Bytes that one expression may occupy, cache of states included; more only for one that does
    /// not fit in.
    private static let ordinaryMemory: Int64 = 256 << 10
    private static let maximumMemory: Int64 = 2 << 20
    /// What an expression occupies besides its instructions, and each of them: measured.
    private static let ownBytes = 2_200
    private static let instructionBytes = 80

    /// Compiles an expression.
    ///
    /// - Throws: `Failure` if it is not an RE2 expression or too large.
    package init(_ pattern: [UInt8]) throws(Failure) {
        let compiled: OpaquePointer
        do throws(Failure) {
            unsafe compiled = try Self.compile(pattern, memory: Self.ordinaryMemory)
        } catch {
            unsafe compiled = try Self.compile(pattern, memory: Self.maximumMemory)
        }
        self.pattern = pattern
        unsafe handle = compiled
        sizeBytes =
            Self.ownBytes + Self.instructionBytes * (unsafe cre2_instructions(compiled))
        requiredStrings = Self.requiredStrings(of: pattern)
    }

    private static func compile(
        _ pattern: [UInt8],
        memory: Int64
    ) throws(Failure) -> OpaquePointer {
        var message = [CChar](repeating: 0, count: 256)
        let compiled = unsafe pattern.withUnsafeBytes { bytes in
            let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe message.withUnsafeMutableBufferPointer { error -> OpaquePointer? in
                guard let text = error.baseAddress else { return nil }
                return unsafe cre2_compile(
                    start ?? UnsafePointer(text),
                    bytes.count,
                    memory,
                    text,
                    error.count
                )
            }
        }
        guard let compiled = unsafe compiled else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Failure(message: String(decoding: text, as: UTF8.self))
        }
        return unsafe compiled
    }

    deinit { unsafe cre2_free(handle) }

    /// Whether the expression matches anywhere in the value.
    package func matches(_ value: ByteString) -> Bool {
        unsafe value.withUnsafeBytes { bytes in
            unsafe cre2_matches(
                handle,
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                bytes.count
            )
        }
    }

    private static func requiredStrings(of pattern: [UInt8]) -> [[UInt8]]? {
        let atoms = unsafe pattern.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress else {
                return nil
            }
            return unsafe cre2_required_atoms(start, bytes.count, maximumMemory, 3)
        }
        guard let atoms = unsafe atoms else { return nil }
        defer { unsafe cre2_atoms_free(atoms) }
        return unsafe (0..<cre2_atoms_count(atoms)).map { index in
            var length = 0
            let start = unsafe cre2_atoms_get(atoms, index, &length)
            return unsafe UnsafeRawBufferPointer(start: start, count: length).map { $0 }
        }
    }
}
