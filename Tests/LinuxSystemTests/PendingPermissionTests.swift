// Held execs of a real group, each test in a process of its own.
//
// That process starts its helpers before it opens the group and never forks afterwards; it marks
// nothing but a tmpfs of its own in a private mount namespace, and an alarm ends it: its death
// releases whatever it holds.

import Glibc
import Testing

@testable import LinuxSystem

@Suite(.requires(.capability(.sysAdmin)))
struct `Pending permission` {
    @Test func `replies with its fallback when it ends without an answer`() async {
        await #expect(processExitsWith: .success) {
            let stage = try Stage(helpers: 2)
            let group = try stage.openGroup()
            let slot = VerdictSlot()
            for (helper, fallback) in [(0, Answer.deny), (1, .allow)] {
                stage.release(helper)
                _ = try Stage.take(from: group, into: slot, fallback: fallback)
                let code = stage.end(of: helper)
                guard (code == 0) == (fallback == .allow) else { Stage.fail("\(fallback) \(code)") }
                guard slot.current == nil else { Stage.fail("the slot is still taken") }
            }
            group.close()
        }
    }

    @Test func `sends a late answer to no other event`() async {
        await #expect(processExitsWith: .success) {
            let stage = try Stage(helpers: 3)
            let group = try stage.openGroup()
            let slot = VerdictSlot()
            let other = VerdictSlot()
            stage.release(0)
            let late = try Stage.take(from: group, into: slot, fallback: .allow)
            guard let open = slot.current else { Stage.fail("no event in the slot") }
            guard group.expire(open, in: slot, with: .allow, look: { _ in }) else {
                Stage.fail("the deadline did not get the answer")
            }
            guard stage.end(of: 0) == 0 else { Stage.fail("the deadline's answer was not allow") }

            // Another task is held now; the stalled verdict on the first comes back and denies.
            stage.release(1)
            let held = try Stage.take(from: group, into: other, fallback: .allow)
            let answered = late.answer(.deny)
            guard answered.delivery == .late(.allow) else { Stage.fail("\(answered.delivery)") }
            guard !stage.hasEnded(1) else { Stage.fail("the answer reached another event") }
            guard held.answer(.allow).delivery == .delivered else { Stage.fail("not delivered") }
            guard stage.end(of: 1) == 0 else { Stage.fail("the second was denied") }

            // The deadline thread still has what it saw of the first event.
            stage.release(2)
            let third = try Stage.take(from: group, into: slot, fallback: .allow)
            guard !group.expire(open, in: slot, with: .deny, look: { _ in }) else {
                Stage.fail("an old look answered a new event")
            }
            guard third.answer(.allow).delivery == .delivered, stage.end(of: 2) == 0 else {
                Stage.fail("the third was denied")
            }
            group.close()
        }
    }

    @Test func `lets go of the task when the group is closed, and says so`() async {
        await #expect(processExitsWith: .success) {
            let stage = try Stage(helpers: 1)
            let group = try stage.openGroup()
            stage.release(0)
            let pending = try Stage.take(from: group, into: VerdictSlot(), fallback: .deny)
            group.close()
            guard stage.end(of: 0) == 0 else { Stage.fail("denied") }
            let delivery = pending.answer(.deny).delivery
            guard delivery == .closed else { Stage.fail("\(delivery)") }
        }
    }

    @Test func `knows that its task was killed`() async {
        await #expect(processExitsWith: .success) {
            let stage = try Stage(helpers: 1)
            let group = try stage.openGroup()
            stage.release(0)
            let pending = try Stage.take(from: group, into: VerdictSlot(), fallback: .allow)
            stage.kill(0)
            let delivery = pending.answer(.allow).delivery
            // The kernel keeps the event until the dead task has let go of it.
            guard delivery == .gone || delivery == .delivered else { Stage.fail("\(delivery)") }
            group.close()
        }
    }
}

/// A tmpfs with a program on it and helpers that start it when they are told to.
private struct Stage {
    private let root: String
    private var helpers: [(pid: pid_t, gate: CInt)] = []

    /// Starts the helpers; there is no group yet.
    init(helpers count: Int) throws {
        alarm(20)
        // /tmp is a place that exists everywhere; what is mounted there is seen by nobody else.
        root = "/tmp"
        let before = try FileIdentity(ofPath: root).device
        Self.leaveMountNamespace()
        guard mount("none", root, "tmpfs", 0, nil) == 0 else { Self.fail("tmpfs: \(errno)") }
        let after = try FileIdentity(ofPath: root).device
        guard before != after else { Self.fail("the tmpfs is not where it should be") }
        guard Self.copy("/bin/true", to: root + "/program") else { Self.fail("copy: \(errno)") }
        for _ in 0..<count { helpers.append(try start()) }
    }

    private func start() throws -> (pid_t, CInt) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else {
            Self.fail("pipe: \(errno)")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        var pid: pid_t = 0
        let arguments = ["/bin/sh", "-c", "read line; exec \(root)/program"]
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        let code = posix_spawn(&pid, "/bin/sh", &actions, nil, &argv, environ)
        guard code == 0 else { Self.fail("posix_spawn: \(code)") }
        close(ends[0])
        return (pid, ends[1])
    }

    /// From here on this process must not fork.
    func openGroup() throws -> FanotifyGroup {
        let group = try FanotifyGroup()
        try group.markFilesystem(of: root)
        return group
    }

    func release(_ helper: Int) {
        let line: [UInt8] = [10]
        _ = write(helpers[helper].gate, line, 1)
    }

    /// Waits for the next held exec.
    static func take(
        from group: FanotifyGroup,
        into slot: VerdictSlot,
        fallback: Answer
    ) throws -> PendingPermission {
        while true {
            switch try group.next(into: slot, fallback: fallback) {
            case .held(let pending): return pending
            case .empty: usleep(1000)
            case .overflow: fail("overflow")
            case .closed: fail("closed")
            }
        }
    }

    func hasEnded(_ helper: Int) -> Bool {
        usleep(100_000)
        var status: CInt = 0
        return waitpid(helpers[helper].pid, &status, WNOHANG) != 0
    }

    /// The exit code; 126 is the shell's for a program it may not execute.
    func end(of helper: Int) -> CInt {
        var status: CInt = 0
        while waitpid(helpers[helper].pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f
    }

    func kill(_ helper: Int) {
        _ = Glibc.kill(helpers[helper].pid, SIGKILL)
        _ = end(of: helper)
    }

    /// Of this thread only; whatever it starts is there, too.
    private static func leaveMountNamespace() {
        typealias Unshare = @convention(c) (CInt) -> CInt
        guard let symbol = dlsym(nil, "unshare") else { fail("no unshare") }
        let newMounts: CInt = 0x20000
        guard unsafeBitCast(symbol, to: Unshare.self)(newMounts) == 0,
            mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0
        else { fail("no mount namespace of its own: \(errno)") }
    }

    private static func copy(_ source: String, to target: String) -> Bool {
        guard let content = try? ConfigurationFile.read(source) else { return false }
        let file = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
        defer { close(file) }
        return file >= 0 && write(file, content, content.count) == content.count
    }

    static func fail(_ message: String) -> Never {
        let line = Array("stage: \(message)\n".utf8)
        _ = write(2, line, line.count)
        exit(1)
    }
}
