// Runs a program of the host for tests that need a second opinion: a shell, the journal's reader.

import Glibc

/// Runs a program and waits for it; nil if it cannot be started.
func run(_ arguments: [String]) -> (status: Int32, output: [UInt8])? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let strings = arguments.map { strdup($0) }
    defer { for string in strings { free(string) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, arguments[0], &actions, nil, strings + [nil], nil)
    close(ends[1])
    guard result == 0 else { return nil }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(ends[0], &buffer, buffer.count), count > 0 {
        output += buffer[..<count]
    }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return (status, output)
}

/// Whether the host has a program.
func hasProgram(_ path: String) -> Bool {
    access(path, X_OK) == 0
}
