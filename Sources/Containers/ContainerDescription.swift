// What a runtime's files say about one container, and how each kind of file says it. Pure: reading
// the files is the agent's. Everything here may have been written by somebody hostile: a container's
// own user writes the files of a rootless runtime.

package import JSON

/// A container as its runtime describes it.
package struct ContainerDescription: Sendable, Hashable {
    /// The image as it was asked for, or the image's bare identity if nobody gave a name.
    package var image: String
    /// The image's name; nil if `image` is none.
    package var reference: ImageReference?
    /// The runtime the file belongs to: `podman`, `cri-o`, `docker`, `containerd`.
    package var runtime: String
    /// When it was made, in nanoseconds since 1970; nil if the file does not tell.
    package var createdNanoseconds: Int64?

    /// What `container.tags` has of it; empty if the image has no known name.
    package var tags: [String] { reference?.tags ?? [] }

    /// Describes a container by the first of these texts that names an image with a tag; failing
    /// that by the first that names an image at all, and then by the first that says anything.
    ///
    /// Nil if none does.
    package init?(images: [String?], runtime: String, createdNanoseconds: Int64?) {
        let given = images.compactMap { $0 }.filter { !$0.isEmpty }
        let named = given.compactMap { text in
            ImageReference(text).map { (text: text, reference: $0) }
        }
        let best = named.first { $0.reference.tag != nil } ?? named.first
        guard let image = best?.text ?? given.first else { return nil }
        self.image = image
        reference = best?.reference
        self.runtime = runtime
        self.createdNanoseconds = createdNanoseconds
    }
}

/// A kind of file in which a runtime describes containers.
package enum DescriptionFormat: Sendable, Hashable, CaseIterable {
    /// `containers.json` of containers/storage: all containers of podman or CRI-O.
    case storageIndex
    /// `config.json` of an OCI bundle, with the annotations of CRI-O or of containerd's CRI.
    case bundle
    /// `config.v2.json` of Docker.
    case docker

    /// What a file of this kind says about a container; nil if nothing that helps.
    package func description(
        ofContainer id: String,
        in file: JSONValue
    ) -> ContainerDescription? {
        switch self {
        case .storageIndex: Self.fromIndex(id, file)
        case .bundle: Self.fromBundle(file)
        case .docker: Self.fromDocker(id, file)
        }
    }

    private static func fromIndex(_ id: String, _ file: JSONValue) -> ContainerDescription? {
        guard let entry = file.elements.first(where: { $0["id"]?.string == id }) else { return nil }
        // A JSON text in a JSON string: the store does not care what its user keeps there.
        let metadata = entry["metadata"]?.string.flatMap { try? JSONValue(Array($0.utf8)) }
        return ContainerDescription(
            images: [metadata?["image-name"]?.string, entry["image"]?.string],
            runtime: metadata?["pod-id"] == nil ? "podman" : "cri-o",
            createdNanoseconds: entry["created"]?.string.flatMap { RFC3339.nanoseconds($0) }
        )
    }

    private static func fromBundle(_ file: JSONValue) -> ContainerDescription? {
        let annotations = file["annotations"]
        func note(_ name: String) -> String? { annotations?[name]?.string }
        let ofCRIO = [
            "io.kubernetes.cri-o.UserRequestedImage", "io.kubernetes.cri-o.ImageName",
            "io.kubernetes.cri-o.SomeNameOfTheImage", "io.kubernetes.cri-o.Image",
        ].map(note)
        let ofContainerd = [
            "io.kubernetes.cri.image-name", "io.kubernetes.cri.podsandbox.image-name",
        ].map(note)
        let runtime =
            switch note("io.container.manager") {
            case "libpod"?: "podman"
            case let manager?: manager
            case nil: ofContainerd.contains { $0 != nil } ? "containerd" : ""
            }
        // Whoever built the image chose this one: only for want of a name by who runs it.
        let byBuilder = note("org.opencontainers.image.ref.name").flatMap {
            $0.contains(":") || $0.contains("/") ? $0 : nil
        }
        return ContainerDescription(
            images: ofContainerd + ofCRIO + [byBuilder],
            runtime: runtime,
            createdNanoseconds: note("io.kubernetes.cri-o.Created").flatMap {
                RFC3339.nanoseconds($0)
            }
        )
    }

    private static func fromDocker(_ id: String, _ file: JSONValue) -> ContainerDescription? {
        guard file["ID"]?.string == id else { return nil }
        let identity = file["Image"]?.string
        var asked = file["Config", "Image"]?.string
        // A container can be run by the first digits of an image's identity.
        if let text = asked, !text.isEmpty, let identity,
            identity.hasPrefix(text) || identity.hasPrefix("sha256:" + text)
        {
            asked = nil
        }
        return ContainerDescription(
            images: [asked, identity],
            runtime: "docker",
            createdNanoseconds: file["Created"]?.string.flatMap { RFC3339.nanoseconds($0) }
        )
    }
}
