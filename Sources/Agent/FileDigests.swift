// The digests of executed files, and what keeps their cost bounded: a limit of size, a small cache
// by the file's identity, and for signals a budget. Any thread; reads outside its lock.
// A digest names the content at the time it was read: a writer that has the file mapped can change
// it later without a trace in its times.

import LinuxSystem
import Synchronization

/// Computes and remembers digests of files.
final class FileDigests: Sendable {
    /// Files of more than this have no digest, neither in signals nor for rules.
    static let sizeLimitBytes: UInt64 = 64 << 20

    /// A state of a file: what cannot stay the same when its content changes by write(2).
    private struct Version: Hashable {
        let device: FileIdentity.Device
        let inode: UInt64
        let sizeBytes: UInt64
        let modifiedNanoseconds: Int64
        let changedNanoseconds: Int64

        init(_ identity: FileIdentity) {
            device = identity.device
            inode = identity.inode
            sizeBytes = identity.sizeBytes
            modifiedNanoseconds = identity.modifiedNanoseconds
            changedNanoseconds = identity.changedNanoseconds
        }
    }

    private struct State {
        /// The last used at the end.
        var cache: [(version: Version, hashes: FileHashes)] = []
        /// Bytes that may still be read for signals; refilled with time.
        var budgetBytes = FileDigests.budgetLimitBytes
        var refilledNanoseconds: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int
    /// Times are as coarse as a tick: a file changed this recently may change again without another
    /// time.
    private let settleNanoseconds: Int64

    init(capacity: Int = 64, settleNanoseconds: Int64 = 100_000_000) {
        self.capacity = capacity
        self.settleNanoseconds = settleNanoseconds
    }

    /// The SHA-256 of an open file for a signal; nil if it is no regular file, too big, cannot be
    /// read, or if files of strangers cost too much time already.
    ///
    /// For after the answer: takes up to a third of a second (64 MiB).
    func sha256(of descriptor: CInt) -> [UInt8]? {
        digest(of: descriptor, withSHA1: false, onBudget: true)?.sha256
    }

    /// `sha1:…` and `sha256:…` of an open file for a rule; empty as in `sha256(of:)`, but without a
    /// budget: by costing us time nobody gets past a rule.
    func texts(of descriptor: CInt) -> [[UInt8]] {
        guard let hashes = digest(of: descriptor, withSHA1: true, onBudget: false) else {
            return []
        }
        return [
            Array("sha1:".utf8) + Self.hexadecimal(hashes.sha1),
            Array("sha256:".utf8) + Self.hexadecimal(hashes.sha256),
        ]
    }

    private func digest(of descriptor: CInt, withSHA1: Bool, onBudget: Bool) -> FileHashes? {
        guard let before = try? FileIdentity(descriptor: descriptor), before.isRegularFile,
            before.sizeBytes <= Self.sizeLimitBytes
        else { return nil }
        let version = Version(before)
        if let known = cached(version), !withSHA1 || !known.sha1.isEmpty { return known }
        if onBudget {
            guard spend(before.sizeBytes, now: KernelClock.monotonic.nanoseconds) else {
                return nil
            }
        }
        let now = Int64(KernelClock.realtime.nanoseconds)
        guard
            let hashes = try? FileHashes(
                of: descriptor,
                withSHA1: withSHA1,
                limitBytes: Self.sizeLimitBytes
            )
        else { return nil }
        if let after = try? FileIdentity(descriptor: descriptor), Version(after) == version,
            now - before.changedNanoseconds >= settleNanoseconds
        {
            remember(hashes, of: version)
        }
        return hashes
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    // MARK: - Cache

    private func cached(_ version: Version) -> FileHashes? {
        state.withLock { state in
            guard let index = state.cache.firstIndex(where: { $0.version == version }) else {
                return nil
            }
            let entry = state.cache.remove(at: index)
            state.cache.append(entry)
            return entry.hashes
        }
    }

    private func remember(_ hashes: FileHashes, of version: Version) {
        state.withLock { state in
            state.cache.removeAll { $0.version == version }
            if state.cache.count >= capacity { state.cache.removeFirst() }
            state.cache.append((version, hashes))
        }
    }

    /// How many states of files are remembered.
    var count: Int { state.withLock { $0.cache.count } }

    // MARK: - Budget

    /// Enough for four of the largest files at once.
    private static let budgetLimitBytes: UInt64 = 4 * sizeLimitBytes
    /// An eighth of a processor, at the measured 250 MB/s.
    private static let refillBytesPerSecond: UInt64 = 32 << 20

    /// Takes bytes from the budget; false if there are not enough left.
    func spend(_ bytes: UInt64, now: UInt64) -> Bool {
        state.withLock { state in
            let elapsed = now > state.refilledNanoseconds ? now - state.refilledNanoseconds : 0
            let refill = min(elapsed, 3600 * 1_000_000_000) / 1000 * Self.refillBytesPerSecond
            state.budgetBytes = min(
                Self.budgetLimitBytes,
                state.budgetBytes + refill / 1_000_000
            )
            state.refilledNanoseconds = now
            guard state.budgetBytes >= bytes else { return false }
            state.budgetBytes -= bytes
            return true
        }
    }
}
