// Reads what runtimes left on disk about a container. Blocks as the filesystem does: only on the
// threads of ContainerImages. Small limits: a user's runtime lets its user write these files.

import Containers
import JSON
import LinuxSystem
import Synchronization

/// Finds the description of a container in the directories of the runtimes.
final class DescriptionReader: Sendable {
    private let storage: Mutex<[RuntimeStorage]>
    private let passwd: String

    /// The directories of `further` are looked at before those of the host's packages.
    init(further: [String] = [], passwd: String = "/etc/passwd") {
        storage = Mutex(Self.storage(further))
        self.passwd = passwd
    }

    /// Replaces the further directories.
    func use(further: [String]) {
        storage.withLock { $0 = Self.storage(further) }
    }

    private static func storage(_ further: [String]) -> [RuntimeStorage] {
        further.map { RuntimeStorage($0) } + RuntimeStorage.ofHost
    }

    /// What the runtimes of the host know; nil if nothing.
    func description(ofHost container: [UInt8]) -> ContainerDescription? {
        find(container, in: storage.withLock { $0 })
    }

    /// What the runtimes of one user know.
    func description(ofUser number: UInt32, _ container: [UInt8]) -> ContainerDescription? {
        guard let text = try? ConfigurationFile.read(passwd),
            let home = Self.home(of: number, in: text)
        else { return nil }
        return find(container, in: RuntimeStorage.ofUser(number, home: home))
    }

    /// The home directory of a user by passwd(5); nil if there is no such user.
    static func home(of number: UInt32, in text: [UInt8]) -> String? {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 6, fields[5].first == UInt8(ascii: "/"),
                UInt32(String(decoding: fields[2], as: UTF8.self)) == number
            else { continue }
            return String(decoding: fields[5], as: UTF8.self)
        }
        return nil
    }

    // MARK: - Reading

    private func find(
        _ container: [UInt8],
        in storage: [RuntimeStorage]
    ) -> ContainerDescription? {
        let id = String(decoding: container, as: UTF8.self)
        var unnamed: ContainerDescription?
        for storage in storage {
            for place in storage.places(ofContainer: id) {
                for (path, format) in files(at: place) {
                    guard let found = read(path, format, id) else { continue }
                    if found.reference != nil { return found }
                    unnamed = unnamed ?? found
                }
            }
        }
        return unnamed
    }

    private func files(at place: DescriptionPlace) -> [(String, DescriptionFormat)] {
        switch place {
        case .file(let path, let format): [(path, format)]
        case .each(let directory, let rest, let format):
            ((try? ConfigurationFile.names(in: directory)) ?? []).map {
                ("\(directory)/\($0)/\(rest)", format)
            }
        }
    }

    private func read(
        _ path: String,
        _ format: DescriptionFormat,
        _ id: String
    ) -> ContainerDescription? {
        let limits = JSONLimits()
        guard let bytes = try? ConfigurationFile.read(path, limit: limits.sizeBytes),
            let file = try? JSONValue(bytes, limits: limits),
            var found = format.description(ofContainer: id, in: file)
        else { return nil }
        if found.createdNanoseconds == nil, format != .storageIndex {
            // The file is written when the container is made.
            found.createdNanoseconds = (try? FileIdentity(ofPath: path))?.modifiedNanoseconds
        }
        return found
    }
}
