// The loaders that were seen lately, by identity: every dynamic program brings the same one, and to
// read its headers again each time costs as much as to look at it. One per thread.

import LinuxSystem

/// Files that are loaders (`ld.so`).
struct KnownLoaders {
    private var known: [FileIdentity] = []
    private var next = 0

    /// Loaders remembered at most: a host has one or two, and each image its own.
    private static let capacity = 16

    /// True if the file of an event is a loader.
    ///
    /// `descriptor` is the open file, to be read if it is not remembered; `now` is in nanoseconds
    /// since 1970.
    mutating func contains(_ file: FileIdentity, opened descriptor: CInt, now: Int64) -> Bool {
        if known.contains(file) { return true }
        guard (try? ProgramFormat.of(descriptor)) == .elfWithoutInterpreter(isLoader: true) else {
            return false
        }
        remember(file, now: now)
        return true
    }

    /// Not one that its owner could change without a trace: a page that is mapped for writing keeps
    /// the file's times for a while.
    private mutating func remember(_ file: FileIdentity, now: Int64) {
        guard file.user == 0, file.mode & 0o022 == 0,
            file.changedNanoseconds < now - FileNames.settleNanoseconds
        else { return }
        if known.count < Self.capacity {
            known.append(file)
        } else {
            known[next] = file
            next = (next + 1) % Self.capacity
        }
    }
}
