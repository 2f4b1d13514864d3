// Which package of the distribution a path belongs to, from dpkg's database. Built only if a rule
// asks; 12 bytes per file. Any thread: lookups never wait for a rebuild.

import LinuxSystem
import RuleLanguage
import Synchronization

/// The files that dpkg installed on this host.
final class PackageIndex: Sendable {
    /// One installed package.
    struct Package: Sendable, Equatable {
        let name: [UInt8]
        let version: [UInt8]
        /// The version of the source it was built from; mostly the same.
        let sourceVersion: [UInt8]
    }

    /// One state of the database; immutable.
    private final class Table: Sendable {
        let packages: [Package]
        /// Digests of paths, sorted, and the package of each.
        let keys: [UInt64]
        let owners: [UInt32]
        let database: FileIdentity?

        init(packages: [Package], files: [(key: UInt64, owner: UInt32)], database: FileIdentity?) {
            self.packages = packages
            keys = files.map(\.key)
            owners = files.map(\.owner)
            self.database = database
        }
    }

    private struct State {
        var table: Table?
        var lookedNanoseconds: UInt64 = 0
        var isRebuilding = false
    }

    private let directory: String
    private let state = Mutex(State())
    /// At most this often the database is looked at for changes.
    private static let lookInterval: UInt64 = 10_000_000_000

    init(directory: String = "/var/lib/dpkg") { self.directory = directory }

    /// True if this host has such a database.
    var exists: Bool { (try? FileIdentity(ofPath: directory + "/status")) != nil }

    /// Reads the database if that was not done yet; takes some tenths of a second.
    ///
    /// Before rules that ask for packages become active.
    func prepare() {
        guard state.withLock({ $0.table == nil }) else { return }
        rebuild()
    }

    /// The package a file belongs to by its path; nil for files of no package.
    func package(ofPath path: ByteString) -> Package? {
        prepare()
        lookForChanges()
        guard let table = state.withLock({ $0.table }) else { return nil }
        if let found = Self.find(path, in: table) { return found }
        // Packages may still call `/bin/x` what lies in /usr/bin since the directories were merged.
        for merged in Self.mergedDirectories where path.starts(with: merged) {
            return Self.find(path.dropFirst(4), in: table)
        }
        return nil
    }

    /// How many files are known.
    var count: Int { state.withLock { $0.table?.keys.count ?? 0 } }

    private static let mergedDirectories = ["bin/", "sbin/", "lib/", "lib32/", "lib64/", "libx32/"]
        .map { Array("/usr/\($0)".utf8) }

    private static func find(_ path: ByteString, in table: Table) -> Package? {
        let key = key(path)
        var low = 0
        var high = table.keys.count
        while low < high {
            let middle = (low + high) / 2
            if table.keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        guard low < table.keys.count, table.keys[low] == key else { return nil }
        return table.packages[Int(table.owners[low])]
    }

    /// Keyed with the process's own seed: nobody can prepare a path that stands for another.
    private static func key(_ path: ByteString) -> UInt64 {
        var hasher = Hasher()
        for byte in path { hasher.combine(byte) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    // MARK: - Following changes

    private func lookForChanges() {
        let now = KernelClock.monotonic.nanoseconds
        let isDue = state.withLock { state in
            guard !state.isRebuilding, now - state.lookedNanoseconds > Self.lookInterval else {
                return false
            }
            state.isRebuilding = true
            return true
        }
        guard isDue else { return }
        do throws(SystemError) {
            try NativeThread.start("packages") { [self] in
                let known = state.withLock { $0.table?.database }
                if let database = try? FileIdentity(ofPath: directory + "/status"),
                    database != known
                {
                    rebuild()
                }
                finishLook()
            }
        } catch {
            finishLook()
        }
    }

    private func finishLook() {
        state.withLock { state in
            state.isRebuilding = false
            state.lookedNanoseconds = KernelClock.monotonic.nanoseconds
        }
    }

    private func rebuild() {
        let table = read()
        state.withLock { state in
            state.table = table
            state.lookedNanoseconds = KernelClock.monotonic.nanoseconds
        }
    }

    // MARK: - Reading

    private func read() -> Table {
        let database = try? FileIdentity(ofPath: directory + "/status")
        let installed = PackageStatus.installed(
            in: (try? ConfigurationFile.read(directory + "/status")) ?? []
        )
        var packages: [Package] = []
        var files: [(key: UInt64, owner: UInt32)] = []
        for file in (try? ConfigurationFile.names(in: directory + "/info")) ?? [] {
            guard file.hasSuffix(".list"),
                // `libc6:amd64.list` where a package may be there for several architectures.
                let name = file.dropLast(5).split(separator: ":").first,
                let package = installed[Array(name.utf8)],
                let list = try? ConfigurationFile.read("\(directory)/info/\(file)")
            else { continue }
            let owner = UInt32(packages.count)
            packages.append(package)
            for path in PackageStatus.files(in: list) {
                files.append((Self.key(path), owner))
            }
        }
        files.sort { $0.key < $1.key }
        return Table(packages: packages, files: files, database: database)
    }
}

/// The texts of dpkg's database; pure.
enum PackageStatus {
    /// The installed packages of a `status` file (dpkg-query(1)), by name.
    static func installed(in text: [UInt8]) -> [[UInt8]: PackageIndex.Package] {
        var found: [[UInt8]: PackageIndex.Package] = [:]
        var fields: [String: ArraySlice<UInt8>] = [:]
        func finish() {
            defer { fields = [:] }
            guard let name = fields["Package"], let version = fields["Version"],
                let status = fields["Status"], status.elementsEqual("install ok installed".utf8)
            else { return }
            // `Source: name (version)`; without the brackets the version is the package's own.
            var source = version
            if let value = fields["Source"], let open = value.firstIndex(of: UInt8(ascii: "(")),
                value.last == UInt8(ascii: ")")
            {
                source = value[(open + 1)...].dropLast()
            }
            found[Array(name)] = PackageIndex.Package(
                name: Array(name),
                version: Array(version),
                sourceVersion: Array(source)
            )
        }
        let wanted = ["Package", "Version", "Status", "Source"]
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let first = line.first else {
                finish()
                continue
            }
            // Continued values begin with a blank.
            guard first != UInt8(ascii: " "), let colon = line.firstIndex(of: UInt8(ascii: ":"))
            else { continue }
            guard let key = wanted.first(where: { line[..<colon].elementsEqual($0.utf8) }) else {
                continue
            }
            fields[key] = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
        }
        finish()
        return found
    }

    /// The files of a `.list` that could be executed: no directories, and not what is only read.
    static func files(in text: [UInt8]) -> [ArraySlice<UInt8>] {
        let lines = text.split(separator: UInt8(ascii: "\n"))
        var files: [ArraySlice<UInt8>] = []
        for (index, line) in lines.enumerated() {
            // `/.` is the root itself.
            guard line.count > 2, line.first == UInt8(ascii: "/") else { continue }
            // A directory comes before what is in it.
            if index + 1 < lines.count {
                let next = lines[index + 1]
                if next.count > line.count, next.starts(with: line),
                    next[next.startIndex + line.count] == UInt8(ascii: "/")
                {
                    continue
                }
            }
            if readOnly.contains(where: { line.starts(with: $0) }) { continue }
            files.append(line)
        }
        return files
    }

    private static let readOnly = ["doc/", "man/", "locale/", "icons/", "info/"]
        .map { Array("/usr/share/\($0)".utf8) }
}
