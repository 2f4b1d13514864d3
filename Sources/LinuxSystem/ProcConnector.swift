// Owns the subscription to the kernel's process events: one netlink socket through libnl, opened,
// received from and closed here. Messages become values in ProcEvent+Parsing.swift.
// One thread receives (it blocks); `stop` may be called from any thread.

internal import CNetlink
import Glibc
import SystemPackage

/// A subscription to process events: fork, exec, exit and changes of name and identity.
///
/// Needs the initial network, user and pid namespaces, and CAP_NET_ADMIN: to subscribe at all before
/// Linux 6.6, for a buffer that is large enough on any. Every event says what has
/// happened already: nothing is held. Numbers are those of the initial pid namespace.
package final class ProcConnector: @unchecked Sendable {
    // @unchecked: `socket`, `inbox` and `sequence` belong to the one receiving thread;
    // `stopEvent` is for any thread.
    private let socket: NetlinkSocket
    private let inbox: ProcInbox
    private var sequence = ProcSequence()
    private let stopEvent: EventDescriptor
    /// The size of the receive buffer that the kernel granted, as getsockopt(2) tells it: doubled.
    package let receiveBufferBytes: Int

    /// Datagrams read before the handler gets to see them.
    private static let batchLimit = 256
    /// Our mark on the request; other listeners' acknowledgements reach us, too.
    private let token = UInt32.random(in: 1..<UInt32.max)

    /// Subscribes, and waits for the kernel to confirm it.
    ///
    /// Events from before the return are not delivered: read /proc afterwards.
    /// - Throws: EPERM without CAP_NET_ADMIN, ECONNREFUSED outside the initial network namespace,
    ///   ETIMEDOUT outside the initial user or pid namespace (the kernel is silent then).
    package static func open(
        receiveBufferBytes: Int32 = 8 << 20,
        confirmingWithin timeout: Duration = .seconds(2)
    ) throws(SystemError) -> ProcConnector {
        let connector = try ProcConnector(receiveBufferBytes)
        try connector.listen()
        try connector.awaitConfirmation(within: timeout)
        return connector
    }

    private init(_ bufferBytes: Int32) throws(SystemError) {
        socket = try NetlinkSocket()
        stopEvent = try EventDescriptor()
        inbox = ProcInbox(limit: Self.batchLimit)
        socket.disableSequenceCheckAndAcknowledgement()
        try socket.connect(protocol: NETLINK_CONNECTOR, subject: "connector")
        receiveBufferBytes = socket.growReceiveBuffer(to: bufferBytes)
        try socket.join(group: CInt(CN_IDX_PROC), subject: "process events")
        try socket.makeNonBlocking()
        unsafe socket.onEveryMessage(collectProcEvent, context: inbox)
    }

    /// Waits for events and hands them over, then returns; call it in a loop.
    ///
    /// Blocks until at least one datagram, `stop`, or the end of the timeout, if there is one. The handler runs on this thread after the
    /// socket was drained (up to a bound); it should only copy, or the buffer fills up.
    /// - Returns: false once `stop` was called.
    package func receive(
        within timeout: Duration? = nil,
        _ handle: (ProcEvent) -> Void
    ) throws(SystemError) -> Bool {
        switch try waitReadable(timeout: timeout) {
        case .stopped: return false
        case .timedOut: return true
        case .readable: break
        }
        try drain()
        deliver(handle)
        return true
    }

    /// Makes the present and all later calls of `receive` return false, from any thread.
    package func stop() {
        stopEvent.signal()
    }

    private func deliver(_ handle: (ProcEvent) -> Void) {
        for event in inbox.events {
            let missing = sequence.missing(before: event)
            if missing > 0 {
                handle(
                    ProcEvent(
                        .lost(missing),
                        cpu: event.cpu,
                        sequence: event.sequence,
                        timestampNanoseconds: event.timestampNanoseconds
                    )
                )
            }
            // Every listener sees every listener's acknowledgement.
            if case .acknowledged = event.kind { continue }
            handle(event)
        }
        inbox.events.removeAll(keepingCapacity: true)
        if inbox.hasOverrun {
            inbox.hasOverrun = false
            sequence.reset()
            handle(ProcEvent(.overrun))
        }
    }

    /// Reads until the socket is empty, the batch is full or the buffer had overflowed.
    private func drain() throws(SystemError) {
        while inbox.events.count < Self.batchLimit {
            switch socket.receive() {
            case 0: continue
            case -NLE_AGAIN: return
            case -NLE_NOMEM:
                // ENOBUFS; libnl has one code for it and for running out of memory itself.
                inbox.hasOverrun = true
                return
            case let code:
                throw NetlinkSocket.error(code, call: "recvmsg", subject: "process events")
            }
        }
    }

    // MARK: - Subscribing

    private func listen() throws(SystemError) {
        let payload = MemoryLayout<UInt32>.size
        var request = [UInt8](repeating: 0, count: MemoryLayout<cn_msg>.size + payload)
        var header = cn_msg()
        header.id = cb_id(idx: UInt32(CN_IDX_PROC), val: UInt32(CN_VAL_PROC))
        // The kernel answers with this plus one; the number of the request itself gets lost.
        header.ack = token
        header.len = UInt16(payload)
        let operation = PROC_CN_MCAST_LISTEN.rawValue
        unsafe request.withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: header, as: cn_msg.self)
            unsafe bytes.storeBytes(
                of: operation,
                toByteOffset: MemoryLayout<cn_msg>.size,
                as: UInt32.self
            )
        }
        do throws(SystemError) {
            try socket.send(type: CInt(NLMSG_DONE), payload: request, subject: "process events")
        } catch  where error.errno == .connectionRefused {
            throw SystemError(
                call: error.call,
                errno: error.errno,
                subject: error.subject,
                remedy: "the proc connector exists only in the initial network namespace"
            )
        }
    }

    private func awaitConfirmation(within timeout: Duration) throws(SystemError) {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: timeout)
        while true {
            let left = clock.now.duration(to: deadline)
            guard left > .zero,
                try waitReadable(timeout: left) == .readable
            else {
                throw SystemError(
                    call: "PROC_CN_MCAST_LISTEN",
                    errno: .timedOut,
                    subject: "process events",
                    remedy: "the kernel answers only in the initial user and pid namespaces"
                )
            }
            try drain()
            defer { inbox.events.removeAll(keepingCapacity: true) }
            for event in inbox.events {
                _ = sequence.missing(before: event)
                guard case .acknowledged(let error) = event.kind,
                    event.acknowledgement == token &+ 1
                else { continue }
                if error == 0 { return }
                throw SystemError(
                    call: "PROC_CN_MCAST_LISTEN",
                    errno: Errno(rawValue: CInt(clamping: error)),
                    subject: "process events",
                    remedy: "needs CAP_NET_ADMIN"
                )
            }
        }
    }

    private enum Readiness { case readable, stopped, timedOut }

    private func waitReadable(timeout: Duration?) throws(SystemError) -> Readiness {
        let ready = try pollReadable(
            stopEvent.raw,
            socket.descriptor,
            timeout: timeout,
            subject: "process events"
        )
        if ready.first { return .stopped }
        return ready.second ? .readable : .timedOut
    }
}

