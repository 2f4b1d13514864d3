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
            return isHeld
                ? ownBoolean(field.attribute) : process.boolean(field.attribute)
        case .parent: return lineage.first?.boolean(field.attribute) ?? false
        case .ancestors: return relative(element)?.boolean(field.attribute) ?? false
        // Seen after the fact: the program runs already.
        case .event: return field.attribute == .async && !isHeld
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

    private func ownBoolean(_ attribute: Attribute) -> Bool {
        switch attribute {
        case .argsTruncated: program.isArgvTruncated
        case .envsTruncated: program.isEnvpTruncated
        case .isExec: true
        case .isThread, .isKworker: false
        default:
            if let general = attribute.ofFileInGeneral {
                interpreter?.boolean(general) ?? false
            } else {
                fileFacts.boolean(attribute)
            }
        }
    }

    private func ownInteger(_ attribute: Attribute) -> Int64 {
        switch attribute {
        case .tid: return Int64(thread)
        case .createdAt where isHeld: return now
        default: break
        }
        if let value = newCredentials(attribute) { return value }
        if let general = attribute.ofFileInGeneral { return interpreter?.integer(general) ?? 0 }
        if attribute.isOfFile { return file?.integer(attribute) ?? fileFacts.integer(attribute) }
        return process.integer(attribute)
    }

    /// The ids and rights after the exec; nil for all else, and for a process that runs.
    private func newCredentials(_ attribute: Attribute) -> Int64? {
        switch attribute {
        case .uid where isHeld: taskStatus.map { Int64($0.user.real) }
        case .gid where isHeld: taskStatus.map { Int64($0.group.real) }
        case .euid, .fsuid: newCredentials.map { Int64($0.effectiveUser) }
        case .egid, .fsgid: newCredentials.map { Int64($0.effectiveGroup) }
        case .capEffective: newCredentials.map { Int64(bitPattern: $0.effective) }
        case .capPermitted: newCredentials.map { Int64(bitPattern: $0.permitted) }
        default: nil
        }
    }

    private func ownString(_ attribute: Attribute) -> ByteString {
        switch attribute {
        case .argv0: programArguments.argv0
        case .args: programArguments.args
        case .filePath: ProcessPath.isAnonymous(path) ? [] : path[...]
        case .fileName: name
        case .comm where isHeld: program.chain.taskName
        case .syscallPath: program.calledPath
        case .interpreterPath: program.chain.steps.last.map { $0.interpreter[...] } ?? []
        case .interpreterName:
            ProcessPath.baseName(program.chain.steps.last.map { $0.interpreter[...] } ?? [])
        case .user where isHeld: sources.names.user(taskStatus?.user.real)
        case .group where isHeld: sources.names.group(taskStatus?.group.real)
        case .euser where isHeld, .fsuser where isHeld:
            sources.names.user(newCredentials?.effectiveUser)
        case .egroup where isHeld, .fsgroup where isHeld:
            sources.names.group(newCredentials?.effectiveGroup)
        default:
            if let general = attribute.ofFileInGeneral {
                interpreter?.string(general) ?? []
            } else if attribute.isOfFile {
                fileFacts.string(attribute)
            } else {
                process.string(attribute)
            }
        }
    }

    private func ownStrings(_ attribute: Attribute) -> ByteStringList {
        switch attribute {
        case .argv: programArguments.argv
        case .argsFlags: programArguments.flags
        case .argsOptions: programArguments.options
        case .envp: programEnvironment.environment
        case .envs: programEnvironment.names
        case .fileHashes: fileFacts.hashes
        case .interpreterHashes: interpreter?.hashes ?? ByteStringList()
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
            if !called.isEmpty, called != name { found.append(called) }
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

    /// DD_SERVICE of the program's environment, or of the nearest ancestor that has one.
    private var service: ByteString {
        let prefix = "DD_SERVICE=".utf8
        func named(in environment: ByteStringList) -> ByteString? {
            environment.first { $0.starts(with: prefix) }?.dropFirst(prefix.count)
        }
        if let own = named(in: programEnvironment.environment) { return own }
        for ancestor in lineage.prefix(Self.serviceDepth) {
            if let found = named(in: ancestor.environment.environment) { return found }
        }
        return []
    }

    /// So many ancestors are asked for their service.
    private static let serviceDepth = 16
}
