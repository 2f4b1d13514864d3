// /proc/PID/status: parsing only, pure. Reading it is Procfs'.

/// The four ids a task has of a kind.
package struct TaskCredential: Sendable, Equatable {
    package let real: UInt32
    package let effective: UInt32
    package let saved: UInt32
    /// Decides about access to files.
    package let filesystem: UInt32

    package init(real: UInt32, effective: UInt32, saved: UInt32, filesystem: UInt32) {
        self.real = real
        self.effective = effective
        self.saved = saved
        self.filesystem = filesystem
    }
}

/// The lines of `/proc/PID/status` that are used.
///
/// Source: proc_pid_status(5).
package struct ProcessStatus: Sendable, Equatable {
    /// The thread that was read.
    package let thread: Int32
    /// The process it belongs to.
    package let process: Int32
    /// The parent process now.
    package let parent: Int32
    package let user: TaskCredential
    package let group: TaskCredential
    /// The permitted capabilities, bit N is capability N.
    package let permittedCapabilities: UInt64
    /// The effective capabilities.
    package let effectiveCapabilities: UInt64
    /// Those that an exec keeps if the file has them as well.
    package let inheritableCapabilities: UInt64
    /// The most that an exec can give.
    package let boundingCapabilities: UInt64
    /// Those that an exec of an ordinary program keeps.
    package let ambientCapabilities: UInt64
    /// Whether an exec can never give more rights (PR_SET_NO_NEW_PRIVS).
    package let hasNoNewPrivileges: Bool
    /// The number of threads.
    package let threads: Int32
    /// The thread's number in each pid namespace, ours first, its own last; empty if the kernel
    /// does not tell.
    package let namespaceThreads: [Int32]

    /// Reads the text of the file; nil if a needed line is missing, cut short or no number.
    package init?(_ text: Span<UInt8>) {
        var found = Lines()
        var offset = 0
        while let line = text.line(at: &offset) { found.read(text, line) }
        guard let thread = found.thread, let process = found.process, let parent = found.parent,
            let user = found.user, let group = found.group, let threads = found.threads,
            let permitted = found.permitted, let effective = found.effective
        else { return nil }
        self.thread = thread
        self.process = process
        self.parent = parent
        self.user = user
        self.group = group
        self.threads = threads
        permittedCapabilities = permitted
        effectiveCapabilities = effective
        inheritableCapabilities = found.inheritable
        boundingCapabilities = found.bounding
        ambientCapabilities = found.ambient
        hasNoNewPrivileges = found.noNewPrivileges == 1
        namespaceThreads = found.namespaceThreads
    }
}

/// What has been found so far.
///
/// The first line of a kind counts: the name, the only text a task can
/// choose, has its newlines escaped by the kernel and comes first.
private struct Lines {
    var thread: Int32?
    var process: Int32?
    var parent: Int32?
    var user: TaskCredential?
    var group: TaskCredential?
    var threads: Int32?
    var permitted: UInt64?
    var effective: UInt64?
    // Absent lines mean none.
    var inheritable: UInt64 = 0
    var bounding: UInt64 = 0
    var ambient: UInt64 = 0
    var noNewPrivileges: Int32 = 0
    var namespaceThreads: [Int32] = []

    mutating func read(_ text: Span<UInt8>, _ line: Range<Int>) {
        func value(_ key: StaticString) -> Int? {
            text.starts(with: key, at: line.lowerBound)
                ? line.lowerBound + key.utf8CodeUnitCount : nil
        }
        if let at = value("Pid:") {
            thread = Self.number(text, at)
        } else if let at = value("Tgid:") {
            process = Self.number(text, at)
        } else if let at = value("PPid:") {
            parent = Self.number(text, at)
        } else if let at = value("Uid:") {
            user = Self.credential(text, at)
        } else if let at = value("Gid:") {
            group = Self.credential(text, at)
        } else if let at = value("Threads:") {
            threads = Self.number(text, at)
        } else if let at = value("CapPrm:") {
            permitted = Self.mask(text, at)
        } else if let at = value("CapEff:") {
            effective = Self.mask(text, at)
        } else if let at = value("CapInh:") {
            inheritable = Self.mask(text, at) ?? 0
        } else if let at = value("CapBnd:") {
            bounding = Self.mask(text, at) ?? 0
        } else if let at = value("CapAmb:") {
            ambient = Self.mask(text, at) ?? 0
        } else if let at = value("NoNewPrivs:") {
            noNewPrivileges = Self.number(text, at) ?? 0
        } else if let at = value("NSpid:") {
            namespaceThreads = Self.list(text, at)
        }
    }

    private static func number(_ text: Span<UInt8>, _ start: Int) -> Int32? {
        var offset = start
        text.skipBlanks(at: &offset)
        return text.decimal(at: &offset)
    }

    private static func mask(_ text: Span<UInt8>, _ start: Int) -> UInt64? {
        var offset = start
        text.skipBlanks(at: &offset)
        return text.hexadecimal(at: &offset)
    }

    private static func list(_ text: Span<UInt8>, _ start: Int) -> [Int32] {
        var offset = start
        var numbers: [Int32] = []
        text.skipBlanks(at: &offset)
        while let number = text.decimal(at: &offset, as: Int32.self) {
            numbers.append(number)
            text.skipBlanks(at: &offset)
        }
        return numbers
    }

    private static func credential(_ text: Span<UInt8>, _ start: Int) -> TaskCredential? {
        var offset = start
        func next() -> UInt32? {
            text.skipBlanks(at: &offset)
            return text.decimal(at: &offset)
        }
        guard let real = next(), let effective = next(), let saved = next(), let filesystem = next()
        else { return nil }
        return TaskCredential(
            real: real,
            effective: effective,
            saved: saved,
            filesystem: filesystem
        )
    }
}
