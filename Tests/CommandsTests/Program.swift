// Runs the programs that were built beside these tests, as a user would.

import Glibc

/// A program that ended.
struct Finished {
    /// The exit status; -1 if a signal ended it.
    let status: Int32
    let output: [UInt8]
    let errors: [UInt8]
    /// The most memory it had at once.
    let peakMegabytes: Int

    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// What cannot be run.
struct ProgramFailure: Error {
    let message: String
}

/// A program of this package.
struct Program {
    let path: String
    /// Where it is started.
    var directory = "/"
    /// What it gets from outside besides its arguments.
    var environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]

    /// The command line tool.
    static let minewarden = Program("minewarden")

    /// A program of the host.
    init(path: String) { self.path = path }

    /// A program beside the test bundle.
    init(_ name: String) {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let bundle = String(
            decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        let folder = bundle.split(separator: "/").dropLast().joined(separator: "/")
        path = "/\(folder)/\(name)"
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], input: String = "") throws -> Finished {
        try run(arguments.map { Array($0.utf8) }, input: Array(input.utf8))
    }

    /// Runs the program to its end with arguments and input of any bytes.
    func run(_ arguments: [[UInt8]], input: [UInt8]) throws -> Finished {
        let files = try (0..<3).map { _ in try temporaryFile() }
        defer { for file in files { close(file) } }
        guard write(files[0], input, input.count) == input.count else {
            throw ProgramFailure(message: "cannot write the input")
        }
        lseek(files[0], 0, SEEK_SET)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file, CInt(number))
        }
        let start = ["/usr/bin/env", "-C", directory, path].map { Array($0.utf8) }
        let words = (start + arguments).map { bytes in
            strdup(bytes.map { CChar(bitPattern: $0) } + [0])
        }
        let variables = environment.map { strdup($0) }
        defer { for word in words + variables { free(word) } }
        var process: pid_t = 0
        let failure = posix_spawn(
            &process,
            "/usr/bin/env",
            &actions,
            nil,
            words + [nil],
            variables + [nil]
        )
        guard failure == 0 else {
            throw ProgramFailure(
                message: "cannot start \(path): \(String(cString: strerror(failure)))"
            )
        }
        let (status, peakKilobytes) = Self.wait(for: process)
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
        return Finished(
            status: code,
            output: content(files[1]),
            errors: content(files[2]),
            peakMegabytes: peakKilobytes >> 10
        )
    }

    /// Waits for a process to end; its status, and the peak of its resident memory.
    ///
    /// That is looked up while it runs: what wait4(2) tells begins with the size of the process that
    /// started it (fs/exec.c, `exec_mmap`), which are all these tests together.
    private static func wait(for process: pid_t) -> (status: CInt, peakKilobytes: Int) {
        var status: CInt = 0
        var peak = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process || (ended < 0 && errno != EINTR) { return (status, peak) }
            peak = max(peak, peakKilobytes(of: process))
            usleep(2_000)
        }
    }

    /// VmHWM of /proc/PID/status; 0 if the process has no memory any more.
    private static func peakKilobytes(of process: pid_t) -> Int {
        let file = open("/proc/\(process)/status", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &text, text.count)
        let status = String(decoding: text.prefix(max(0, count)), as: UTF8.self)
        let lines = status.split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
        return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    private func temporaryFile() throws -> CInt {
        var name = Array("/tmp/minewarden-test-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw ProgramFailure(message: "cannot make a temporary file") }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(name)
        return file
    }

    private func content(_ file: CInt) -> [UInt8] {
        lseek(file, 0, SEEK_SET)
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(file, &chunk, chunk.count), count > 0 {
            result += chunk[..<count]
        }
        return result
    }
}
