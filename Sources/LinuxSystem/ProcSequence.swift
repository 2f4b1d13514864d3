// Finds gaps in the numbers that each processor gives its connector messages. Pure; used by the
// thread that receives.

/// Counts messages that the kernel dropped.
///
/// Every processor numbers its own messages, so a gap means loss even when nobody saw ENOBUFS
/// (the kernel allocates without waiting and drops under memory pressure). True only while no
/// event filter is installed on the socket.
package struct ProcSequence: Sendable {
    /// The next number of each processor, by its index; nil before its first message.
    private var expected: [UInt32?] = []
    /// More processors than any kernel supports; guards against a corrupt number.
    private static let processorLimit: UInt32 = 1 << 16

    package init() {}

    /// Notes one message; allocates only for the first message of a processor.
    ///
    /// - Returns: How many messages of its processor are missing before it.
    package mutating func missing(before event: ProcEvent) -> UInt32 {
        // Acknowledgements are numbered like events, except where old kernels say processor -1.
        guard event.cpu < Self.processorLimit else { return 0 }
        let cpu = Int(event.cpu)
        while expected.count <= cpu { expected.append(nil) }
        defer { expected[cpu] = event.sequence &+ 1 }
        guard let next = expected[cpu] else { return 0 }
        let gap = event.sequence &- next
        // A number from the past is a duplicate or a restarted counter, not four billion losses.
        return gap < 1 << 31 ? gap : 0
    }

    /// Forgets all numbers: after an overrun the gap has been told already.
    package mutating func reset() { expected.removeAll(keepingCapacity: true) }
}
