// Ownership of file descriptors: one owner, closed exactly once.

import Glibc

/// An open file descriptor; closed when the value ends.
package struct OwnedFD: ~Copyable, Sendable {
    /// The number; valid as long as this value lives.
    package let raw: CInt

    /// Takes ownership of an open descriptor.
    package init(_ raw: CInt) { self.raw = raw }

    /// Gives the number away; the caller closes it.
    package consuming func take() -> CInt {
        let number = raw
        discard self
        return number
    }

    // close(2): on Linux the descriptor is gone whatever close returns, EINTR included.
    deinit { _ = Glibc.close(raw) }
}
