// The files of the host's packages, from dpkg's database. Reads it; judges nothing.

internal import LinuxSystem
internal import Policy

/// dpkg's database (dpkg(1), "Files").
enum PackageLists {
    static let database = "/var/lib/dpkg"

    /// The programs that packages have installed; nil if there is no database, as on hosts of other
    /// distributions.
    static func read(_ database: String) -> PackagedFiles? {
        let folder = database + "/info"
        guard let names = try? ConfigurationFile.names(in: folder) else { return nil }
        let lists = names.lazy.filter { $0.hasSuffix(".list") }.compactMap {
            try? ConfigurationFile.read("\(folder)/\($0)")
        }
        return PackagedFiles(lists: lists)
    }
}
