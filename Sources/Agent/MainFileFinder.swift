// Is the file of an event the program itself, or only the loader of one that cannot be held?
// Decided by what the call names, never by the order of events, and without walking a path.

import LinuxSystem
import RuleLanguage

/// Finds the main file of a held exec.
struct MainFileFinder {
    let event: CInt
    /// The held thread: its descriptors and its directory need not be those of its process.
    let thread: Int32
    let reader: ProcfsReader

    /// Fills in `program.main` and `program.isDirectLoader`.
    ///
    /// What cannot be seen (a path longer than the kernel prints) is left out: it must not keep the
    /// exec from being judged by the rest.
    func find(
        for program: inout HeldProgram,
        call: HeldSyscall,
        format: ProgramFormat
    ) {
        let isLoader = format == .elfWithoutInterpreter(isLoader: true)
        if let descriptor = Self.descriptor(in: call, path: program.calledPath) {
            let named = (try? reader.procfs.identity(ofDescriptor: descriptor, pid: thread)) ?? nil
            let held = try? FileIdentity(descriptor: event)
            if let named, let held, !named.isSameFile(as: held) {
                let path = try? reader.procfs.target(ofDescriptor: descriptor, pid: thread)
                program.main = .other(path: path ?? [], named)
                program.mainDescriptor = descriptor
            } else {
                program.isDirectLoader = isLoader
            }
        } else if isLoader {
            if isCalledDirectly(program) {
                program.isDirectLoader = true
            } else {
                program.main = .other(path: calledPath(program, call), nil)
            }
        }
    }

    /// True if the call itself names the loader whose event this is, under whatever name.
    private func isCalledDirectly(_ program: HeldProgram) -> Bool {
        switch reader.procfs.execStage(of: thread) {
        case .program: return true
        case .interpreter: return false
        case .unknown:
            // A symbolic link mostly has the loader's own name: /lib64/ld-linux-x86-64.so.2.
            let held = (try? reader.procfs.target(ofOwnDescriptor: event)) ?? []
            return ProcessPath.baseName(held[...])
                .elementsEqual(ProcessPath.baseName(program.calledPath))
        }
    }

    /// The descriptor that a call names its file by, directly or through /proc.
    static func descriptor(in call: HeldSyscall, path: ByteString) -> Int32? {
        if case .execveat(let directory, let flags) = call.kind, path.isEmpty,
            flags & emptyPath != 0
        {
            return directory
        }
        // /dev/fd is a link to /proc/self/fd.
        for prefix in ["/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"]
        where path.starts(with: prefix.utf8) {
            return Int32(String(decoding: path.dropFirst(prefix.utf8.count), as: UTF8.self))
        }
        return nil
    }

    /// AT_EMPTY_PATH.
    private static let emptyPath: Int32 = 0x1000

    private func calledPath(_ program: HeldProgram, _ call: HeldSyscall) -> [UInt8] {
        var base: [UInt8]?
        if program.calledPath.first != UInt8(ascii: "/") {
            if case .execveat(let directory, _) = call.kind,
                directory != HeldProgram.currentDirectory
            {
                base = try? reader.procfs.target(ofDescriptor: directory, pid: thread)
            } else {
                base = try? reader.procfs.target(of: .workingDirectory, pid: thread)
            }
        }
        return ProcessPath.absolute(program.calledPath, in: base ?? [])
    }
}