/// Where the callback of libnl puts what it finds; of the receiving thread.
private final class ProcInbox {
    var events: [ProcEvent] = []
    var hasOverrun = false

    init(limit: Int) { events.reserveCapacity(limit + 1) }
}

/// Called by libnl for every netlink message; the payload is parsed and kept, nothing else is done.
private func collectProcEvent(
    message: OpaquePointer?,
    context: UnsafeMutableRawPointer?
) -> CInt {
    guard let message = unsafe message, let context = unsafe context else {
        return CInt(NL_SKIP.rawValue)
    }
    let inbox = unsafe Unmanaged<ProcInbox>.fromOpaque(context).takeUnretainedValue()
    // Anybody with the privilege may send to the group; only the kernel is number 0.
    guard unsafe nlmsg_get_src(message).pointee.nl_pid == 0,
        let header = unsafe nlmsg_hdr(message), let data = unsafe nlmsg_data(header)
    else { return CInt(NL_SKIP.rawValue) }
    let bytes = unsafe RawSpan(
        _unsafeStart: data,
        byteCount: Int(max(0, nlmsg_datalen(header)))
    )
    if let event = ProcEvent(message: bytes) { inbox.events.append(event) }
    // Connector messages have the type that ends a dump; skip libnl's handling of that.
    return CInt(NL_SKIP.rawValue)
}
