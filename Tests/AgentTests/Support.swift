// What the tests of the agent share: byte strings, temporary directories, attempts on ourselves.

import Glibc
import LinuxSystem
import Policy
import RuleLanguage
import Signals
import Testing

@testable import Agent

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of bytes.
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// A list of strings as texts.
func texts(_ list: ByteStringList) -> [String] { list.map { text($0) } }

/// A directory of its own that is removed with everything in it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/minewarden-test-XXXXXX".utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(isMade, "mkdtemp: \(errno)")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file below it; its path.
    @discardableResult
    func write(_ name: String, _ content: String, mode: mode_t = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(descriptor >= 0, "open \(file): \(errno)")
        let whole = Array(content.utf8)
        let written = Glibc.write(descriptor, whole, whole.count)
        close(descriptor)
        try #require(written == whole.count)
        chmod(file, mode)
        return file
    }

    func makeDirectory(_ name: String) throws {
        try #require(mkdir("\(path)/\(name)", 0o755) == 0, "mkdir \(name): \(errno)")
    }

    deinit { Self.removeTree(path) }

    private static func removeTree(_ path: String) {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            for name in (try? ConfigurationFile.names(in: path)) ?? [] {
                removeTree("\(path)/\(name)")
            }
        }
        _ = remove(path)
    }
}

/// An attempt that can be pointed at the process of the tests.
func makeAttempt(
    tree: ProcessTree = ProcessTree(),
    variables: VariableStore = VariableStore { KernelClock.monotonic.nanoseconds }
) throws -> Attempt {
    try Attempt(
        tree: tree,
        sources: makeSources(),
        variables: variables,
        hostName: bytes("host")
    )
}

/// The tables of this host, and no containers.
func makeSources(packages: PackageIndex = PackageIndex()) throws -> FactSources {
    FactSources(packages: packages, containers: try ContainerImages())
}

/// The call that a task made when it is held.
func call(_ kind: HeldSyscall.Kind = .execve) throws -> HeldSyscall {
    // Numbers of x86-64: execve is 59, execveat 322.
    let line =
        switch kind {
        case .execve: "59 0x1000 0x2000 0x3000 0x0 0x0 0x0 0x7000 0x8000\n"
        case .execveat(let directory, let flags):
            "322 0x\(String(UInt32(bitPattern: directory), radix: 16)) 0x1000 0x2000 0x3000 "
                + "0x\(String(flags, radix: 16)) 0x0 0x7000 0x8000\n"
        }
    let bytes = Array(line.utf8)
    let parsed = HeldSyscall.parse(bytes.span, machine: .x86_64)
    return try #require(parsed)
}

/// A deployment of one policy text.
func deployment(_ policy: String, protection: String? = nil, generation: UInt64 = 1) -> Deployment {
    let result = PolicyLoader.load(
        sources: [PolicySource(name: "custom.yaml", bytes: bytes(policy))],
        protection: protection.map { PolicySource(name: "protection.yaml", bytes: bytes($0)) }
    )
    return Deployment(
        ruleSet: result.ruleSet,
        settings: AgentSettings(),
        generation: generation
    )
}

/// Waits until a condition holds, for ten seconds at most; whether it came to hold.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<2000 {
        if condition() { return true }
        usleep(5000)
    }
    return condition()
}
