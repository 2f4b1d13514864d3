// Generations on the disk: each a directory of its own that is written whole under another name,
// synchronised and then renamed, and one pointer to the active one that is replaced in the same way.
// Whatever ends the daemon in between, the next start finds the one before or the new one.
//
//   generations/7/{manifest.json, protection.yaml, shipped/*.yaml, custom/*.yaml}
//   current                {"generation":7}
//   confirmations.json     what was confirmed since the last deployment

import JSON
import LinuxSystem
import Policy
import Signals

/// One generation as it is kept.
struct StoredGeneration: Sendable, Equatable {
    let number: UInt64
    let content: GenerationContent
    let approvals: BlockingApprovals
    let origin: GenerationOrigin
}

/// How a generation came about.
struct GenerationOrigin: Sendable, Equatable {
    /// When, as RFC 3339 has it.
    var time: String
    /// Who deployed it; empty for a start or reload of the service.
    var by: String
    /// What was done: `start`, `reload`, `deploy`.
    var cause: String
}

/// Keeps generations; used by one thread at a time.
struct GenerationStore: Sendable {
    /// How many are kept, the active one included.
    static let keptCount = 10

    /// Which generation is active.
    struct Pointer: Sendable, Equatable {
        var generation: UInt64
        /// After a rollback: the digest of the files on the disk that it went back from.
        ///
        /// A restart must not deploy those again.
        var overruled: String?
    }

    private let directory: String
    private let passing: @Sendable (String) -> Void
    private let current: StateFile
    private let confirmed: StateFile

    private var generations: String { "\(directory)/generations" }

    /// Takes a state directory.
    ///
    /// `passing` is called before each step that changes the disk: for tests.
    init(
        directory: String,
        passing: @escaping @Sendable (String) -> Void = FaultPoint.pass
    ) {
        self.directory = directory
        self.passing = passing
        current = StateFile(directory: directory, name: "current", passing: passing)
        confirmed = StateFile(
            directory: directory,
            name: "confirmations.json",
            passing: passing
        )
    }

    /// Makes the directories and removes what an interrupted deployment left.
    func prepare() throws(SystemError) {
        try ConfigurationFile.makeDirectory(directory, mode: 0o700)
        try ConfigurationFile.makeDirectory(generations, mode: 0o700)
        for name in try ConfigurationFile.names(in: generations) where name.hasPrefix(".") {
            try DurableFile.removeTree("\(generations)/\(name)")
        }
    }

    /// The numbers of all generations, ascending.
    func numbers() throws(SystemError) -> [UInt64] {
        try ConfigurationFile.names(in: generations).compactMap { UInt64($0) }.sorted()
    }

    /// The active generation; nil if nothing was ever deployed.
    ///
    /// If the pointer or what it points to is damaged, the newest generation that is whole.
    func active() throws(SystemError) -> (pointer: Pointer, generation: StoredGeneration)? {
        if let pointer = pointer(), let generation = read(pointer.generation) {
            return (pointer, generation)
        }
        for number in try numbers().reversed() {
            if let generation = read(number) {
                return (Pointer(generation: number), generation)
            }
        }
        return nil
    }

    /// Whether there is a pointer that names another generation than this one, or none: the one that
    /// was deployed is damaged then.
    func isStandIn(_ number: UInt64) -> Bool {
        current.exists && pointer()?.generation != number
    }

    /// A generation; nil if there is none of that number or it is not whole.
    func read(_ number: UInt64) -> StoredGeneration? {
        let place = "\(generations)/\(number)"
        guard let manifest = json("\(place)/manifest.json") else { return nil }
        return StoredGeneration(number: number, manifest: manifest) { name in
            try? ConfigurationFile.read("\(place)/\(name)")
        }
    }

    /// Writes a generation, which is not yet the active one.
    func write(_ generation: StoredGeneration) throws(SystemError) {
        let place = "\(generations)/.new-\(generation.number)"
        passing("clear")
        try DurableFile.removeTree(place)
        for directory in [place, "\(place)/shipped", "\(place)/custom"] {
            passing("directory")
            try ConfigurationFile.makeDirectory(directory, mode: 0o700)
        }
        for (name, bytes) in generation.files {
            passing("file")
            try DurableFile.create("\(place)/\(name)", bytes)
        }
        passing("manifest")
        try DurableFile.create("\(place)/manifest.json", generation.manifest.text)
        for directory in ["\(place)/shipped", "\(place)/custom", place] {
            passing("synchronize")
            try DurableFile.synchronize(directory: directory)
        }
        passing("rename")
        try DurableFile.rename(place, to: "\(generations)/\(generation.number)")
        passing("synchronize")
        try DurableFile.synchronize(directory: generations)
    }

    /// Makes a generation the active one.
    func activate(_ pointer: Pointer) throws(SystemError) {
        var members: [String: JSONValue] = ["generation": .number(pointer.generation)]
        if let digest = pointer.overruled { members["overruled"] = .string(digest) }
        try current.replace(with: .object(members))
    }

    /// Removes the oldest generations, never the active one.
    func prune(active: UInt64) throws(SystemError) {
        let old = try numbers().filter { $0 != active }.dropLast(Self.keptCount - 1)
        for number in old {
            passing("retire")
            let place = "\(generations)/.old-\(number)"
            try DurableFile.rename("\(generations)/\(number)", to: place)
            passing("remove")
            try DurableFile.removeTree(place)
        }
    }

    // MARK: - Confirmations

    /// Digests of definitions that were confirmed since the last deployment, by rule.
    func confirmations() -> [String: String] {
        (confirmed.read()?.members ?? [:]).compactMapValues(\.string)
    }

    /// Keeps confirmations.
    func keep(confirmations: [String: String]) throws(SystemError) {
        try confirmed.replace(with: .object(confirmations.mapValues { .string($0) }))
    }

    // MARK: - Files

    private func pointer() -> Pointer? {
        guard let value = current.read(), let number = value["generation"]?.integer, number > 0
        else { return nil }
        return Pointer(generation: UInt64(number), overruled: value["overruled"]?.string)
    }

    private func json(_ path: String) -> JSONValue? {
        guard let bytes = try? ConfigurationFile.read(path) else { return nil }
        return try? JSONValue(bytes)
    }
}
