// Who may write what decides what is blocked. Pure.

extension HostFindings {
    /// Who may write a path of the configuration besides root.
    private static func writers(of path: String) -> String? {
        let parts = path.split(separator: "/")
        if parts.last == "protection.yaml" { return "minewarden-actions" }
        if parts.contains("rules.d") { return "minewarden-rules" }
        return nil
    }

    /// One check for all files that are right, and one for each that is not.
    var ownership: [HostCheck] {
        var checks = files.compactMap(ownershipProblem)
        if !hiddenFiles.isEmpty {
            checks.append(
                HostCheck(
                    "ownership",
                    .warn,
                    "not seen: \(hiddenFiles.list)",
                    remedy: "run it again with sudo"
                )
            )
        }
        if files.isEmpty, hiddenFiles.isEmpty {
            return [
                HostCheck(
                    "ownership",
                    .warn,
                    "there is neither a configuration nor shipped rules",
                    remedy: "install the package, or say --config-dir"
                )
            ]
        }
        guard checks.isEmpty else { return checks }
        return [HostCheck("ownership", .ok, "only those may write who should")]
    }

    private func ownershipProblem(_ file: File) -> HostCheck? {
        let writers = Self.writers(of: file.path)
        // Whoever may write a file may own it; somebody who has left the group may not.
        let isOwned = file.user == 0 || writers.flatMap { members[$0] }?.contains(file.user) == true
        var problem: String?
        var remedy = ""
        if file.permissions & 0o002 != 0 {
            problem = "everybody may write \(file.path)"
            remedy = "chmod o-w \(file.path)"
        } else if !isOwned {
            problem = "\(file.path) belongs to user \(file.user)"
            remedy = "chown root \(file.path)"
        } else if file.permissions & 0o020 != 0, file.group != 0,
            writers == nil || file.group != writers.flatMap({ groups[$0] })
        {
            problem = "group \(name(ofGroup: file.group)) may write \(file.path)"
            remedy = writers.map { "chgrp \($0) \(file.path)" } ?? "chmod g-w \(file.path)"
        }
        return problem.map { HostCheck("ownership", .fail, $0, remedy: remedy) }
    }

    private func name(ofGroup number: UInt32) -> String {
        groups.first { $0.value == number }?.key ?? "\(number)"
    }
}
