// What the runtimes leave on disk: podman's as podman 4.3 wrote it, the others in the shape that
// their documentation and sources give, with names of our own.

enum Recordings {
    static let id = "1df5d79cab93ca2b054a2652e2cae92e76d37e167532fc7d51bfd54c3f103dd5"
    static let other = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    static let image = "e944cd919621bd133b961681e53f44995a089f7f3b3fdece0714904e3b3c6733"

    /// `overlay-containers/containers.json`: podman's, and one of CRI-O's.
    static let storageIndex = """
        [{"id":"\(other)","names":["k8s_web_web-1"],"image":"\(image)","layer":"3a69",
          "metadata":"{\\"pod-name\\":\\"web-1\\",\\"pod-id\\":\\"77aa\\",\\"image-name\\":\
        \\"quay.io/team/web:1.0\\",\\"image-id\\":\\"\(image)\\",\\"container-name\\":\\"web\\"}",
          "created":"2026-11-23T18:59:17Z","flags":{}},
         {"id":"\(id)","names":["w1"],"image":"\(image)",
          "layer":"3a6992bf821f053a719f3da672dec15b88fdce35e71b4394a7844b9d85ba71b0",
          "metadata":"{\\"image-name\\":\\"localhost/worker:2.5\\",\\"image-id\\":\\"\(image)\\",\
        \\"name\\":\\"w1\\",\\"created-at\\":1795460357}",
          "created":"2026-11-23T18:59:17.137200284Z","flags":{"MountLabel":"","ProcessLabel":""}}]
        """

    /// `userdata/config.json` of podman: no word about the image.
    static let podmanBundle = """
        {"ociVersion":"1.0.2-dev","process":{"user":{"uid":0,"gid":0},"args":["/bin/hello","5"],
          "env":["PATH=/usr/bin:/bin","container=podman"],"cwd":"/"},
         "root":{"path":"/var/lib/containers/storage/overlay/3a69/merged"},"hostname":"1df5d79cab93",
         "annotations":{"io.container.manager":"libpod",
          "io.kubernetes.cri-o.Created":"2026-11-23T18:59:17.136250953Z",
          "io.kubernetes.cri-o.TTY":"false","io.podman.annotations.privileged":"FALSE",
          "org.opencontainers.image.stopSignal":"15"},"linux":{"cgroupsPath":"/libpod_parent/x"}}
        """

    static let crioBundle = """
        {"ociVersion":"1.0.2-dev","annotations":{"io.container.manager":"cri-o",
          "io.kubernetes.cri-o.ContainerType":"container",
          "io.kubernetes.cri-o.Created":"2026-11-23T19:59:17.5+01:00",
          "io.kubernetes.cri-o.Image":"\(image)",
          "io.kubernetes.cri-o.ImageName":"registry.example:5000/team/worker:2.5",
          "io.kubernetes.cri-o.ImageRef":"\(image)"}}
        """

    static let containerdBundle = """
        {"ociVersion":"1.1.0","annotations":{"io.kubernetes.cri.container-name":"worker",
          "io.kubernetes.cri.container-type":"container",
          "io.kubernetes.cri.image-name":"ghcr.io/ns/worker:2.5",
          "io.kubernetes.cri.sandbox-id":"\(other)","io.kubernetes.cri.sandbox-name":"worker-1"}}
        """

    static let sandboxBundle = """
        {"annotations":{"io.kubernetes.cri.container-type":"sandbox",
          "io.kubernetes.cri.podsandbox.image-name":"registry.k8s.io/pause:3.10"}}
        """

    /// containerd without Kubernetes says nothing of the image.
    static let plainBundle = """
        {"ociVersion":"1.1.0","annotations":{"org.opencontainers.image.ref.name":"2.5"}}
        """

    static let docker = """
        {"StreamConfig":{},"State":{"Running":true,"Pid":4711,"StartedAt":"2026-11-23T19:00:00Z"},
         "ID":"\(id)","Created":"2026-11-23T18:59:17.1Z","Managed":false,"Path":"/bin/hello",
         "Config":{"Hostname":"1df5d79cab93","Image":"team/worker:2.5","Labels":{}},
         "Image":"sha256:\(image)","Name":"/w1","Driver":"overlay2"}
        """
}
