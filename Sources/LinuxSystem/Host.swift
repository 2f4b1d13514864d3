// Small facts of this process and this host.

import CLinux
import Glibc

/// This process and the host it runs on.
package enum Host {
    /// The number of this process.
    package static var processID: Int32 { getpid() }

    /// Whether this process is root's.
    package static var isRoot: Bool { geteuid() == 0 }

    /// The number of the process that started this one.
    package static var parentProcessID: Int32 { getppid() }

    /// The user and the group this process acts as.
    package static var identity: (user: UInt32, group: UInt32) { (geteuid(), getegid()) }

    /// The node name, as uname(2) has it.
    package static var name: [UInt8] {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return [] }
        return unsafe withUnsafeBytes(of: &name.nodename) { bytes in
            unsafe Array(bytes.prefix { $0 != 0 })
        }
    }

    /// The machine, like `x86_64`.
    package static var architecture: String {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: &name.machine) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The release of the kernel, like `6.1.0-28-amd64`.
    package static var kernelRelease: String {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: &name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Processors this process may use.
    package static var processorCount: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

    /// Waits; for threads that have nothing else to do.
    package static func sleep(milliseconds: UInt32) {
        sleep(microseconds: milliseconds * 1000)
    }

    /// Waits; at least so long.
    package static func sleep(microseconds: UInt32) {
        _ = usleep(microseconds)
    }

    /// Writes to a descriptor, whole, however long the reader takes; false if it is closed.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(
                    descriptor,
                    $0.baseAddress?.advanced(by: offset),
                    bytes.count - offset
                )
            }
            if count < 0 {
                if Glibc.errno == EINTR { continue }
                return false
            }
            offset += count
        }
        return true
    }
}

extension Host {
    /// A variable of this process's environment; nil if unset.
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Gives back memory that loading rules took: the heap's, and the pages of programs and libraries that only
    /// starting and loading need.
    package static func releaseMemory() { clinux_release_memory() }

    /// Keeps core dump helpers and other users' debuggers away from this process.
    package static func forbidDumps() {
        _ = clinux_set_dumpable(0)
    }

    /// Raises the number of descriptors to the hard limit: without descriptors the kernel denies
    /// execs by itself.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Ends the process at once, without running anything else.
    package static func exit(_ status: Int32) -> Never { _exit(status) }

    /// Ends this process as a power loss would: at once, with nothing tidied up.
    package static func killSelf() { _ = kill(getpid(), SIGKILL) }
}
