// Where descriptions are looked for.

import Containers
import Testing

struct `Runtime storage` {
    private let id = Recordings.id

    @Test func `of containers-storage has the bundle and both indexes`() {
        let places = RuntimeStorage("/s", [.containersStorage]).places(ofContainer: id)
        #expect(
            places.prefix(3) == [
                .file(path: "/s/overlay-containers/\(id)/userdata/config.json", .bundle),
                .file(path: "/s/overlay-containers/containers.json", .storageIndex),
                .file(path: "/s/overlay-containers/volatile-containers.json", .storageIndex),
            ]
        )
    }

    @Test func `of Docker has one file per container`() {
        #expect(
            RuntimeStorage("/d", [.docker]).places(ofContainer: id)
                == [.file(path: "/d/containers/\(id)/config.v2.json", .docker)]
        )
    }

    @Test func `of containerd is looked for in every namespace`() {
        #expect(
            RuntimeStorage("/c", [.containerdTasks]).places(ofContainer: id)
                == [.each(directory: "/c", rest: "\(id)/config.json", .bundle)]
        )
    }

    @Test func `of the host knows k3s`() {
        let paths = RuntimeStorage.ofHost.map(\.path)
        #expect(paths.contains("/run/k3s/containerd/io.containerd.runtime.v2.task"))
        #expect(paths.contains("/run/containerd/io.containerd.runtime.v2.task"))
        #expect(paths.contains("/var/lib/containers/storage"))
    }

    @Test func `of a user lies below the home directory`() {
        let storage = RuntimeStorage.ofUser(1000, home: "/home/ada")
        #expect(storage.contains { $0.path == "/home/ada/.local/share/containers/storage" })
        #expect(storage.contains { $0.path == "/run/user/1000/containers" })
    }

    @Test(arguments: ["", "..", "a/b", "../../etc", "a.b", "é", String(repeating: "a", count: 129)])
    func `takes no id that could lead elsewhere`(id: String) {
        #expect(RuntimeStorage("/s").places(ofContainer: id).isEmpty)
    }
}
