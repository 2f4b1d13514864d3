// Standard input, output and error as bytes, local time, and a look at the file system for `explain`.
// The only file of this module with `unsafe`: reads and path lookups the C library does.

internal import Diagnostics
internal import Glibc
internal import LinuxSystem

/// What the tool writes and how it ends.
enum Terminal {
    /// Writes text to standard output; a reader that has gone ends the tool.
    static func print(_ text: String) { print(Array(text.utf8)) }

    /// Writes bytes to standard output.
    static func print(_ bytes: [UInt8]) {
        if !Host.write(bytes, to: 1) { exit(.misuse) }
    }

    /// Writes text to standard error.
    static func printError(_ text: String) { _ = Host.write(Array(text.utf8), to: 2) }

    /// Says on standard error what went wrong, as one line.
    static func complain(_ message: String) {
        printError("minewarden: \(Escaping.terminal(message))\n")
    }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(1) == 1 }

    /// How many columns standard output has; nil if it is no terminal.
    static var width: Int? {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// How far local time is ahead of UTC at a moment, in seconds.
    static func utcOffsetSeconds(at seconds: Int64) -> Int {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&moment, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff
    }

    /// Ends the tool.
    static func exit(_ status: ExitStatus) -> Never { Host.exit(status.rawValue) }
}

/// The lines of standard input.
struct StandardInput: ~Copyable {
    /// A longer line is no description of an exec but a mistake, or an attempt on the memory.
    static let lineLimitBytes = 16 << 20

    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    init() {}

    /// Whether the next line is there without waiting for more input.
    var hasLine: Bool { buffer[start...].contains(UInt8(ascii: "\n")) }

    /// The next line without its end; nil at the end of the input.
    ///
    /// - Throws: `CommandFailure` if the input cannot be read or the line is too long.
    mutating func nextLine() throws(CommandFailure) -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            guard !isAtEnd else {
                defer { start = buffer.count }
                return start < buffer.count ? Array(buffer[start...]) : nil
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            guard searched <= Self.lineLimitBytes else {
                throw CommandFailure("a line of the input is longer than 16 MiB")
            }
            try fill()
        }
    }

    /// Everything up to the end of the input.
    mutating func rest() throws(CommandFailure) -> [UInt8] {
        while !isAtEnd {
            guard buffer.count <= Self.lineLimitBytes else {
                throw CommandFailure("the input is longer than 16 MiB")
            }
            try fill()
        }
        return Array(buffer[start...])
    }

    private mutating func fill() throws(CommandFailure) {
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { bytes in
                unsafe read(0, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("cannot read standard input") }
            isAtEnd = count == 0
            buffer += chunk[..<count]
            return
        }
    }
}

/// Paths as the shell and the kernel see them.
enum FileLookup {
    /// The path without symbolic links; nil if there is no such file.
    static func realPath(_ path: [UInt8]) -> [UInt8]? {
        let string = path.map { CChar(bitPattern: $0) } + [0]
        guard let resolved = unsafe realpath(string, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
    }

    /// Whether a path names a program this user may start.
    static func isProgram(_ path: [UInt8]) -> Bool {
        let string = path.map { CChar(bitPattern: $0) } + [0]
        guard unsafe access(string, X_OK) == 0 else { return false }
        var status = stat()
        return unsafe stat(string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether a path names a directory.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The working directory; "/" if it is gone.
    static var workingDirectory: [UInt8] { realPath(Array(".".utf8)) ?? Array("/".utf8) }
}
