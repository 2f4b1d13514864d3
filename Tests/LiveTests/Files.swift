// The few file operations of the live tests, without Foundation.

import Glibc

/// What went wrong with the test's own surroundings.
struct LiveError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

enum Files {
    static func bytes(at path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }

    /// The file as text, empty if it cannot be read.
    static func text(at path: String) -> String {
        String(decoding: bytes(at: path) ?? [], as: UTF8.self)
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw LiveError("cannot write \(path): errno \(errno)") }
        defer { close(descriptor) }
        fchmod(descriptor, mode)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw LiveError("cannot write \(path): errno \(errno)") }
            offset += count
        }
    }

    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    static func copy(_ from: String, to path: String, mode: mode_t = 0o755) throws {
        guard let content = bytes(at: from) else { throw LiveError("cannot read \(from)") }
        try write(content, to: path, mode: mode)
    }

    static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw LiveError("cannot create \(path): errno \(errno)")
        }
    }

    /// Writes a line to standard error.
    static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func link(at path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func mountTmpfs(at path: String) throws {
        guard mount("tmpfs", path, "tmpfs", 0, "mode=755") == 0 else {
            throw LiveError("cannot mount a tmpfs on \(path): errno \(errno)")
        }
    }

    /// Removes a directory tree of the tests; stops at mount points, which are unmounted first.
    static func removeTree(_ path: String) {
        guard let directory = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append("\(path)/\(name)") }
        }
        closedir(directory)
        for name in names where unlink(name) != 0 { removeTree(name) }
        rmdir(path)
    }
}
