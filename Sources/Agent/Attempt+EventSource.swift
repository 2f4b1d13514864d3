// The language's view of an attempt: which value answers which field.

import LinuxSystem
import Policy
import RuleLanguage

extension Attempt {
    func count(of subject: Subject) -> Int {
        subject == .ancestors ? lineage.count : 1
    }

    func boolean(_ field: Field, element: Int) -> Bool {
        switch field.subject {
        case .process, .container, .cgroup:
            guard isHeld else { return process.boolean(field.attribute) }
            switch field.attribute {
            case .argsTruncated: return program.isArgvTruncated
            case .envsTruncated: return program.isEnvpTruncated
            case .isExec: return true
            default: return false
            }
        case .parent: return lineage.first?.boolean(field.attribute) ?? false
        case .ancestors: return relative(element)?.boolean(field.attribute) ?? false
        case .event: return false
        }
    }

    func integer(_ field: Field, element: Int) -> Int64 {
        switch field.subject {
        case .process, .container, .cgroup: ownInteger(field.attribute)
        case .parent: lineage.first?.integer(field.attribute) ?? 0
        case .ancestors: relative(element)?.integer(field.attribute) ?? 0
        case .event: field.attribute == .timestamp ? now : 0
        }
    }

    func string(_ field: Field, element: Int) -> ByteString {
        switch field.subject {
        case .process, .container, .cgroup: ownString(field.attribute)
        case .parent: lineage.first?.string(field.attribute) ?? []
        case .ancestors: relative(element)?.string(field.attribute) ?? []
        case .event: eventString(field.attribute)
        }
    }

    func strings(_ field: Field, element: Int) -> ByteStringList {
        switch field.subject {
        case .process, .container, .cgroup: ownStrings(field.attribute)
        case .parent: lineage.first?.strings(field.attribute) ?? ByteStringList()
        case .ancestors: relative(element)?.strings(field.attribute) ?? ByteStringList()
        case .event: ByteStringList()
        }
    }

    func variable(_ name: String) -> VariableValue? {
        variables.value(of: name, for: self)
    }

    private func relative(_ element: Int) -> ProcessFacts? {
        lineage.indices.contains(element) ? lineage[element] : nil
    }

    // MARK: - The program itself

    private func ownInteger(_ attribute: Attribute) -> Int64 {
        switch attribute {
        case .tid: Int64(thread)
        case .createdAt where isHeld: now
        // A set-id file changes the effective and the file system ids (execve(2)).
        case .euid where isHeld, .fsuid where isHeld:
            fileWithMode(0o4000).map { Int64($0.user) } ?? process.integer(attribute)
        case .egid where isHeld, .fsgid where isHeld:
            fileWithMode(0o2010).map { Int64($0.group) } ?? process.integer(attribute)
        default: file?.integer(attribute) ?? process.integer(attribute)
        }
    }

    /// The file if its mode has all these bits; of scripts they do not count.
    private func fileWithMode(_ bits: UInt32) -> FileIdentity? {
        guard program.chain.steps.isEmpty, let file, file.mode & bits == bits else { return nil }
        return file
    }

    private func ownString(_ attribute: Attribute) -> ByteString {
        switch attribute {
        case .argv0: programArguments.argv0
        case .args: programArguments.args
        // Upstream: a file in memory has a name, `memfd:NAME`, and no path.
        case .filePath: ProcessPath.isAnonymous(path) ? [] : path[...]
        case .fileName: name
        case .comm where isHeld: program.chain.taskName
        case .syscallPath: program.calledPath
        case .interpreterPath: program.chain.steps.last.map { $0.interpreter[...] } ?? []
        case .interpreterName:
            ProcessPath.baseName(program.chain.steps.last.map { $0.interpreter[...] } ?? [])
        default: process.string(attribute)
        }
    }

    private func ownStrings(_ attribute: Attribute) -> ByteStringList {
        switch attribute {
        case .argv: programArguments.argv
        case .argsFlags: programArguments.flags
        case .argsOptions: programArguments.options
        case .envp: programEnvironment.environment
        case .envs: programEnvironment.names
        case _ where attribute.isOfEnvironment:
            programEnvironment.evidence(attribute) ?? process.strings(attribute)
        default: programArguments.evidence(attribute) ?? process.strings(attribute)
        }
    }

    /// The path given to execve may be a symbolic link to the file; a loader started by itself
    /// stands for the program it loads; a file without a name is asked for with the kernel's mark
    /// as well as without it.
    func alternatives(of field: Field, element: Int) -> ByteStringList {
        guard field.subject == .process else { return ByteStringList() }
        var found = ByteStringList()
        switch field.attribute {
        case .filePath:
            let called = calledPath
            if !called.isEmpty { found.append(called) }
            if let loaded = program.loadedProgram {
                found.append(ProcessPath.absolute(loaded, in: process.workingDirectory))
            }
            if isDeleted { found.append(path + ProcessPath.deletedMark) }
        case .fileName:
            let called = ProcessPath.baseName(program.calledPath)
            if !called.isEmpty { found.append(called) }
            if let loaded = program.loadedProgram { found.append(ProcessPath.baseName(loaded)) }
            if isDeleted {
                found.append(name + ProcessPath.deletedMark)
            }
        default: break
        }
        return found
    }

    private var isDeleted: Bool { file?.linkCount == 0 }

    private func eventString(_ attribute: Attribute) -> ByteString {
        switch attribute {
        case .os: ByteString("linux".utf8)
        // Rules ask for "ebpf" to mean that nothing of an exec is missing; nothing is, here.
        case .origin: ByteString("ebpf".utf8)
        case .hostname: hostName
        case .service: service
        default: []
        }
    }

    /// DD_SERVICE of the program's environment.
    private var service: ByteString {
        let prefix = "DD_SERVICE=".utf8
        return programEnvironment.environment.first { $0.starts(with: prefix) }?.dropFirst(
            prefix.count
        )
            ?? []
    }
}
