// A child process of the tests: started by posix_spawn, output in files, ended by id.
//
// The test process itself never holds a fanotify group, so starting children here is harmless.
// Not thread-safe: one test owns one child.

import Glibc
import Synchronization

/// A started program.
///
/// The owner ends it with ``kill(_:)`` and ``wait(upTo:)``.
final class Child {
    let pid: pid_t
    let outputPath: String
    let errorPath: String
    private var status: CInt?

    /// Starts `arguments[0]`, with `input` as its whole standard input.
    init(
        _ arguments: [Bytes],
        environment: [Bytes] = Child.plainEnvironment,
        input: [UInt8] = [],
        scratch: String
    ) throws {
        let name = "\(scratch)/child-\(Self.nextNumber())"
        outputPath = name + ".out"
        errorPath = name + ".err"
        try Files.write(input, to: name + ".in")

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let write = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, name + ".in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, write, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, write, 0o644)

        // Whoever runs the tests may block signals; what they start must not.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, CShort(POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        let program = String(decoding: arguments.first?.value ?? [], as: UTF8.self)
        let result = Self.withPointers(arguments) { argv in
            Self.withPointers(environment) { envp in
                posix_spawnp(&child, program, &actions, &attributes, argv, envp)
            }
        }
        guard result == 0 else {
            throw LiveError("cannot start \(program): errno \(result)")
        }
        pid = child
    }

    deinit {
        if poll() == nil {
            kill(SIGKILL)
            _ = try? wait(upTo: .seconds(5))
        }
    }

    static let plainEnvironment: [Bytes] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]

    var output: String { Files.text(at: outputPath) }
    var errorOutput: String { Files.text(at: errorPath) }
    var isRunning: Bool { poll() == nil }

    func kill(_ signal: CInt) {
        if status == nil { _ = Glibc.kill(pid, signal) }
    }

    /// Waits for the end; the raw status is turned into the code of a shell (128 + signal).
    ///
    /// - Throws: `LiveError` if the child is still alive after `limit`; it is killed then.
    @discardableResult
    func wait(upTo limit: Duration) throws -> Int {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let code = poll() { return code }
            usleep(1000)
        }
        kill(SIGKILL)
        let state = Files.text(at: "/proc/\(pid)/stat")
        throw LiveError("process \(pid) was still alive after \(limit): \(state)\n\(errorOutput)")
    }

    private func poll() -> Int? {
        if status == nil {
            var raw: CInt = 0
            guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            status = raw
        }
        guard let status else { return nil }
        let signal = status & 0x7f
        return Int(signal == 0 ? (status >> 8) & 0xff : 128 + signal)
    }

    private static func nextNumber() -> Int {
        counter.wrappingAdd(1, ordering: .relaxed).newValue
    }

    private static let counter = Atomic<Int>(0)

    private static func withPointers<Result>(
        _ strings: [Bytes],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: strings.count + 1
        )
        for (index, string) in strings.enumerated() {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.value.count + 1)
            for (offset, byte) in string.value.enumerated() {
                copy[offset] = CChar(bitPattern: byte)
            }
            copy[string.value.count] = 0
            pointers[index] = copy
        }
        pointers[strings.count] = nil
        defer {
            for index in strings.indices { pointers[index]?.deallocate() }
            pointers.deallocate()
        }
        return body(pointers)
    }
}
