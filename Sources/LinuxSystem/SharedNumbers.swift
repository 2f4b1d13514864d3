// A few numbers in memory that a process shares with the children it forks afterwards: what they
// tell each other without a system call, and without waiting for each other.

import Glibc
import Synchronization

/// Atomic numbers in shared memory; any thread of any of the processes.
///
/// Never unmapped: it lasts as long as the processes do.
@safe package final class SharedNumbers: @unchecked Sendable {
    // @unchecked: the pointer never changes, and what it leads to is atomic.
    private let first: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    /// Makes `count` numbers, all 0; at most 512.
    ///
    /// - Throws: `mmap`: ENOMEM.
    package init(count: Int) throws(SystemError) {
        let size = 4096
        precondition(count * MemoryLayout<Atomic<UInt64>>.stride <= size)
        self.count = count
        let page = unsafe mmap(
            nil,
            size,
            PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS,
            -1,
            0
        )
        guard let page = unsafe page, unsafe page != MAP_FAILED else {
            throw SystemError(call: "mmap", errno: .current)
        }
        unsafe first = page.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { unsafe (first + index).initialize(to: Atomic(0)) }
    }

    /// One of the numbers; what was written before another process wrote it is seen after reading it.
    package subscript(index: Int) -> UInt64 {
        get {
            precondition(index < count)
            return unsafe first[index].load(ordering: .acquiring)
        }
        set {
            precondition(index < count)
            unsafe first[index].store(newValue, ordering: .releasing)
        }
    }
}
