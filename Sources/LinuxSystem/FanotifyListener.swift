// Who else listens with fanotify, as /proc/PID/fdinfo shows it (proc_pid_fdinfo(5)). Reads only; of
// processes of others without the right to trace them nothing is seen.

import CLinux
import Glibc

/// A process that has a fanotify group.
package struct FanotifyListener: Sendable, Equatable {
    package let pid: Int32
    /// Its name, as in comm.
    package let name: String
    /// Whether somebody waits for its answers to opens or reads.
    package let holdsOpens: Bool
    /// Whether somebody waits for its answers to execs.
    package let holdsExecs: Bool

    /// What the text of one descriptor says; nil if it is no fanotify group.
    package static func masks(in fdinfo: String) -> UInt64? {
        var isGroup = false
        var masks: UInt64 = 0
        for line in fdinfo.split(separator: "\n") where line.hasPrefix("fanotify ") {
            isGroup = true
            for word in line.split(separator: " ") where word.hasPrefix("mask:") {
                masks |= UInt64(word.dropFirst(5), radix: 16) ?? 0
            }
        }
        return isGroup ? masks : nil
    }

    /// All that can be seen, and whether some processes could not be looked at.
    package static func all() -> (listeners: [FanotifyListener], isComplete: Bool) {
        var listeners: [FanotifyListener] = []
        var isComplete = true
        for name in (try? ConfigurationFile.names(in: "/proc")) ?? [] {
            guard let pid = Int32(name) else { continue }
            let directory = "/proc/\(pid)/fdinfo"
            do throws(SystemError) {
                var found: UInt64?
                for descriptor in try ConfigurationFile.names(in: directory) {
                    let text = (try? ConfigurationFile.read("\(directory)/\(descriptor)")) ?? []
                    guard let masks = masks(in: String(decoding: text, as: UTF8.self)) else {
                        continue
                    }
                    found = (found ?? 0) | masks
                }
                if let found { listeners.append(FanotifyListener(pid: pid, masks: found)) }
            } catch {
                // A process that is gone is nobody's business.
                if error.isPermissionDenied { isComplete = false }
            }
        }
        return (listeners, isComplete)
    }

    private init(pid: Int32, masks: UInt64) {
        self.pid = pid
        let comm = (try? ConfigurationFile.read("/proc/\(pid)/comm")) ?? []
        name = String(decoding: comm.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        holdsOpens = masks & (UInt64(FAN_OPEN_PERM) | UInt64(FAN_ACCESS_PERM)) != 0
        holdsExecs = masks & UInt64(FAN_OPEN_EXEC_PERM) != 0
    }
}
