// What `doctor` knows about this host before it judges. Gathers by looking and probing: nothing is
// marked, subscribed to, loaded or changed, and what may not be seen is left empty.

internal import LinuxSystem

/// The facts that checks of this host are about.
struct HostFindings {
    /// The owner and the permissions of a file.
    struct File: Equatable {
        let path: String
        let user: UInt32
        let group: UInt32
        /// The lowest twelve bits of the mode.
        let permissions: UInt32
    }

    var isRoot = false
    var capabilities = HostCapabilities()
    /// Why no group can be made; nil if one can.
    var fanotifyFailure: String?
    var listeners: [FanotifyListener] = []
    var areListenersComplete = true
    var mounts: [MountInfo] = []
    /// Settings of the kernel by name; those that it does not have are missing.
    var settings: [String: Int] = [:]
    var commandLine: [String] = []
    var hasJournal = false
    var isJournalKept = false
    var hasUnifiedCgroups = false
    var groups: [String: UInt32] = [:]
    /// The users of groups, as the host's files name them: the daemon goes by these, too.
    var members: [String: Set<UInt32>] = [:]
    /// Of the configuration; those that are missing or hidden are not in it.
    var files: [File] = []
    var hiddenFiles: [String] = []
    var isDaemonRunning = false

    static let memoryFiles = "vm.memfd_noexec"
    static let userNamespaces = "kernel.unprivileged_userns_clone"
    static let userNamespaceLimit = "user.max_user_namespaces"

    /// No facts; for tests.
    init(capabilities: HostCapabilities) { self.capabilities = capabilities }

    /// Looks at this host.
    init(configuration: String) {
        isRoot = Host.isRoot
        do throws(SystemError) {
            _ = try FanotifyGroup()
        } catch {
            fanotifyFailure = error.description
        }
        (listeners, areListenersComplete) = FanotifyListener.all()
        isDaemonRunning = listeners.contains { $0.name == "minewardend" && $0.holdsExecs }
        if let watcher = try? MountWatcher() { mounts = (try? watcher.read())?.mounts ?? [] }
        for name in [Self.memoryFiles, Self.userNamespaces, Self.userNamespaceLimit] {
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            settings[name] = Self.text(path).flatMap { Int($0) }
        }
        commandLine = (Self.text("/proc/cmdline") ?? "").split(separator: " ").map(String.init)
        hasJournal = (try? FileIdentity(ofPath: JournalSocket.systemPath)) != nil
        isJournalKept = FileLookup.isDirectory("/var/log/journal")
        hasUnifiedCgroups = (try? FileIdentity(ofPath: "/sys/fs/cgroup/cgroup.controllers")) != nil
        readGroups()
        readFiles(configuration)
    }

    private mutating func readGroups() {
        let passwd = Self.text("/etc/passwd") ?? ""
        readGroups(Self.text("/etc/group") ?? "", passwd: passwd)
    }

    /// Takes group(5) and passwd(5).
    mutating func readGroups(_ group: String, passwd: String) {
        var users: [Substring: UInt32] = [:]
        var primary: [UInt32: Set<UInt32>] = [:]
        for words in Self.lines(passwd) where words.count > 3 {
            guard let user = UInt32(words[2]), let group = UInt32(words[3]) else { continue }
            users[words[0]] = user
            primary[group, default: []].insert(user)
        }
        for words in Self.lines(group) where words.count > 2 {
            guard let number = UInt32(words[2]) else { continue }
            let names = words.count > 3 ? words[3].split(separator: ",") : []
            groups[String(words[0])] = number
            members[String(words[0])] = Set(names.compactMap { users[$0] })
                .union(primary[number] ?? [])
        }
    }

    private static func lines(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false)
        }
    }

    private mutating func readFiles(_ configuration: String) {
        var paths = [
            configuration, "\(configuration)/minewarden.yaml", "\(configuration)/protection.yaml",
            "\(configuration)/rules.d", RuleFiles.shippedRules,
        ]
        for directory in ["\(configuration)/rules.d", RuleFiles.shippedRules] {
            do throws(SystemError) {
                paths += try ConfigurationFile.names(in: directory).map { "\(directory)/\($0)" }
            } catch {
                if error.isPermissionDenied { hiddenFiles.append(directory) }
            }
        }
        for path in paths {
            do throws(SystemError) {
                let identity = try FileIdentity(ofPath: path)
                files.append(
                    File(
                        path: path,
                        user: identity.user,
                        group: identity.group,
                        permissions: identity.mode & 0o7777
                    )
                )
            } catch {
                if error.isPermissionDenied { hiddenFiles.append(path) }
            }
        }
    }

    /// The text of a small file, without white space around it.
    private static func text(_ path: String) -> String? {
        guard let bytes = try? ConfigurationFile.read(path, limit: 1 << 20) else { return nil }
        var text = String(decoding: bytes, as: UTF8.self)[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
