// Reads files of rules and settings, and refuses those that somebody without the permission could have
// written. Blocks as the file system does.

import Diagnostics
import LinuxSystem
import Policy

/// What lies in the directories of rules and settings.
struct FilesOnDisk: Sendable {
    /// Without what cannot be read or must not be trusted.
    var content: GenerationContent
    /// `minewarden.yaml`.
    var settings: PolicySource?
    /// What cannot be read, and files of those who have no right to them.
    var findings: [Diagnostic]
    /// Files of rules or protection that somebody without the permission owns or may write.
    var intrusions: [Intrusion]

    /// One of those files.
    struct Intrusion: Sendable, Equatable {
        var path: String
        var owner: UInt32
        var permission: Permission
    }
}

/// One reading of the directories.
struct RuleReading {
    let groups: AccessGroups
    var findings: [Diagnostic] = []
    var intrusions: [FilesOnDisk.Intrusion] = []
    /// Files and directories that exist and are not used.
    private(set) var unused: Set<String> = []

    init(groups: AccessGroups) { self.groups = groups }

    /// A directory whose files are to be read must not be anybody's.
    mutating func checkDirectory(_ path: String, needs permission: Permission?) {
        guard let identity = try? FileIdentity(ofPath: path) else { return }
        _ = refuses(path, identity, needs: permission)
    }

    /// The rule files in a directory; shipped ones are whoever installed them's.
    mutating func rules(in directory: String, origin: PolicyOrigin) -> [GenerationContent.File] {
        let names: [String]
        do throws(SystemError) {
            names = try ConfigurationFile.names(in: directory)
        } catch {
            // No custom rules is an ordinary state; no shipped rules is not.
            if !error.isMissing || origin == .shipped { note(error, at: directory) }
            return []
        }
        let isOfOthers = unused.contains(directory) || unused.contains(Self.parent(directory))
        if origin == .custom, isOfOthers { return [] }
        for name in names where Self.isMistaken(name) { noteMistaken("\(directory)/\(name)") }
        var files: [GenerationContent.File] = []
        var (room, left) = (Self.limitBytes, [String]())
        for name in names where Self.isRuleFile(name) {
            let path = "\(directory)/\(name)"
            let isOver = origin == .custom && (room <= 0 || files.count >= Self.limitCount)
            if isOver {
                left.append(path)
                continue
            }
            let bytes =
                origin == .shipped
                ? content(path) : content(path, needs: .rulesWrite)
            guard let bytes else { continue }
            room -= bytes.count
            guard origin == .shipped || room >= 0 else {
                left.append(path)
                continue
            }
            files.append(GenerationContent.File(origin: origin, name: name, bytes: bytes))
        }
        leaveOut(left, of: directory)
        return files
    }

    /// Own rule files together: loading them must fit into the memory that the service may have, or
    /// the right to write rules would be the right to end it.
    static let limitBytes = 8 << 20
    static let limitCount = 1000

    private mutating func leaveOut(_ paths: [String], of directory: String) {
        guard let first = paths.first else { return }
        unused.formUnion(paths)
        let others = paths.count > 1 ? " and \(paths.count - 1) more files are" : " is"
        findings.append(
            Diagnostic(
                .error,
                code: .unreadableFile,
                message: "\(first)\(others) not read: \(directory) may hold"
                    + " \(Self.limitBytes >> 20) MiB in \(Self.limitCount) rule files"
            )
        )
    }

    /// A file that need not be there.
    mutating func optional(_ path: String, needs permission: Permission?) -> [UInt8]? {
        guard !unused.contains(Self.parent(path)) else { return nil }
        do throws(SystemError) {
            let file = try ConfigurationFile.readOwned(path)
            return refuses(path, file.identity, needs: permission) ? nil : file.bytes
        } catch {
            if !error.isMissing { note(error, at: path) }
            return nil
        }
    }

    private mutating func content(_ path: String) -> [UInt8]? {
        do throws(SystemError) {
            return try ConfigurationFile.read(path)
        } catch {
            note(error, at: path)
            return nil
        }
    }

    private mutating func content(_ path: String, needs permission: Permission) -> [UInt8]? {
        do throws(SystemError) {
            let file = try ConfigurationFile.readOwned(path)
            return refuses(path, file.identity, needs: permission) ? nil : file.bytes
        } catch {
            note(error, at: path)
            return nil
        }
    }

    private mutating func refuses(
        _ path: String,
        _ identity: FileIdentity,
        needs permission: Permission?
    ) -> Bool {
        guard let complaint = groups.complaint(about: identity, needs: permission) else {
            return false
        }
        unused.insert(path)
        let group = permission.map { ":\($0.group)" } ?? ""
        findings.append(
            Diagnostic(
                .error,
                code: .untrustedFile,
                message: "\(path) is not used: \(complaint)",
                suggestion: "chown root\(group) \(path); chmod o-w \(path)"
            )
        )
        if let permission {
            intrusions.append(
                FilesOnDisk.Intrusion(path: path, owner: identity.user, permission: permission)
            )
        }
        return true
    }

    private mutating func note(_ error: SystemError, at path: String) {
        unused.insert(path)
        findings.append(
            Diagnostic(.error, code: .unreadableFile, message: "cannot read: \(error)")
        )
    }

    /// Almost the name of a rule file: somebody will wonder.
    private static func isMistaken(_ name: String) -> Bool {
        !name.hasPrefix(".") && name.hasSuffix(".yml")
    }

    private mutating func noteMistaken(_ path: String) {
        findings.append(
            Diagnostic(
                .warning,
                code: .unreadableFile,
                message: "\(path) is not read: names of rule files end in .yaml or .policy"
            )
        )
    }

    private static func parent(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
    }

    /// Editors' backups and package managers' leftovers are no rules.
    private static func isRuleFile(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".policy"))
    }
}
