// Owns a generic netlink socket to the kernel's task accounting. One thread at a time.

internal import CNetlink
import Glibc
import SystemPackage

/// What a process has used; part of the record of one that was killed.
package struct ResourceUse: Sendable, Equatable {
    /// Processor time in user mode of all its threads, ended ones too.
    package let userMicroseconds: UInt64
    /// The same in the kernel.
    package let systemMicroseconds: UInt64
    /// The most memory it had at once; 0 if it has ended or the kernel does not account it.
    package let peakResidentKilobytes: UInt64
}

/// Asks the kernel how much processes have used.
///
/// Needs CAP_NET_ADMIN in the initial user and pid namespaces. Ask before killing: the memory
/// of an ended process is gone.
package struct Taskstats: ~Copyable {
    private let socket: NetlinkSocket
    private let inbox: TaskstatsInbox
    private let family: CInt

    /// Connects and resolves the family.
    ///
    /// Do this before anything is watched: the first use of a family may load a module, which is
    /// an exec.
    package init() throws(SystemError) {
        let socket = try NetlinkSocket()
        try socket.connect(protocol: NETLINK_GENERIC, subject: "taskstats")
        let family = unsafe genl_ctrl_resolve(socket.raw, TASKSTATS_GENL_NAME)
        guard family >= 0 else {
            throw SystemError(
                call: "genl_ctrl_resolve",
                errno: .noSuchFileOrDirectory,
                subject: "TASKSTATS",
                remedy: "the kernel was built without task statistics"
            )
        }
        socket.disableSequenceCheckAndAcknowledgement()
        let inbox = TaskstatsInbox()
        unsafe socket.onEveryMessage(collectTaskstats, context: inbox)
        self.socket = socket
        self.inbox = inbox
        self.family = family
    }

    /// Asks about a process, by the number of its first thread.
    ///
    /// - Returns: nil if it is gone.
    package mutating func use(of process: Int32) throws(SystemError) -> ResourceUse? {
        // The answer by process has the times of all threads, the one by thread has the memory.
        guard let times = try query(CInt(TASKSTATS_CMD_ATTR_TGID), process)
        else { return nil }
        let memory = try query(CInt(TASKSTATS_CMD_ATTR_PID), process)
        return ResourceUse(
            userMicroseconds: times.ac_utime,
            systemMicroseconds: times.ac_stime,
            peakResidentKilobytes: memory?.hiwater_rss ?? 0
        )
    }

    private func query(_ attribute: CInt, _ task: Int32) throws(SystemError) -> taskstats? {
        let sequence = try request(attribute, task)
        inbox.expect(sequence)
        while true {
            let code = socket.receive()
            guard code == 0 else {
                throw NetlinkSocket.error(code, call: "recvmsg", subject: "taskstats")
            }
            switch inbox.answer {
            case .none: continue
            case .statistics(let statistics): return statistics
            case .failure(ESRCH): return nil
            case .failure(let errno):
                throw SystemError(
                    call: "TASKSTATS_CMD_GET",
                    errno: Errno(rawValue: errno),
                    subject: "process \(task)",
                    remedy: errno == EPERM
                        ? "needs CAP_NET_ADMIN in the initial user namespace" : nil
                )
            }
        }
    }

    /// Sends a question; the number the answer will carry.
    private func request(_ attribute: CInt, _ task: Int32) throws(SystemError) -> UInt32 {
        guard let message = unsafe nlmsg_alloc() else {
            throw SystemError(call: "nlmsg_alloc", errno: .noMemory, subject: "taskstats")
        }
        defer { unsafe nlmsg_free(message) }
        guard
            unsafe genlmsg_put(
                message,
                0,
                0,
                family,
                0,
                0,
                UInt8(TASKSTATS_CMD_GET),
                UInt8(TASKSTATS_GENL_VERSION)
            ) != nil,
            unsafe nla_put_u32(message, attribute, UInt32(bitPattern: task)) == 0
        else { throw SystemError(call: "nla_put", errno: .noBufferSpace, subject: "taskstats") }
        let code = unsafe nl_send_auto(socket.raw, message)
        guard code >= 0 else {
            throw NetlinkSocket.error(code, call: "sendmsg", subject: "taskstats")
        }
        return unsafe nlmsg_hdr(message).pointee.nlmsg_seq
    }
}

/// Where the callback of libnl puts the answer.
private final class TaskstatsInbox {
    enum Answer {
        case none
        case statistics(taskstats)
        case failure(CInt)
    }

    private(set) var answer = Answer.none
    private var sequence: UInt32 = 0

    func expect(_ sequence: UInt32) {
        self.sequence = sequence
        answer = .none
    }

    /// Takes a message if it is the one expected.
    @unsafe func take(_ header: UnsafeMutablePointer<nlmsghdr>) {
        guard unsafe header.pointee.nlmsg_seq == sequence else { return }
        if unsafe CInt(header.pointee.nlmsg_type) == NLMSG_ERROR {
            guard unsafe nlmsg_datalen(header) >= CInt(MemoryLayout<nlmsgerr>.size) else { return }
            let error = unsafe nlmsg_data(header).load(as: nlmsgerr.self).error
            answer = .failure(-error)
            return
        }
        guard let statistics = unsafe Self.statistics(header) else {
            answer = .failure(EBADMSG)
            return
        }
        answer = .statistics(statistics)
    }

    /// The structure inside the nested attribute; older kernels send a shorter one.
    private static func statistics(_ header: UnsafeMutablePointer<nlmsghdr>) -> taskstats? {
        guard unsafe genlmsg_valid_hdr(header, 0) != 0, let body = unsafe genlmsg_hdr(header)
        else { return nil }
        let attributes = unsafe genlmsg_attrdata(body, 0)
        let length = unsafe genlmsg_attrlen(body, 0)
        let kinds = [TASKSTATS_TYPE_AGGR_TGID, TASKSTATS_TYPE_AGGR_PID]
        for kind in kinds {
            guard let nest = unsafe nla_find(attributes, length, CInt(kind)),
                let inner = unsafe nla_data(nest)?.assumingMemoryBound(to: nlattr.self),
                let found = unsafe nla_find(
                    inner,
                    nla_len(nest),
                    CInt(TASKSTATS_TYPE_STATS)
                ),
                let data = unsafe nla_data(found)
            else { continue }
            var statistics = taskstats()
            let count = min(Int(unsafe nla_len(found)), MemoryLayout<taskstats>.size)
            unsafe withUnsafeMutableBytes(of: &statistics) { target in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: data, count: count))
            }
            return statistics
        }
        return nil
    }
}

/// Called by libnl for every netlink message of the socket.
private func collectTaskstats(
    message: OpaquePointer?,
    context: UnsafeMutableRawPointer?
) -> CInt {
    guard let message = unsafe message, let context = unsafe context,
        let header = unsafe nlmsg_hdr(message)
    else { return CInt(NL_SKIP.rawValue) }
    let inbox = unsafe Unmanaged<TaskstatsInbox>.fromOpaque(context).takeUnretainedValue()
    unsafe inbox.take(header)
    return CInt(NL_SKIP.rawValue)
}
