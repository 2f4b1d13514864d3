// What a held task is about to run, as read from its memory and its call.

import LinuxSystem
import RuleLanguage

/// The program of a held exec.
struct HeldProgram {
    /// Which file runs.
    enum MainFile {
        /// The file of the event.
        case event
        /// Another: the event's file is only its interpreter or its loader, because the file itself
        /// lies in memory or on a filesystem that is not marked, or was judged before.
        case other(path: [UInt8], FileIdentity?)
    }

    /// Arguments and environment of the image that will run.
    var argv = ByteStringList()
    var envp = ByteStringList()
    var isArgvTruncated = false
    var isEnvpTruncated = false
    /// The path argument of the call, as given; empty for execveat by descriptor.
    var calledPath: ByteString = []
    var chain = ScriptChain(name: [])
    var main = MainFile.event
    /// The descriptor of the task that names the main file, if that is not the event's file.
    var mainDescriptor: Int32?
    /// The file of the event is the interpreter that will run, named by the chain's last step.
    var isEventInterpreter = false
    /// The file of the event is a loader that was started by itself, with a program to load.
    var isDirectLoader = false

    /// Nothing is about to run.
    init() {}

    /// Makes a program of the strings of a call.
    ///
    /// `format` is that of the event's file: an interpreter line joins the chain. `chain` has the
    /// scripts seen so far in this exec, for a further event of it.
    init(strings: ExecStrings, call: HeldSyscall, format: ProgramFormat, chain: ScriptChain?) {
        calledPath = strings.bytes[strings.path]
        self.chain = chain ?? ScriptChain(name: Self.kernelName(of: call, path: calledPath))
        if case .script(let interpreter, let argument) = format {
            self.chain.append(interpreter: interpreter, argument: argument)
        } else {
            isEventInterpreter = chain?.steps.isEmpty == false
        }
        argv = self.chain.arguments(
            from: ByteStringList(bytes: strings.bytes, bounds: strings.argv)
        )
        envp = ByteStringList(bytes: strings.bytes, bounds: strings.envp)
        isArgvTruncated = strings.isArgvTruncated
        isEnvpTruncated = strings.isEnvpTruncated
    }

    /// The name the kernel gives the program (`bprm->filename`): the path, or one below /dev/fd
    /// for a call relative to a descriptor.
    private static func kernelName(of call: HeldSyscall, path: ByteString) -> [UInt8] {
        guard case .execveat(let directory, _) = call.kind, directory != currentDirectory,
            path.first != UInt8(ascii: "/")
        else { return Array(path) }
        let base = Array("/dev/fd/\(directory)".utf8)
        return path.isEmpty ? base : base + [UInt8(ascii: "/")] + path
    }

    /// AT_FDCWD.
    static let currentDirectory: Int32 = -100

    /// The program that a loader started by itself is told to run: its first argument that is no
    /// option (ld.so(8)).
    var loadedProgram: ByteString? {
        guard isDirectLoader else { return nil }
        var index = 1
        while index < argv.count {
            let argument = argv[index]
            guard argument.starts(with: "--".utf8) else { return argument }
            // `--list` and the like have no value.
            let takesValue = Self.loaderOptionsWithValue.contains { argument.elementsEqual($0) }
            index += takesValue ? 2 : 1
        }
        return nil
    }

    private static let loaderOptionsWithValue: [[UInt8]] = [
        "--library-path", "--preload", "--audit", "--argv0", "--inhibit-rpath",
        "--glibc-hwcaps-prepend", "--glibc-hwcaps-mask",
    ].map { Array($0.utf8) }
}
