// The exec that is being judged: where the language gets its values. Two origins: a task held in
// execve (the values are those of the image that will run, computed where the task still shows the
// old one), or a process that runs already. Values are fetched when asked for, once.
// One per thread, reused; fetching can block, so only under a deadline.

import LinuxSystem
import Policy
import RuleLanguage

/// One exec, as rules see it.
final class Attempt: EventSource {
    /// Where the values come from.
    enum Origin {
        /// The descriptor of the file that is being opened for execution; borrowed.
        case held(file: CInt)
        /// The process runs the program already.
        case running
    }

    private let tree: ProcessTree
    let sources: FactSources
    let reader: ProcfsReader
    let hostName: ByteString
    let store: VariableStore
    /// What rules have set, and set now.
    let variables: VariableSession

    private(set) var origin = Origin.running
    private(set) var thread: Int32 = 0
    /// The process as it is in /proc: for a held task still with the old image.
    private(set) var process: ProcessFacts
    private(set) var now: Int64 = 0
    /// What a held task will run; unused for a running process.
    private(set) var program = HeldProgram()
    private var arguments = ProgramArguments()
    private var cachedFile: FileIdentity?
    private var cachedHostPath: [UInt8]?
    /// The path, if it was asked for already.
    private(set) var knownPath: [UInt8]?
    private var cachedLineage: [ProcessFacts]?
    private var cachedFileFacts: FileFacts?
    private var cachedInterpreter: FileFacts?
    private var cachedCredentials: NewCredentials?
    private var fileNames = FileNames()
    private var cachedName: [UInt8]?

    init(
        tree: ProcessTree,
        sources: FactSources,
        variables: VariableStore,
        hostName: [UInt8]
    ) throws(SystemError) {
        self.tree = tree
        self.sources = sources
        store = variables
        self.variables = VariableSession(store: variables)
        self.hostName = hostName[...]
        reader = try ProcfsReader()
        process = ProcessFacts(pid: 0, node: nil, reader: reader, sources: sources)
    }

    /// Begins with a held task; everything remembered of the last attempt is forgotten.
    func hold(
        file: CInt,
        thread: Int32,
        process pid: Int32,
        program: HeldProgram
    ) {
        begin(.held(file: file), thread: thread, process: pid)
        self.program = program
        arguments.replace(argv: program.argv, envp: program.envp)
    }

    /// Begins with a process that runs.
    func run(process pid: Int32) {
        begin(.running, thread: pid, process: pid)
        program = HeldProgram()
    }

    private func begin(_ origin: Origin, thread: Int32, process pid: Int32) {
        self.origin = origin
        self.thread = thread
        process = ProcessFacts(
            pid: pid,
            node: tree.process(pid),
            reader: reader,
            sources: sources,
            patience: ContainerImages.patience
        )
        now = Int64(KernelClock.realtime.nanoseconds)
        cachedFile = nil
        cachedHostPath = nil
        knownPath = nil
        cachedLineage = nil
        cachedFileFacts = nil
        cachedInterpreter = nil
        cachedCredentials = nil
        cachedName = nil
    }

    /// Lets go of the strings, so that their buffer can be used again.
    func clear() {
        program = HeldProgram()
        arguments.replace(argv: ByteStringList(), envp: ByteStringList())
    }

    var isHeld: Bool {
        if case .held = origin { return true }
        return false
    }

    // MARK: - The new image

    /// Arguments and environment of the image that will run, or that runs.
    var programArguments: ProgramArguments { isHeld ? arguments : process.arguments }

    var programEnvironment: ProgramArguments { isHeld ? arguments : process.environment }

    /// The executed file: for a `#!` script the script.
    var file: FileIdentity? {
        if let cachedFile { return cachedFile }
        switch origin {
        case .held(let descriptor):
            switch program.main {
            case .event: cachedFile = try? FileIdentity(descriptor: descriptor)
            case .other(_, let identity): cachedFile = identity
            }
        case .running: cachedFile = process.program
        }
        return cachedFile
    }

    /// The path of the executed file as the process sees it.
    var path: [UInt8] {
        if let knownPath { return knownPath }
        let path =
            overlayPath ?? ProcessPath.seen(hostPath, fromRoot: process.rootDirectory)
        knownPath = path
        return path
    }

    /// The path in the process's overlay, if the event is about the file of a layer.
    private var overlayPath: [UInt8]? {
        guard isHeld, case .event = program.main, let file,
            reader.mounts.isHidden(file.mount, from: thread)
        else { return nil }
        return OverlayView.path(
            of: file,
            layerPath: hostPath,
            calledPath: calledPath,
            process: thread,
            reader: reader
        )
    }

    /// The name of the executed file; needs no look at the process's root, and mostly none at the
    /// file's path.
    var name: ByteString {
        if let knownPath { return ProcessPath.baseName(knownPath[...]) }
        if let cachedName { return cachedName[...] }
        guard cachedHostPath == nil, case (.held, .event) = (origin, program.main), let file else {
            return ProcessPath.baseName(hostPath[...])
        }
        let name =
            fileNames.name(of: file) ?? Array(ProcessPath.baseName(hostPath[...]))
        fileNames.note(name, of: file, now: now)
        cachedName = name
        return name[...]
    }

