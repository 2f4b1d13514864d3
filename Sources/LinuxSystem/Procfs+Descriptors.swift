// The descriptors of a process and of this one, as links of /proc.

import Glibc
import SystemPackage

extension Procfs {
    /// The path of an open descriptor of this process, relative to the root of our view.
    package func target(ofOwnDescriptor fd: Int32) throws(SystemError) -> [UInt8]? {
        try target(ofDescriptor: fd, pid: getpid())
    }

    /// The file of an event that nobody has claimed yet.
    ///
    /// Only a claim that succeeds afterwards makes sure that it was this event's: the verdict thread
    /// may have closed it meanwhile.
    package func file(
        of open: VerdictSlot.Open
    ) -> (path: [UInt8], identity: FileIdentity)? {
        guard let identity = try? FileIdentity(descriptor: open.descriptor),
            let path = (try? target(ofOwnDescriptor: open.descriptor)) ?? nil
        else { return nil }
        return (path, identity)
    }

    /// What a descriptor of a process is open on, without walking a path; nil if it is gone.
    package func identity(
        ofDescriptor fd: Int32,
        pid: Int32
    ) throws(SystemError) -> FileIdentity? {
        guard fd >= 0 else { return nil }
        var path = ProcPath(pid, "/fd/", number: fd)
        do throws(SystemError) {
            return try FileIdentity(
                directory: directory,
                path: &path,
                subject: "/proc/\(pid)/fd/\(fd)"
            )
        } catch {
            return try nilIfGone(error)
        }
    }
}
