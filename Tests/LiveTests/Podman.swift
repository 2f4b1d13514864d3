// Real containers: podman with runc, its storage on a host's watched filesystem, images made of
// stand-ins. No network; nothing of the machine's own containers is touched.

import Glibc

/// One podman storage.
final class Podman {
    private let host: LiveHost
    private let place: String
    /// Where the storage is, for `container_storage`.
    static func storage(_ root: String) -> String { root + "/containers/root" }

    /// Uses a directory of the watched filesystem.
    init(on host: LiveHost, in directory: String = "containers") throws {
        self.host = host
        place = "\(host.root)/\(directory)"
        try Files.makeDirectory(place)
        let image = host.scratch + "/image-" + directory
        try Files.makeDirectory(image)
        for name in ["standin-static", "starter-static"] {
            try Files.copy("\(StandIns.directory)/\(name)", to: "\(image)/\(name)")
        }
        let tar = try Child(
            ["tar", "-C", Bytes(image), "-cf", Bytes(image + ".tar"), "."],
            scratch: host.scratch
        )
        guard try tar.wait(upTo: .seconds(20)) == 0 else { throw LiveError(tar.errorOutput) }
        try run(["import", "--quiet", Bytes(image + ".tar"), "localhost/team/worker:2.5"])
    }

    deinit {
        _ = try? run(["rm", "--all", "--force", "--time", "0"])
        umount2(place + "/root/overlay", CInt(MNT_DETACH))
    }

    /// Gives the image another name.
    func tag(_ name: String) throws { try run(["tag", "localhost/team/worker:2.5", Bytes(name)]) }

    /// Starts a program in a new container of an image, and waits for it.
    ///
    /// - Returns: The exit status, and what podman said if the program could not be started.
    func start(_ image: String, _ command: [Bytes]) throws -> (status: Int, errors: String) {
        let options: [Bytes] = [
            "run", "--rm", "--network=none", "--ulimit", "nofile=1024:1024", "--ulimit",
            "nproc=1000:1000", Bytes(image),
        ]
        let child = try launch(options + command)
        return (try child.wait(upTo: .seconds(60)), child.errorOutput)
    }

    @discardableResult
    private func run(_ arguments: [Bytes]) throws -> String {
        let child = try launch(arguments)
        guard try child.wait(upTo: .seconds(60)) == 0 else {
            let words = arguments.map { String(decoding: $0.value, as: UTF8.self) }
            throw LiveError("podman \(words.joined(separator: " ")): \(child.errorOutput)")
        }
        return child.output
    }

    private func launch(_ arguments: [Bytes]) throws -> Child {
        let options: [Bytes] = [
            // podman takes no run root of more than 50 characters.
            "podman", "--root", Bytes(place + "/root"), "--runroot", Bytes(host.scratch + "/p"),
            "--tmpdir", Bytes(place + "/tmp"), "--cgroup-manager=cgroupfs",
            "--events-backend=none", "--runtime", "runc", "--storage-driver", "overlay",
        ]
        return try Child(
            options + arguments,
            environment: Child.plainEnvironment + ["HOME=/root"],
            scratch: host.scratch
        )
    }
}
