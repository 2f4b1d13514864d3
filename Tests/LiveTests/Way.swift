// The ways to start a program that the agent must see through, as a table.

import Testing

/// One way to start a program, prepared on a live host.
struct Way: Sendable, CustomTestStringConvertible {
    /// What can be done about a program started like this.
    enum Stop: Sendable {
        /// Refused before it runs.
        case denied
        /// Not held by any event: killed right after it started.
        case killed
    }

    let name: String
    let kind: String
    let stop: Stop
    /// Puts what it needs on the host; returns the program and its argv.
    let prepare: @Sendable (LiveHost) throws -> (program: String, arguments: [Bytes])

    var testDescription: String { name }

    init(
        _ name: String,
        kind: String = "execve",
        stop: Stop = .denied,
        prepare: @escaping @Sendable (LiveHost) throws -> (program: String, arguments: [Bytes])
    ) {
        self.name = name
        self.kind = kind
        self.stop = stop
        self.prepare = prepare
    }

    /// A program of the host under its own name, with the miner's argument.
    private static func onHost(
        _ file: String
    ) -> @Sendable (LiveHost) throws -> (program: String, arguments: [Bytes]) {
        { host in
            let path = "\(host.root)/\(file)"
            return (path, [Bytes(path), host.minerArgument, "-o", "x"])
        }
    }

    /// Every way that works on every host.
    static let all: [Way] = files + descriptors + tasks + scripts + loaders + memory

    static let files: [Way] = [
        Way("a static ELF", prepare: onHost("standin-static")),
        Way("a static position-independent ELF", prepare: onHost("standin-static-pie")),
        Way("a dynamic ELF", prepare: onHost("standin-dynamic")),
        Way("a dynamic ELF whose loader is watched too") { host in
            let path = try host.addOwnLoader()
            return (path, [Bytes(path), host.minerArgument])
        },
    ]

    static let descriptors: [Way] = [
        Way("execveat with a directory", kind: "execveat", prepare: onHost("standin-static")),
        Way("execveat with AT_EMPTY_PATH", kind: "empty-path", prepare: onHost("standin-static")),
        Way("execveat of an O_PATH descriptor", kind: "o-path", prepare: onHost("standin-static")),
        Way("fexecve", kind: "fexecve", prepare: onHost("standin-dynamic")),
        Way("/proc/self/fd/N", kind: "proc-fd", prepare: onHost("standin-static")),
        Way("a deleted file", kind: "deleted", prepare: onHost("standin-static")),
        Way("a deleted dynamic file", kind: "deleted", prepare: onHost("standin-dynamic")),
    ]

    static let tasks: [Way] = [
        Way("a thread that is not the leader", kind: "thread", prepare: onHost("standin-static")),
        Way("vfork", kind: "vfork", prepare: onHost("standin-static")),
        Way("posix_spawn", kind: "posix_spawn", prepare: onHost("standin-dynamic")),
    ]

    static let scripts: [Way] = [
        Way("a script of a watched interpreter") { host in
            let script = try host.addScript("one.sh", interpreter: "\(host.root)/standin-static")
            return (script, [Bytes(script), host.minerArgument])
        },
        Way("a script of a watched dynamic interpreter") { host in
            let script = try host.addScript("dyn.sh", interpreter: "\(host.root)/standin-dynamic")
            return (script, [Bytes(script), host.minerArgument])
        },
        Way("a script of an unwatched interpreter") { host in
            let script = try host.addScript(
                "sh.sh",
                interpreter: "/bin/sh",
                body: #"printf 'RAN\n' >>"$MW_MARKER""#
            )
            return (script, [Bytes(script), host.minerArgument])
        },
        Way("a script of a script") { host in
            let one = try host.addScript("one.sh", interpreter: "\(host.root)/standin-static")
            let two = try host.addScript("two.sh", interpreter: one)
            return (two, [Bytes(two), host.minerArgument])
        },
    ]

    static let loaders: [Way] = [
        Way("ld.so ./x") { host in
            _ = try host.addOwnLoader()
            let loader = "\(host.root)/ld.so"
            return (loader, [Bytes(loader), "\(host.root)/standin-dynamic", host.minerArgument])
        }
    ]

    static let memory: [Way] = [
        Way("a static memfd", kind: "memfd", stop: .killed, prepare: onHost("standin-static")),
        Way("a dynamic memfd", kind: "memfd") { host in
            let path = try host.addOwnLoader()
            return (path, [Bytes(path), host.minerArgument])
        },
    ]

    /// The ways of a 32-bit caller on x86-64.
    static let compatible: [Way] = [
        Way("int 0x80 execve", kind: "int80", prepare: onHost("standin-static")),
        Way("int 0x80 execveat", kind: "int80-execveat", prepare: onHost("standin-static")),
    ]
}

extension LiveHost {
    /// Puts a copy of the loader on the watched tmpfs and links a stand-in against it.
    func addOwnLoader() throws -> String {
        try Files.copy(StandIns.systemLoader, to: "\(root)/ld.so")
        let out = scratch + "/own"
        StandIns.build(into: out, loaderRoot: root)
        try Files.copy("\(out)/standin-own-loader", to: "\(root)/standin-own-loader")
        return "\(root)/standin-own-loader"
    }

    /// Puts an executable `#!` script on the watched tmpfs.
    func addScript(_ name: String, interpreter: String, body: String = ":") throws -> String {
        try Files.write("#!\(interpreter)\n\(body)\n", to: "\(root)/\(name)", mode: 0o755)
        return "\(root)/\(name)"
    }
}
