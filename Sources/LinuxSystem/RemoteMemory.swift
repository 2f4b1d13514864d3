// Memory of another task, read in runs of pages. The only caller of process_vm_readv(2).

import CLinux
import Glibc
import SystemPackage

/// The memory of a task that is held.
struct RemoteMemory {
    let task: pid_t

    /// A run of remote bytes and where they land in the local buffer.
    struct Region {
        var address: UInt64
        var count: Int
        /// Set by the read: where in the buffer it starts, and how much of it could be read.
        var offset = 0
        var readCount = 0

        /// The first address after it.
        var end: UInt64 { address &+ UInt64(count) }

        func contains(_ other: UInt64) -> Bool { address <= other && other < end }

        /// These bytes.
        init(address: UInt64, count: Int) {
            self.address = address
            self.count = count
        }

        /// One page of 4096 bytes; larger pages of other architectures are multiples of it.
        init(page: UInt64) {
            address = page
            count = 4096
        }

        /// From `address` to the end of its page, so that it is readable whole or not at all;
        /// into the next page if fewer than `atLeast` bytes are left.
        init(address: UInt64, atLeast: Int = 1) {
            self.address = address
            let rest = 4096 - Int(address & 4095)
            count = rest >= atLeast ? rest : rest + 4096
        }
    }

    /// Regions per call (UIO_MAXIOV).
    static let maximumRegions = 1024

    /// Reads all regions, one after the other, to the front of `buffer`, which grows as needed.
    ///
    /// A region that cannot be read has a `readCount` smaller than its `count`; the others are
    /// read all the same. Blocks while a page fault of the other task does.
    /// - Throws: ESRCH, EPERM.
    func read(_ regions: inout [Region], into buffer: inout [UInt8]) throws(SystemError) {
        var total = 0
        for index in regions.indices {
            regions[index].offset = total
            regions[index].readCount = 0
            total += regions[index].count
        }
        if buffer.count < total {
            buffer.append(contentsOf: repeatElement(0, count: total - buffer.count))
        }
        var next = 0
        while next < regions.count {
            let end = min(next + Self.maximumRegions, regions.count)
            var count = try readOnce(regions[next..<end], into: &buffer)
            while next < end {
                let taken = min(count, regions[next].count)
                regions[next].readCount = taken
                count -= taken
                next += 1
                // The call stops at the first fault: go on after the region that has it.
                if taken < regions[next - 1].count { break }
            }
        }
    }

    private func readOnce(
        _ regions: ArraySlice<Region>,
        into buffer: inout [UInt8]
    ) throws(SystemError) -> Int {
        let offset = regions.first?.offset ?? 0
        let size = buffer.count - offset
        let count = unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: regions.count) {
            remote in
            for (index, region) in regions.enumerated() {
                unsafe remote.initializeElement(
                    at: index,
                    to: iovec(
                        iov_base: UnsafeMutableRawPointer(bitPattern: UInt(region.address)),
                        iov_len: region.count
                    )
                )
            }
            return unsafe buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress, let list = remote.baseAddress else { return 0 }
                return unsafe clinux_read_remote(
                    task,
                    base + offset,
                    size,
                    list,
                    UInt(regions.count)
                )
            }
        }
        if count >= 0 { return count }
        let errno = Errno.current
        // EFAULT: not even the first byte; the caller sees it as an empty region.
        if errno == .badAddress { return 0 }
        throw SystemError(
            call: "process_vm_readv",
            errno: errno,
            subject: "task \(task)",
            remedy: errno == .notPermitted ? "needs CAP_SYS_PTRACE" : nil
        )
    }
}
