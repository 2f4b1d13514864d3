// `protection.yaml` while a command changes it: read with its owner, replaced whole under the same
// owner. Blocks as the file system does.

import LinuxSystem

/// The file of protection settings.
struct ProtectionFile {
    /// Empty if there is no file.
    let bytes: [UInt8]
    private let path: String
    private let identity: FileIdentity?
    private let ownership: DurableFile.Ownership

    /// Reads it, unless somebody without the permission could have written it.
    ///
    /// - Throws: EPERM then; what keeps it from being read.
    init(path: String, groups: AccessGroups = .current) throws(SystemError) {
        self.path = path
        do throws(SystemError) {
            let file = try ConfigurationFile.readOwned(path)
            if let complaint = groups.complaint(about: file.identity, needs: .rulesActions) {
                throw SystemError.untrusted(path, because: complaint)
            }
            bytes = file.bytes
            identity = file.identity
            ownership = DurableFile.Ownership(
                user: file.identity.user,
                group: file.identity.group,
                mode: file.identity.mode & 0o777
            )
        } catch {
            guard error.isMissing else { throw error }
            bytes = []
            identity = nil
            let group = groups.numbers[.rulesActions]
            ownership = DurableFile.Ownership(
                user: 0,
                group: group ?? 0,
                mode: group == nil ? 0o644 : 0o664
            )
        }
    }

    /// Replaces it.
    ///
    /// - Throws: EAGAIN if somebody has changed it since it was read; ELOOP for a symbolic link.
    func replace(with text: [UInt8]) throws(SystemError) {
        // A new file in the place of the link would leave the one that somebody maintains as it was.
        if DurableFile.isLink(path) { throw SystemError.linked(path) }
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let draft = "\(directory)/.protection.yaml.new"
        try DurableFile.remove(draft)
        try DurableFile.create(draft, text, ownership)
        var now: FileIdentity?
        do throws(SystemError) {
            now = try ConfigurationFile.readOwned(path).identity
        } catch {
            if !error.isMissing { throw error }
        }
        guard now == identity else {
            try DurableFile.remove(draft)
            throw SystemError.contended(path)
        }
        try DurableFile.rename(draft, to: path)
        try DurableFile.synchronize(directory: directory)
    }
}
