// Owns a descriptor of /proc and a buffer, and reads the files of processes through them; no path
// is ever walked outside /proc. What the texts mean is in ProcessStat, ProcessStatus, CgroupFile.
// One value per thread. A file of /proc can block (environ, cmdline and exe take the mm lock of a
// task that may be stuck): call from a thread that may.

import Glibc
import SystemPackage

/// Reads /proc.
///
/// Every method returns nil if the process, thread or descriptor is gone: that is no error.
package struct Procfs: ~Copyable {
    let root: OwnedFD
    /// Grows to the largest file read and stays so.
    private var buffer: [UInt8]

    /// Opens /proc, or another mount of the same file system.
    package init(at path: String = "/proc") throws(SystemError) {
        root = OwnedFD(
            try retrying("open", on: path) {
                unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        )
        buffer = [UInt8](repeating: 0, count: 8 << 10)
    }

    /// The descriptor of the directory itself, for openat(2) by others; not to be closed.
    package var directory: CInt { root.raw }

    // MARK: - Text files

    /// `/proc/PID/stat`; a thread's number reads the thread.
    package mutating func stat(of pid: Int32) throws(SystemError) -> ProcessStat? {
        guard let count = try read(pid, "/stat") else { return nil }
        guard let stat = ProcessStat(buffer.span.extracting(first: count)) else {
            throw malformed(pid, "/stat")
        }
        return stat
    }

    /// `/proc/PID/status`; a thread's number reads the thread.
    package mutating func status(of pid: Int32) throws(SystemError) -> ProcessStatus? {
        guard let count = try read(pid, "/status") else { return nil }
        guard let status = ProcessStatus(buffer.span.extracting(first: count)) else {
            throw malformed(pid, "/status")
        }
        return status
    }

    /// The cgroups of a process, as the file lists them.
    package mutating func cgroups(of pid: Int32) throws(SystemError) -> CgroupFile? {
        guard let count = try read(pid, "/cgroup") else { return nil }
        return CgroupFile(buffer.span.extracting(first: count))
    }

    /// The name of a process or thread, without the newline.
    package mutating func name(of pid: Int32) throws(SystemError) -> [UInt8]? {
        guard let count = try read(pid, "/comm") else { return nil }
        let bytes = buffer.prefix(count)
        return Array(bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes)
    }

    /// What a thread held in execve is opening; `.unknown` if it is gone or stacks are not shown.
    ///
    /// Costs about 15 us: the kernel unwinds the stack and names the frames.
    package mutating func execStage(of thread: Int32) -> ExecStage {
        // Every answer to anybody wakes all that wait for one, and a thread that is awake has no
        // stack to show: it soon sleeps again.
        for _ in 0..<64 {
            guard let count = (try? read(thread, "/stack")) ?? nil else { return .unknown }
            let stage = ExecStage(stack: buffer.span.extracting(first: count))
            guard stage == .unknown else { return stage }
            _ = sched_yield()
        }
        return .unknown
    }

    /// The audit login user; nil also if none is set (a service) or the kernel has no audit.
    package mutating func loginUser(of pid: Int32) throws(SystemError) -> UInt32? {
        guard let count = try read(pid, "/loginuid") else { return nil }
        var offset = 0
        let text = buffer.span.extracting(first: count)
        guard let user = text.decimal(at: &offset, as: UInt32.self) else {
            throw malformed(pid, "/loginuid")
        }
        return user == UInt32.max ? nil : user
    }

    /// The arguments of the program that runs now, NUL-terminated each.
    ///
    /// Empty for kernel threads and zombies. The process can rewrite them.
    package mutating func arguments(
        of pid: Int32,
        limit: Int
    ) throws(SystemError) -> LimitedBytes? {
        try limited(pid, "/cmdline", limit)
    }

    /// The environment the program was started with, NUL-terminated each.
    ///
    /// The process can rewrite it; what it changed with setenv(3) is not in it.
    package mutating func environment(
        of pid: Int32,
        limit: Int
    ) throws(SystemError) -> LimitedBytes? {
        try limited(pid, "/environ", limit)
    }

    // MARK: - Reading

    /// A file of a process, whole; nil if it is gone.
    mutating func content(of pid: Int32, _ file: StaticString) throws(SystemError) -> [UInt8]? {
        guard let count = try read(pid, file) else { return nil }
        return Array(buffer.prefix(count))
    }

    private mutating func limited(
        _ pid: Int32,
        _ file: StaticString,
        _ limit: Int
    ) throws(SystemError) -> LimitedBytes? {
        precondition(limit > 0, "a limit of nothing reads nothing")
        guard let count = try read(pid, file, limit: limit + 1, endsShort: true) else {
            return nil
        }
        return LimitedBytes(
            bytes: Array(buffer.prefix(min(count, limit))),
            isTruncated: count > limit
        )
    }

    /// Reads a file into the buffer, up to the limit; the number of bytes, nil if it is gone.
    ///
    /// With `endsShort` a read that gives less than was asked for is the last one: so it is for
    /// files that show memory, not for those that the kernel prints page by page.
    private mutating func read(
        _ pid: Int32,
        _ file: StaticString,
        limit: Int = 1 << 20,
        endsShort: Bool = false
    ) throws(SystemError) -> Int? {
        do throws(SystemError) {
            return try fill(
                from: open(pid, file),
                limit: limit,
                endsShort: endsShort,
                pid,
                file
            )
        } catch {
            return try nilIfGone(error)
        }
    }

    private func open(_ pid: Int32, _ file: StaticString) throws(SystemError) -> OwnedFD {
        var path = ProcPath(pid, file)
        let directory = root.raw
        return OwnedFD(
            try retrying("openat", on: "/proc/\(pid)\(file)") {
                unsafe path.withPointer { unsafe openat(directory, $0, O_RDONLY | O_CLOEXEC) }
            }
        )
    }

    private mutating func fill(
        from fd: borrowing OwnedFD,
        limit: Int,
        endsShort: Bool,
        _ pid: Int32,
        _ file: StaticString
    ) throws(SystemError) -> Int {
        let number = fd.raw
        var count = 0
        while count < limit {
            if count == buffer.count {
                buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            }
            let room = min(limit, buffer.count) - count
            let got = try retrying("read", on: "/proc/\(pid)\(file)") {
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe Glibc.read(number, $0.baseAddress?.advanced(by: count), room)
                }
            }
            count += got
            if got == 0 || (endsShort && got < room) { break }
        }
        return count
    }

    private func malformed(_ pid: Int32, _ file: StaticString) -> SystemError {
        SystemError(call: "read", errno: .badMessage, subject: "/proc/\(pid)\(file)")
    }
}

