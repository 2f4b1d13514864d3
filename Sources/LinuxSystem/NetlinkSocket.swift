// Owns a libnl socket: the calls both netlink users need, with libnl's codes turned into errors.
// Not for sharing: one thread at a time.

internal import CNetlink
import Glibc
import SystemPackage

/// A netlink socket of libnl; closed and freed when released.
@safe final class NetlinkSocket {
    /// Given to libnl's calls; valid as long as this object.
    let raw: OpaquePointer
    /// What the callback gets; kept alive as long as the socket.
    private var context: AnyObject?

    init() throws(SystemError) {
        guard let socket = unsafe nl_socket_alloc() else {
            throw SystemError(call: "nl_socket_alloc", errno: .noMemory)
        }
        unsafe raw = socket
    }

    deinit { unsafe nl_socket_free(raw) }

    /// The socket's descriptor, for poll(2).
    var descriptor: CInt { unsafe nl_socket_get_fd(raw) }

    /// Messages of the kernel that answer nothing have sequence numbers of their own.
    func disableSequenceCheckAndAcknowledgement() {
        unsafe nl_socket_disable_seq_check(raw)
        unsafe nl_socket_disable_auto_ack(raw)
    }

    /// Opens and binds.
    ///
    /// The buffer for one message is fixed, so that a message costs one recvmsg.
    func connect(protocol number: CInt, subject: String) throws(SystemError) {
        let code = unsafe nl_connect(raw, number)
        guard code == 0 else { throw Self.error(code, call: "socket", subject: subject) }
        _ = unsafe nl_socket_set_msg_buf_size(raw, 16 << 10)
        unsafe nl_socket_disable_msg_peek(raw)
    }

    /// Asks for a receive buffer beyond the system's limit, or up to it without the privilege.
    ///
    /// - Returns: The size that the kernel tells, which is twice what it was asked for.
    func growReceiveBuffer(to bytes: CInt) -> Int {
        var wanted = bytes
        let size = socklen_t(MemoryLayout<CInt>.size)
        if unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, size) != 0 {
            _ = unsafe nl_socket_set_buffer_size(raw, bytes, 0)
        }
        var granted: CInt = 0
        var length = size
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) == 0 else {
            return 0
        }
        return Int(granted)
    }

    /// Joins a multicast group.
    func join(group: CInt, subject: String) throws(SystemError) {
        let code = unsafe nl_socket_add_membership(raw, group)
        guard code == 0 else { throw Self.error(code, call: "setsockopt", subject: subject) }
    }

    /// Makes `receive` return -NLE_AGAIN instead of waiting.
    func makeNonBlocking() throws(SystemError) {
        let code = unsafe nl_socket_set_nonblocking(raw)
        guard code == 0 else { throw Self.error(code, call: "fcntl", subject: "netlink") }
    }

    /// Installs the callback that sees every message, before any of libnl's own handling.
    @unsafe func onEveryMessage(_ callback: nl_recvmsg_msg_cb_t, context: AnyObject) {
        self.context = context
        let pointer = unsafe Unmanaged.passUnretained(context).toOpaque()
        unsafe nl_socket_modify_cb(raw, NL_CB_MSG_IN, NL_CB_CUSTOM, callback, pointer)
    }

    /// Sends one message with a header of libnl's making.
    func send(type: CInt, payload: [UInt8], subject: String) throws(SystemError) {
        let code = unsafe payload.withUnsafeBytes { bytes in
            // nl_send_simple only reads the buffer; its signature predates const.
            unsafe nl_send_simple(
                raw,
                type,
                0,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                bytes.count
            )
        }
        let errno = Errno.current
        // libnl has no code of its own for a refused connection; errno is still that of sendmsg.
        if code == -NLE_FAILURE, errno == .connectionRefused {
            throw SystemError(call: "sendmsg", errno: errno, subject: subject)
        }
        guard code >= 0 else { throw Self.error(code, call: "sendmsg", subject: subject) }
    }

    /// Receives one datagram and calls back; 0 or a negative code of libnl.
    func receive() -> CInt { unsafe nl_recvmsgs_default(raw) }

    /// Turns a code of libnl into the errno it stands for, and says what would help.
    static func error(_ code: CInt, call: String, subject: String) -> SystemError {
        let (errno, remedy): (Errno, String?) =
            switch -code {
            case NLE_PERM, NLE_NOACCESS: (.notPermitted, "needs CAP_NET_ADMIN")
            case NLE_NOMEM: (.noBufferSpace, nil)
            case NLE_AGAIN: (.resourceTemporarilyUnavailable, nil)
            case NLE_OBJ_NOTFOUND: (.noSuchProcess, nil)
            case NLE_PROTO_MISMATCH, NLE_AF_NOSUPPORT:
                (.protocolNotSupported, "the kernel was built without this netlink protocol")
            case NLE_BUSY: (.resourceBusy, nil)
            case NLE_NOADDR: (.addressNotAvailable, nil)
            case NLE_BAD_SOCK, NLE_INVAL: (.invalidArgument, nil)
            default: (.ioError, unsafe String(cString: nl_geterror(code)))
            }
        return SystemError(call: call, errno: errno, subject: subject, remedy: remedy)
    }
}
