// How HostCapabilities finds out.

import CLinux
import Glibc
import SystemPackage

extension HostCapabilities {
    // The inode numbers of the initial namespaces (include/linux/proc_ns.h of the kernel): fixed
    // ABI without a header; the network one only since 6.18, before it pid 1 has to be compared.
    static var initialUserInode: UInt64 { 0xEFFF_FFFD }
    static var initialPIDInode: UInt64 { 0xEFFF_FFFC }
    static var initialNetworkInode: UInt64 { 0xEFFF_FFF9 }

    static func kernelRelease() -> KernelRelease? {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return nil }
        let text = unsafe withUnsafeBytes(of: &name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return KernelRelease(text)
    }

    static func capabilities() -> UInt64 {
        var effective: UInt64 = 0
        var permitted: UInt64 = 0
        guard unsafe clinux_capabilities(&effective, &permitted) == 0 else { return 0 }
        return effective
    }

    /// Compares our namespace with the initial one: by its number, or with that of pid 1.
    static func initialNamespace(_ kind: String, _ inode: UInt64, fallback: String?) -> Probe {
        let subject = "initial \(kind) namespace"
        guard let own = namespace("/proc/self/ns/\(kind)") else {
            return Probe(subject, isAvailable: false, reason: "/proc/self/ns/\(kind) is unreadable")
        }
        if own == inode || fallback.flatMap(namespace) == own {
            return Probe(subject, isAvailable: true, reason: "\(kind):[\(own)]")
        }
        return Probe(
            subject,
            isAvailable: false,
            reason: "\(kind):[\(own)] is not the host's; start the daemon outside containers"
        )
    }

    static func memoryReading(_ capabilities: UInt64) -> Probe {
        let subject = "reading memory of held tasks"
        guard capabilities >> Capability.sysPtrace.rawValue & 1 == 1 else {
            return Probe(subject, isAvailable: false, reason: "needs CAP_SYS_PTRACE")
        }
        switch setting("/proc/sys/kernel/yama/ptrace_scope") {
        case nil: return Probe(subject, isAvailable: true, reason: "Yama is not active")
        case 3:
            return Probe(
                subject,
                isAvailable: false,
                reason: "kernel.yama.ptrace_scope is 3, which only a reboot can undo"
            )
        case let scope?:
            return Probe(
                subject,
                isAvailable: true,
                reason: "kernel.yama.ptrace_scope is \(scope)"
            )
        }
    }

    /// The number a `kind:[number]` link shows.
    private static func namespace(_ path: String) -> UInt64? {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            // 64 bytes, so there is a base address.
            unsafe readlink(
                path,
                bytes.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped,
                bytes.count
            )
        }
        guard count > 0, let open = buffer[..<count].firstIndex(of: UInt8(ascii: "["))
        else { return nil }
        var offset = open + 1
        return buffer.span.decimal(at: &offset)
    }

    /// A setting of one number; nil if there is none.
    static func setting(_ path: String) -> Int? {
        guard
            let fd = try? OwnedFD(retrying("open") { unsafe open(path, O_RDONLY | O_CLOEXEC) })
        else { return nil }
        return number(from: fd)
    }

    private static func number(from fd: borrowing OwnedFD) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let number = fd.raw
        guard
            let count = try? retrying(
                "read",
                { unsafe buffer.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, 31) } }
            )
        else { return nil }
        var offset = 0
        return buffer.span.extracting(first: count).decimal(at: &offset)
    }
}