/// Bytes that were read up to a limit.
package struct LimitedBytes: Sendable, Equatable {
    package let bytes: [UInt8]
    /// Whether there was more.
    package let isTruncated: Bool

    package init(bytes: [UInt8], isTruncated: Bool) {
        self.bytes = bytes
        self.isTruncated = isTruncated
    }
}

extension SystemError {
    /// Whether this process is not allowed to do it; another process may still be.
    package var isPermissionDenied: Bool { errno == .permissionDenied || errno == .notPermitted }
}

/// Passes an error on, unless it says that the process is not there any more.
func nilIfGone<Value>(_ error: SystemError) throws(SystemError) -> Value? {
    if error.errno == .noSuchFileOrDirectory || error.errno == .noSuchProcess { return nil }
    throw error
}

/// "PID/FILE" in place, NUL-terminated, without allocation.
struct ProcPath {
    // The longest is "-2147483648/task/-2147483648/" and a file name.
    private var bytes = InlineArray<64, UInt8>(repeating: 0)
    private var count = 0

    init(_ pid: Int32, _ file: StaticString = "", number: Int32? = nil) {
        append(pid)
        precondition(count + file.utf8CodeUnitCount + 12 < 64, "a file of a process in /proc")
        for index in 0..<file.utf8CodeUnitCount {
            bytes[count] = unsafe file.utf8Start[index]
            count += 1
        }
        if let number { append(number) }
    }

    private mutating func append(_ number: Int32) {
        precondition(number >= 0, "processes and descriptors have no negative numbers")
        var digits = 1
        var rest = number
        while rest >= 10 {
            digits += 1
            rest /= 10
        }
        rest = number
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += digits
    }

    @unsafe mutating func withPointer<Result>(
        _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        unsafe withUnsafeBytes(of: &bytes) { raw in
            // InlineArray<64, UInt8> is 64 bytes, so there is a base address.
            unsafe body(raw.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped)
        }
    }
}
