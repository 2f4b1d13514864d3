// Children for live tests, and waiting for what happens on other threads.

import Glibc
import LinuxSystem
import Synchronization
import Testing

/// Starts a program without waiting for it.
func spawnChild(_ arguments: [String]) throws -> Int32 {
    var pid: pid_t = 0
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    argv.append(nil)
    defer { for argument in argv { free(argument) } }
    let code = posix_spawn(&pid, arguments[0], nil, nil, argv, environ)
    try #require(code == 0, "posix_spawn: \(code)")
    return pid
}

/// Runs a program to its end; its number.
func runChild(_ arguments: [String]) throws -> Int32 {
    let pid = try spawnChild(arguments)
    collectChild(pid)
    return pid
}

/// Waits for a child and collects it; its wait(2) status.
@discardableResult
func collectChild(_ pid: Int32) -> CInt {
    var status: CInt = 0
    while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    return status
}

/// Waits until a condition holds, for ten seconds at most.
func eventually(_ condition: () throws -> Bool) async throws {
    for _ in 0..<1000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("did not happen within ten seconds")
}

/// Collects events on one thread for another.
final class Recorder: Sendable {
    private let kinds = Mutex<[ProcEvent.Kind]>([])

    func add(_ kind: ProcEvent.Kind) { kinds.withLock { $0.append(kind) } }

    func contains(_ predicate: (ProcEvent.Kind) -> Bool) -> Bool {
        kinds.withLock { $0.contains(where: predicate) }
    }
}

/// Kills and collects a child that this test started.
func endChild(_ pid: Int32) {
    kill(pid, SIGKILL)
    collectChild(pid)
}
