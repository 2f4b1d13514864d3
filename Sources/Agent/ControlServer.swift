// The control socket's transport: connections, their limits and deadlines. Each connection is one
// request and one reply, on a short-lived thread of its own, so that a slow or hostile peer delays
// nobody, least of all verdicts. What requests mean is in ControlDesk.

import ControlProtocol
import LinuxSystem
import Synchronization

/// Listens on the control socket.
final class ControlServer: Sendable {
    private let desk: ControlDesk
    private let open = Mutex<[UInt32: Int]>([:])

    /// One user's connections at a time, root's and everybody's together.
    private static let userLimit = 4
    private static let limit = 24
    /// How long a peer may take to say its request, and to take the reply.
    private static let patience: UInt64 = 5_000_000_000

    init(desk: ControlDesk) { self.desk = desk }

    /// Starts listening in a directory, which is made if it is missing.
    ///
    /// - Throws: EADDRINUSE if another daemon does; what keeps the socket from being made.
    func start(in directory: String) throws(SystemError) {
        try ConfigurationFile.makeDirectory(directory, mode: 0o755)
        let socket = try ListeningSocket(path: "\(directory)/\(Wire.socketName)")
        // A closure can own the socket only through a box that gives it away.
        let box = Mutex<ListeningSocket?>(socket)
        try NativeThread.start("control") { [self] in
            guard let socket = box.withLock({ $0.take() }) else { return }
            do throws(SystemError) {
                while true { admit(try socket.accept()) }
            } catch {
                ServiceLog.error("the control socket is closed: \(error)")
            }
        }
    }

    /// Gives a connection a thread, if its user has not too many.
    private func admit(_ connection: consuming LocalConnection) {
        guard let credentials = try? connection.peer() else { return }
        let user = credentials.user
        guard enter(user) else {
            let reply = Reply.refused(
                Refusal(.busy, "too many requests at the same time", remedy: "try again")
            )
            try? connection.write(reply.line, deadline: KernelClock.monotonic.nanoseconds + 1)
            return
        }
        let box = Mutex<LocalConnection?>(connection)
        do throws(SystemError) {
            try NativeThread.start("request", stackKibibytes: 8192) { [self] in
                defer { leave(user) }
                guard let connection = box.withLock({ $0.take() }) else { return }
                serve(connection, credentials)
            }
        } catch {
            leave(user)
            ServiceLog.warning("a request is not answered: \(error)")
        }
    }

    /// One request, one reply.
    private func serve(
        _ connection: consuming LocalConnection,
        _ credentials: PeerCredentials
    ) {
        do throws(SystemError) {
            let line = try connection.readLine(
                limitBytes: Wire.requestLimitBytes,
                deadline: KernelClock.monotonic.nanoseconds + Self.patience
            )
            let reply = desk.answer(line, from: credentials)
            try connection.write(
                reply.line,
                deadline: KernelClock.monotonic.nanoseconds + Self.patience
            )
        } catch {
            // The peer's own loss: it went away, or said nothing, or too much.
        }
    }

    private func enter(_ user: UInt32) -> Bool {
        open.withLock { open in
            let own = open[user] ?? 0
            // Others cannot take all places: root has its own.
            let others = open.reduce(0) { $0 + ($1.key == 0 ? 0 : $1.value) }
            guard user == 0 ? own < Self.limit : own < Self.userLimit && others < Self.limit else {
                return false
            }
            open[user] = own + 1
            return true
        }
    }

    private func leave(_ user: UInt32) {
        open.withLock { open in
            let left = (open[user] ?? 1) - 1
            open[user] = left > 0 ? left : nil
        }
    }
}