    /// The path of the executed file in our view, without the kernel's mark.
    private var hostPath: [UInt8] {
        if let cachedHostPath { return cachedHostPath }
        let path: [UInt8]
        switch (origin, program.main) {
        case (.held(let descriptor), .event):
            path = (try? reader.procfs.target(ofOwnDescriptor: descriptor)) ?? []
        case (.held, .other(let other, _)): path = other
        case (.running, _): path = process.path
        }
        let named = file?.linkCount == 0 ? ProcessPath.withoutDeletedMark(path) : path
        cachedHostPath = named
        return named
    }

    /// The path given to execve, made absolute; empty if there was none.
    var calledPath: [UInt8] {
        let given = program.calledPath
        guard !given.isEmpty else { return [] }
        // Only a relative path needs the working directory, a link of /proc to read.
        let isAbsolute = given.first == UInt8(ascii: "/")
        return ProcessPath.absolute(given, in: isAbsolute ? [] : process.workingDirectory)
    }

    // MARK: - Beyond the identity

    /// What else rules ask about the executed file.
    var fileFacts: FileFacts {
        if let cachedFileFacts { return cachedFileFacts }
        let facts: FileFacts
        switch (origin, program.main) {
        case (.held(let descriptor), .event): facts = makeFileFacts(.descriptor(descriptor))
        case (.held, .other):
            facts = makeFileFacts(program.mainDescriptor.map { .processDescriptor($0) } ?? .path)
        case (.running, _): facts = process.fileFacts
        }
        cachedFileFacts = facts
        return facts
    }

    private func makeFileFacts(_ source: FileFacts.Source) -> FileFacts {
        FileFacts(
            path: path,
            calledPath: calledPath,
            identity: file,
            source: source,
            process: thread,
            reader: reader,
            sources: sources
        )
    }

    /// The interpreter of the script that is about to start; nil if it is no script.
    ///
    /// Before the interpreter's own event, what lies at its path now; at that event, the file itself.
    var interpreter: FileFacts? {
        if let cachedInterpreter { return cachedInterpreter }
        guard let named = program.chain.steps.last?.interpreter else { return nil }
        var identity: FileIdentity?
        var source = FileFacts.Source.path
        if program.isEventInterpreter, case .held(let descriptor) = origin {
            identity = try? FileIdentity(descriptor: descriptor)
            source = .descriptor(descriptor)
        }
        let isAbsolute = named.first == UInt8(ascii: "/")
        let facts = FileFacts(
            path: ProcessPath.absolute(named[...], in: isAbsolute ? [] : process.workingDirectory),
            identity: identity,
            source: source,
            process: thread,
            reader: reader,
            sources: sources
        )
        cachedInterpreter = facts
        return facts
    }

    /// The ids of the task that calls exec, which its siblings need not share.
    var taskStatus: ProcessStatus? {
        if thread == process.pid { return process.status }
        return (try? reader.procfs.status(of: thread)) ?? nil
    }

    /// What a held task may do after its exec; nil for a process that runs, which shows it itself.
    var newCredentials: NewCredentials? {
        if let cachedCredentials { return cachedCredentials }
        guard isHeld, let status = taskStatus else { return nil }
        let root = (try? reader.procfs.rootUser(of: thread)) ?? nil
        let credentials = NewCredentials(of: status, executing: privileges, rootUser: root)
        cachedCredentials = credentials
        return credentials
    }

    /// Of a script those of its interpreter count, once that is open.
    private var privileges: ProgramPrivileges {
        let facts: FileFacts
        if program.chain.steps.isEmpty {
            facts = fileFacts
        } else if program.isEventInterpreter, let interpreter {
            facts = interpreter
        } else {
            return ProgramPrivileges()
        }
        guard let identity = facts.identity else { return ProgramPrivileges() }
        return facts.withDescriptor { ProgramPrivileges(of: identity, descriptor: $0) }
            ?? ProgramPrivileges(of: identity, descriptor: nil)
    }

    // MARK: - Ancestors

    /// The ancestors, parent first, by lineage.
    ///
    /// Forks that have not been reported yet are followed in /proc, up to the first process that
    /// the tree knows.
    var lineage: [ProcessFacts] {
        if let cachedLineage { return cachedLineage }
        var lineage: [ProcessFacts] = []
        var nodes = tree.lineage(of: process.pid)?.ancestors
        var last = process
        while nodes?.first == nil, lineage.count < Self.unreportedForks,
            let parent = last.status?.parent, parent > 0
        {
            last = facts(of: parent, tree.process(parent))
            lineage.append(last)
            nodes = tree.lineage(of: parent)?.ancestors
        }
        lineage += (nodes ?? []).map { facts(of: $0.pid, $0) }
        cachedLineage = lineage
        return lineage
    }

    /// How many forks in a row may be ahead of the reports of them.
    private static let unreportedForks = 64

    private func facts(of pid: Int32, _ node: ProcessNode?) -> ProcessFacts {
        ProcessFacts(pid: pid, node: node, reader: reader, sources: sources)
    }
}
