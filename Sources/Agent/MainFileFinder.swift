// Is the file of an event the program itself, or only the loader of one that cannot be held?
// Decided by what the call names, never by the order of events, and without walking a path.

import LinuxSystem
import RuleLanguage

/// Finds the main file of a held exec.
struct MainFileFinder {
    let event: CInt
    let process: Int32
    let reader: ProcfsReader

    /// Fills in `program.main` and `program.isDirectLoader`.
    func find(
        for program: inout HeldProgram,
        call: HeldSyscall,
        format: ProgramFormat
    ) throws(SystemError) {
        let isLoader = format == .elfWithoutInterpreter(isLoader: true)
        if let descriptor = Self.descriptor(in: call, path: program.calledPath) {
            let named = try reader.procfs.identity(ofDescriptor: descriptor, pid: process)
            let held = try FileIdentity(descriptor: event)
            if let named, !named.isSameFile(as: held) {
                let path = try reader.procfs.target(ofDescriptor: descriptor, pid: process)
                program.main = .other(path: path ?? [], named)
            } else {
                program.isDirectLoader = isLoader
            }
        } else if isLoader {
            // A symbolic link mostly has the loader's own name: /lib64/ld-linux-x86-64.so.2.
            let held = try reader.procfs.target(ofOwnDescriptor: event) ?? []
            let heldName = ProcessPath.baseName(held[...])
            if heldName.elementsEqual(ProcessPath.baseName(program.calledPath)) {
                program.isDirectLoader = true
            } else {
                program.main = .other(path: try calledPath(program, call), nil)
            }
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

    private func calledPath(
        _ program: HeldProgram,
        _ call: HeldSyscall
    ) throws(SystemError) -> [UInt8] {
        var base: [UInt8] = []
        if program.calledPath.first != UInt8(ascii: "/") {
            if case .execveat(let directory, _) = call.kind,
                directory != HeldProgram.currentDirectory
            {
                base = try reader.procfs.target(ofDescriptor: directory, pid: process) ?? []
            } else {
                base = try reader.procfs.target(of: .workingDirectory, pid: process) ?? []
            }
        }
        return ProcessPath.absolute(program.calledPath, in: base)
    }
}
