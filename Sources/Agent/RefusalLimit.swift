// How often refusals are told: anybody who may log in can be refused as fast as the machine goes.

import Synchronization

/// Counts refusals per user; any thread.
final class RefusalLimit: Sendable {
    private struct Bucket {
        var tokens: UInt64
        var filled: UInt64
    }

    /// So many at once, and one more every so often.
    static let burst: UInt64 = 20
    static let interval: UInt64 = 3_000_000_000
    /// More users than this share the fate of the last.
    private static let userLimit = 1024

    private let buckets = Mutex<[UInt32: Bucket]>([:])

    /// Whether a refusal of a user is told now; `now` is in monotonic nanoseconds.
    func mayTell(of user: UInt32, now: UInt64) -> Bool {
        buckets.withLock { buckets in
            if buckets[user] == nil, buckets.count >= Self.userLimit { return false }
            var bucket = buckets[user] ?? Bucket(tokens: Self.burst, filled: now)
            let earned = (max(now, bucket.filled) - bucket.filled) / Self.interval
            bucket.tokens = min(Self.burst, bucket.tokens + earned)
            bucket.filled += earned * Self.interval
            defer { buckets[user] = bucket }
            guard bucket.tokens > 0 else { return false }
            bucket.tokens -= 1
            return true
        }
    }
}
