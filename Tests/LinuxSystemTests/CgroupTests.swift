// Cgroup paths as container runtimes and service managers make them, and the three forms of
// /proc/PID/cgroup.

import LinuxSystem
import Testing

private let id = "e0de33db89c6f5cdb4d7b2d4b9b3d5d3a3a1c2c9f6a8b7c6d5e4f3a2b1c0d9e8"
private let other = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
private let pod = "pod2b2f9d30-4a6f-11e9-b9d1-42010a8000f3"

struct `Cgroup path` {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let containerID: String?
        let manager: CgroupManager
        var testDescription: String { path }

        init(_ path: String, _ containerID: String?, _ manager: CgroupManager) {
            self.path = path
            self.containerID = containerID
            self.manager = manager
        }
    }

    @Test(arguments: [
        Case("/docker/\(id)", id, .docker),
        Case("/system.slice/docker-\(id).scope", id, .docker),
        Case("/system.slice/docker-\(id).scope/init.scope", id, .docker),
        Case("/docker/\(id)/system.slice/ssh.service", id, .docker),
        Case("/docker/\(other)/kubelet/kubepods/besteffort/\(pod)/\(id)", id, .docker),
        Case(
            "/kubepods.slice/kubepods-burstable.slice/cri-containerd-\(id).scope",
            id,
            .containerd
        ),
        Case(
            "/system.slice/containerd.service/kubepods-x.slice:cri-containerd:\(id)",
            id,
            .containerd
        ),
        Case("/kubepods.slice/kubepods-pod2b2f9d30_4a6f_11e9.slice/crio-\(id).scope", id, .crio),
        Case("/kubepods/burstable/\(pod)/\(id)", id, .unknown),
        Case("/kubepods/burstable/\(pod)", nil, .unknown),
        Case("/machine.slice/libpod-\(id).scope/container", id, .podman),
        Case(
            "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope",
            id,
            .podman
        ),
        Case("/machine.slice/libpod-conmon-\(id).scope", nil, .systemd),
        Case("/system.slice/crio-conmon-\(id).scope", nil, .systemd),
        Case("/ecs/a-task/\(id)", id, .ecs),
        Case(
            "/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-1234567890",
            "0123456789abcdef0123456789abcdef-1234567890",
            .ecs
        ),
        Case("/garden/6f265890-5165-7fab-6b52-18d1", "6f265890-5165-7fab-6b52-18d1", .garden),
        Case("/6f265890-5165-7fab-6b52-18d1", "6f265890-5165-7fab-6b52-18d1", .garden),
        Case("/lxc/web-1", nil, .lxc),
        Case("/lxc.payload.web-1/system.slice/ssh.service", nil, .lxc),
        Case("/lxc/\(id)", id, .lxc),
        Case("/system.slice/ssh.service", nil, .systemd),
        Case("/user.slice/user-0.slice/session-1.scope", nil, .systemd),
        Case("/machine.slice/machine-web.scope", nil, .systemd),
        Case("/init.scope", nil, .systemd),
        Case("/", nil, .unknown),
        Case("", nil, .unknown),
        Case("/docker/\(id)0", nil, .unknown),
        Case("/docker/\(id.dropLast())", nil, .unknown),
        Case("/docker/\(id)-suffix", id, .docker),
        Case("/docker/\(id.uppercased())", id.uppercased(), .docker),
        Case("/jobs/6f265890-5165-7fab-6b52-18d1a2b3c4d5", nil, .unknown),
        Case("/jobs/0123456789abcdef0123456789abcdef", nil, .unknown),
        Case("/jobs/0123456789abcdef0123456789abcdef-", nil, .unknown),
        Case("/jobs/0123456789abcdef0123456789abcdef-12a", nil, .unknown),
    ])
    func `tells container and manager`(row: Case) {
        let path = CgroupPath(Array(row.path.utf8))
        #expect(path.containerID.map { String(decoding: $0, as: UTF8.self) } == row.containerID)
        #expect(path.manager == row.manager)
    }
}

struct `Cgroup file` {
    private static let unified = "0::/system.slice/docker-\(id).scope\n"
    private static let legacy = """
        12:pids:/docker/\(id)
        11:cpu,cpuacct:/docker/\(id)
        1:name=systemd:/docker/\(id)

        """
    private static let hybrid = """
        9:name=systemd:/system.slice/ssh.service
        4:memory:/kubepods/burstable/\(pod)/\(id)
        0::/

        """

    @Test(arguments: [unified, legacy, hybrid])
    func `finds the container in every form`(text: String) throws {
        let path = try #require(parseCgroups(text.utf8).mostSpecific)
        #expect(path.containerID.map { String(decoding: $0, as: UTF8.self) } == id)
    }

    @Test(arguments: [
        ("0::/a.service\n1:name=systemd:/b.service\n", "/a.service"),
        ("2:cpu:/c\n1:name=systemd:/b.service\n0::/\n", "/b.service"),
        ("2:cpu:/c\n1:name=systemd:/\n", "/c"),
        ("2:cpu:/\n0::/\n", "/"),
        ("0::/with:colon\n", "/with:colon"),
    ])
    func `prefers the unified and systemd's path outside containers`(text: String, path: String) {
        #expect(parseCgroups(text.utf8).mostSpecific?.bytes == Array(path.utf8))
    }

    @Test func `leaves out what is malformed or cut`() {
        let bytes = Array("x:y:/z\n1:cpu\n2::relative\n\n3:a:/ok\n".utf8)
        #expect(parseCgroups(bytes).entries.map(\.hierarchy) == [3])
        let whole = parseCgroups(Self.hybrid.utf8).entries
        for count in 0..<Self.hybrid.utf8.count {
            let cut = parseCgroups(Self.hybrid.utf8.prefix(count)).entries
            #expect(cut == Array(whole.prefix(cut.count)))
        }
        #expect(parseCgroups([]).mostSpecific == nil)
    }
}
