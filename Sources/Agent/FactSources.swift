// What the facts of processes and files are looked up in, shared by all threads.

/// Tables and caches behind the fields.
final class FactSources: Sendable {
    let names: UserNames
    let digests: FileDigests
    let packages: PackageIndex
    let containers: ContainerImages
    let protected: ProtectedPrograms

    init(
        names: UserNames = UserNames(),
        digests: FileDigests = FileDigests(),
        packages: PackageIndex = PackageIndex(),
        containers: ContainerImages,
        protected: ProtectedPrograms = ProtectedPrograms()
    ) {
        self.names = names
        self.digests = digests
        self.packages = packages
        self.containers = containers
        self.protected = protected
    }
}
