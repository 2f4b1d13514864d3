// A small file of the state directory: JSON that is written whole beside it, synchronised and renamed,
// so that whatever ends the daemon leaves the former or the new one.

import JSON
import LinuxSystem

/// One file of the state directory; used by one thread at a time.
struct StateFile: Sendable {
    private let directory: String
    private let name: String
    private let passing: @Sendable (String) -> Void

    /// Takes its directory, which need not be there yet, and its name.
    ///
    /// `passing` is called before each step that changes the disk: for tests.
    init(
        directory: String,
        name: String,
        passing: @escaping @Sendable (String) -> Void = FaultPoint.pass
    ) {
        self.directory = directory
        self.name = name
        self.passing = passing
    }

    /// Where it is.
    var path: String { "\(directory)/\(name)" }

    /// Whether there is such a file, whatever it holds.
    var exists: Bool { (try? FileIdentity(ofPath: path)) != nil }

    /// What it says; nil if it is not there, damaged or larger than `limit` bytes.
    func read(limit: Int = 1 << 20) -> JSONValue? {
        guard let bytes = try? ConfigurationFile.read(path, limit: limit) else { return nil }
        return try? JSONValue(bytes)
    }

    /// Writes it anew.
    func replace(with value: JSONValue) throws(SystemError) {
        passing("clear \(name)")
        try DurableFile.remove(path + ".new")
        passing("write \(name)")
        try DurableFile.create(path + ".new", value.text + [UInt8(ascii: "\n")])
        passing("rename \(name)")
        try DurableFile.rename(path + ".new", to: path)
        passing("synchronize \(name)")
        try DurableFile.synchronize(directory: directory)
    }
}
