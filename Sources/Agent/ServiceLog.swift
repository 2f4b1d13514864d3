// What the daemon says about itself on stderr, where the service manager picks it up. Signals have
// their own way; this is for start, stop and what goes wrong with the agent.

import LinuxSystem
import Synchronization

/// Lines on stderr with the priority prefix of sd-daemon(3).
enum ServiceLog {
    /// Something that went wrong, and when.
    struct Mishap: Sendable {
        let text: String
        /// Since 1970.
        let nanoseconds: UInt64
    }

    private static let last = Mutex<Mishap?>(nil)

    /// The last error of this process; nil if there was none.
    static var lastError: Mishap? { last.withLock { $0 } }

    static func error(_ text: String) {
        last.withLock { $0 = Mishap(text: text, nanoseconds: KernelClock.realtime.nanoseconds) }
        write("3", "error", text)
    }

    static func warning(_ text: String) { write("4", "warning", text) }

    static func info(_ text: String) { write("6", "info", text) }

    static func debug(_ text: String) { write("7", "debug", text) }

    static func notice(_ text: String) { write("5", nil, text) }

    /// Text that has its own form, like diagnostics of rule files.
    static func plain(_ text: String) {
        _ = Host.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), to: 2)
    }

    private static func write(_ level: String, _ word: String?, _ text: String) {
        // Under systemd the number says it; a person at a terminal reads the word.
        let prefix = Environment.isUnderServiceManager ? "<\(level)>" : "minewardend: "
        let marked = word.map { "\($0): \(text)" } ?? text
        plain(prefix + marked)
    }
}

/// The daemon's own environment.
enum Environment {
    static let isUnderServiceManager = Host.environment("JOURNAL_STREAM") != nil
}
