// Where the stand-ins, the starters and the daemon under test are.

import Glibc

enum StandIns {
    /// The checkout, found from this file.
    static let checkout: String = {
        var parts = #filePath.split(separator: "/")
        parts.removeLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    /// The built programs: `MINEWARDEN_STANDINS`, or built now.
    static let directory: String = {
        if let given = Requirements.variable("MINEWARDEN_STANDINS") { return given }
        let out = checkout + "/out/standins"
        build(into: out, loaderRoot: nil)
        return out
    }()

    /// `MINEWARDEN_BIN`, or the product next to the test bundle.
    static let daemon: String = {
        if let given = Requirements.variable("MINEWARDEN_BIN") { return given }
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        var parts = (bundle ?? Files.link(at: "/proc/self/exe") ?? "").split(separator: "/")
        if !parts.isEmpty { parts.removeLast() }
        let next = "/" + parts.joined(separator: "/") + "/minewardend"
        return Files.exists(next) ? next : checkout + "/.build/debug/minewardend"
    }()

    /// A directory for the output of children that belong to no host.
    static let scratch: String = {
        let directory = checkout + "/out/live"
        try? Files.makeDirectory(checkout + "/out")
        try? Files.makeDirectory(directory)
        return directory
    }()

    /// The loader of dynamic programs on this processor.
    static var systemLoader: String {
        ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].first(where: Files.exists)
            ?? "/lib64/ld-linux-x86-64.so.2"
    }

    /// Runs the build script; with `loaderRoot` also links a stand-in against a loader there.
    static func build(into out: String, loaderRoot: String?) {
        let script = checkout + "/Tests/Fixtures/standins/build.sh"
        let arguments: [Bytes] =
            [Bytes(script), Bytes(out)] + (loaderRoot.map { [Bytes($0)] } ?? [])
        let child = try? Child(arguments, scratch: StandIns.scratch)
        _ = try? child?.wait(upTo: .seconds(60))
    }
}
