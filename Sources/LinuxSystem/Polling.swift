// poll(2) for one or two descriptors, and how a Duration becomes its timeout.

internal import CNetlink  // libnl's headers are where the importer finds struct pollfd
import Glibc
import SystemPackage

/// Waits for events of a descriptor; the events that came, 0 after the timeout.
///
/// Without a timeout it waits for ever.
func poll(
    _ descriptor: CInt,
    for events: CInt,
    timeout: Duration?,
    subject: @autoclosure () -> String
) throws(SystemError) -> CInt {
    var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    try retrying("poll", on: subject()) {
        unsafe Glibc.poll(&watched, 1, timeout?.pollMilliseconds ?? -1)
    }
    return CInt(watched.revents)
}

/// Waits until one of two descriptors is readable or broken; which ones are.
///
/// Without a timeout it waits for ever.
func pollReadable(
    _ first: CInt,
    _ second: CInt,
    timeout: Duration?,
    subject: @autoclosure () -> String
) throws(SystemError) -> (first: Bool, second: Bool) {
    var watched: InlineArray<2, pollfd> = [
        pollfd(fd: first, events: Int16(POLLIN), revents: 0),
        pollfd(fd: second, events: Int16(POLLIN), revents: 0),
    ]
    try retrying("poll", on: subject()) {
        var span = watched.mutableSpan
        return unsafe span.withUnsafeMutableBufferPointer {
            unsafe Glibc.poll($0.baseAddress, 2, timeout?.pollMilliseconds ?? -1)
        }
    }
    return (watched[0].revents != 0, watched[1].revents != 0)
}

extension Duration {
    /// Whole milliseconds, rounded up and at least 0, so that waiting never ends too early.
    var pollMilliseconds: CInt {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        guard seconds < 1 << 20 else { return CInt.max }
        return CInt(seconds) * 1000
            + CInt((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
