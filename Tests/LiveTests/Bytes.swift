// Arguments and environment entries as the kernel has them: bytes, not text.
//
// Owns the literal syntax of tests and the framing of a starter's specification.

/// One C string without its terminating NUL; written as a literal in tests.
struct Bytes: ExpressibleByStringInterpolation, Sendable, Equatable {
    var value: [UInt8]

    init(stringLiteral text: String) { value = Array(text.utf8) }

    init(_ text: String) { value = Array(text.utf8) }

    init(_ value: [UInt8]) { self.value = value }

    /// The same text `count` times in a row.
    static func repeated(_ text: String, _ count: Int) -> Self {
        Bytes(Array([[UInt8]](repeating: Array(text.utf8), count: count).joined()))
    }
}

/// A program to start, framed for a starter's standard input (see `spec.h` of the stand-ins).
struct ProgramStart: Sendable {
    var program: String
    var arguments: [Bytes]
    var environment: [Bytes]

    /// NUL-terminated strings: program, argc, argv, envc, envp.
    var specification: [UInt8] {
        let parts =
            [Bytes(program), Bytes(String(arguments.count))] + arguments
            + [Bytes(String(environment.count))] + environment
        return parts.flatMap { $0.value + [0] }
    }
}
