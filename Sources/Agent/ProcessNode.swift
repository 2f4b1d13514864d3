// One process as the tree remembers it: values only.

package import LinuxSystem

/// The program a process runs; shared by all that forked without another exec.
package final class ProcessImage: Sendable {
    /// Bytes of arguments that are kept of a process for its descendants.
    package static let rememberedArguments = 1024

    /// The path of the program in the process's own view; any bytes.
    package let path: [UInt8]
    /// The arguments, each ended by a NUL.
    package let arguments: [UInt8]
    /// The device its file lies on; nil if not known.
    package let device: FileIdentity.Device?
    package let inode: UInt64?

    package init(
        path: [UInt8],
        arguments: [UInt8],
        device: FileIdentity.Device? = nil,
        inode: UInt64? = nil
    ) {
        self.path = path
        self.arguments = arguments
        self.device = device
        self.inode = inode
    }

    /// Whether both can be of one exec: the same file with the same arguments, as far as these are
    /// remembered.
    ///
    /// Where the file is not known, the paths decide. They can differ for one file: a path is that of
    /// our view or of the process's, and a file can lose its name.
    package func isSameProgram(as other: ProcessImage) -> Bool {
        let limit = Self.rememberedArguments
        guard arguments.prefix(limit) == other.arguments.prefix(limit) else { return false }
        guard let inode, let device, let theirs = other.inode, let place = other.device else {
            return path == other.path
        }
        return inode == theirs && device == place
    }
}

/// One process, alive or remembered because a descendant of it is.
package struct ProcessNode: Sendable {
    package let pid: Int32
    /// Monotonic time of the start; up to a tick (10 ms) early if read from /proc.
    package let startNanoseconds: UInt64
    /// The name of its first thread.
    package internal(set) var name: TaskName
    package internal(set) var realUser: UInt32
    package internal(set) var effectiveUser: UInt32
    /// The program it runs; nil while nobody has told since it was started.
    package internal(set) var image: ProcessImage?
    /// Monotonic time of its own last exec; nil if it runs its parent's program.
    package internal(set) var execNanoseconds: UInt64?
    /// Whether it has ended.
    package internal(set) var hasExited = false

    package init(
        pid: Int32,
        startNanoseconds: UInt64,
        name: TaskName,
        realUser: UInt32 = 0,
        effectiveUser: UInt32 = 0,
        image: ProcessImage? = nil,
        execNanoseconds: UInt64? = nil
    ) {
        self.pid = pid
        self.startNanoseconds = startNanoseconds
        self.name = name
        self.realUser = realUser
        self.effectiveUser = effectiveUser
        self.image = image
        self.execNanoseconds = execNanoseconds
    }
}

/// A process as /proc showed it.
package struct ProcessSnapshot: Sendable {
    package let node: ProcessNode
    /// The parent at that time: after the true parent's end it is another.
    package let parent: Int32
    /// All its threads; the process itself if not known better.
    package let threads: [Int32]

    package init(node: ProcessNode, parent: Int32, threads: [Int32]? = nil) {
        self.node = node
        self.parent = parent
        self.threads = threads ?? [node.pid]
    }
}

/// The processes that led to one, as far as they are remembered.
package struct Lineage: Sendable {
    /// The parent first.
    package let ancestors: [ProcessNode]
    /// Whether it reaches process 1, or the first of the kernel's threads.
    ///
    /// One may still be missing in between if the tree had to evict.
    package let isComplete: Bool
}
