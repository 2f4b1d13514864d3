// Which filesystems may be watched, by the name of their type. A table and nothing else: asking a
// filesystem itself (statfs) can hang on a server that is gone.

/// What kind of filesystem a type name stands for.
package enum FilesystemKind: Sendable, Equatable {
    /// On this machine's disks or memory: may be watched, an open never waits for others.
    case local
    /// Not to be watched, and why.
    case excluded(Reason)

    /// Why a filesystem is not watched.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// An open can wait for a server for ever; a listener would stall with it.
        case network
        /// An open waits for an unprivileged process of somebody's choice.
        case userspaceServer = "FUSE"
        /// Interfaces of the kernel; no program can be stored there.
        case pseudo
        /// Nobody said what this type is; reported so that somebody may.
        case unknownType = "unknown type"
    }

    /// Classifies the type of a mount as mountinfo shows it.
    package init(type: String) {
        if Self.localTypes.contains(type) {
            self = .local
        } else if type == "fuse" || type == "fuseblk" || type.hasPrefix("fuse.") {
            self = .excluded(.userspaceServer)
        } else if Self.networkTypes.contains(type) {
            self = .excluded(.network)
        } else if Self.pseudoTypes.contains(type) {
            self = .excluded(.pseudo)
        } else {
            self = .excluded(.unknownType)
        }
    }

    /// Whether a program on it can be held before it runs.
    package var isMarkable: Bool { self == .local }

    // devtmpfs is a tmpfs and holds programs like one.
    private static let localTypes: Set<String> = [
        "aufs", "bcachefs", "btrfs", "cramfs", "devtmpfs", "erofs", "exfat", "ext2", "ext3", "ext4",
        "f2fs", "hfs", "hfsplus", "hpfs", "iso9660", "jffs2", "jfs", "minix", "msdos", "nilfs2",
        "ntfs", "ntfs3", "overlay", "ramfs", "reiserfs", "romfs", "rootfs", "shiftfs", "squashfs",
        "tmpfs", "ubifs", "udf", "ufs", "vfat", "xfs", "zfs", "zonefs",
    ]
    // Cluster filesystems wait for other hosts' locks; a hypervisor's share is a server, too.
    private static let networkTypes: Set<String> = [
        "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "gfs2", "gpfs", "lustre", "ncpfs",
        "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs", "pvfs2", "smb3", "smbfs", "vboxsf",
        "virtiofs", "vmhgfs",
    ]
    private static let pseudoTypes: Set<String> = [
        "anon_inodefs", "autofs", "bdev", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2",
        "configfs", "cpuset", "debugfs", "devpts", "dmabuf", "efivarfs", "fusectl", "hugetlbfs",
        "mqueue", "nfsd", "nsfs", "pidfs", "pipefs", "proc", "pstore", "resctrl", "rpc_pipefs",
        "securityfs", "selinuxfs", "smackfs", "sockfs", "sysfs", "tracefs", "xenfs",
    ]
}
