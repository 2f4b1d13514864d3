// From what was found to what is told. Pure: the same facts give the same checks.

internal import LinuxSystem

extension HostFindings {
    /// All checks, in the order in which somebody would mend things.
    var checks: [HostCheck] {
        [kernel, rights, namespaces, fanotify, commandLineSwitch, memory, processEvents]
            + [otherListeners, filesystems, cgroups, journal]
            + ownership + [memoryFileExecs, userNamespaceMounts, daemon]
    }

    // MARK: - What the daemon cannot do without

    private var kernel: HostCheck {
        guard let release = capabilities.kernel else {
            return HostCheck("kernel", .warn, "its release is not understood")
        }
        let isOld = (release.major, release.minor) < (6, 1)
        return HostCheck(
            "kernel",
            !isOld,
            else: .warn,
            "Linux \(release.text)",
            remedy: "tested from Linux 6.1 on; older kernels may lack what is needed"
        )
    }

    private var rights: HostCheck {
        guard isRoot else {
            return HostCheck(
                "rights",
                .warn,
                "not root: what only root may see or try is not known",
                remedy: "run it again with sudo"
            )
        }
        let missing = Capability.allCases.filter { !capabilities.has($0).isAvailable }.map(\.name)
        return HostCheck(
            "rights",
            missing.isEmpty,
            else: .fail,
            missing.isEmpty ? "all capabilities are there" : "missing \(missing.list)",
            remedy: "start the daemon outside of containers, by minewardend.service"
        )
    }

    private var namespaces: HostCheck {
        let probes = [
            capabilities.userNamespace, capabilities.pidNamespace, capabilities.networkNamespace,
        ]
        let others = probes.filter { !$0.isAvailable }
        guard !others.isEmpty else {
            return HostCheck("namespaces", .ok, "those of the host")
        }
        return HostCheck(
            "namespaces",
            isRoot ? .fail : .warn,
            others.map(\.reason).list,
            remedy: isRoot
                ? "the daemon must run on the host itself, not in a container"
                : "run it again with sudo: without it, namespaces cannot be compared"
        )
    }

    private var fanotify: HostCheck {
        guard let fanotifyFailure else {
            return HostCheck("fanotify", .ok, "execs can be held before they run")
        }
        return HostCheck(
            "fanotify",
            isRoot ? .fail : .warn,
            isRoot ? fanotifyFailure : "not tried: \(fanotifyFailure)",
            remedy: isRoot
                ? "without it programs can only be killed after they started; use a kernel with"
                    + " CONFIG_FANOTIFY_ACCESS_PERMISSIONS"
                : "run it again with sudo"
        )
    }

    private var commandLineSwitch: HostCheck {
        HostCheck(
            "kernel-command-line",
            !commandLine.contains("minewarden=off"),
            else: .fail,
            commandLine.contains("minewarden=off")
                ? "minewarden=off: the unit is not started" : "does not turn minewarden off",
            remedy: "start the host without it"
        )
    }

    private var memory: HostCheck {
        let probe = capabilities.memoryReading
        return HostCheck(
            "task-memory",
            probe.isAvailable,
            else: isRoot ? .fail : .warn,
            probe.reason,
            remedy: "arguments of programs about to start cannot be read without it; set"
                + " kernel.yama.ptrace_scope to 2 or less"
        )
    }

    private var processEvents: HostCheck {
        let right = capabilities.has(.netAdmin)
        let place = capabilities.networkNamespace
        var finding = "what could not be held is seen right after it started"
        if !place.isAvailable { finding = "this network namespace hears no process events" }
        if !right.isAvailable { finding = "\(right.subject) is \(right.reason)" }
        return HostCheck(
            "process-events",
            right.isAvailable && place.isAvailable,
            else: isRoot ? .fail : .warn,
            finding,
            remedy: isRoot ? "run in the host's network namespace" : "run it again with sudo"
        )
    }

    // MARK: - What takes a part away

    private var otherListeners: HostCheck {
        let others = listeners.filter {
            ($0.holdsOpens || $0.holdsExecs) && $0.name != "minewardend"
        }
        guard others.isEmpty else {
            return HostCheck(
                "other-listeners",
                .warn,
                others.map { "\($0.name) (\($0.pid))" }.list + " also hold opens or execs",
                remedy:
                    "each adds its time to every exec, and one that waits for the other stops both"
            )
        }
        return HostCheck(
            "other-listeners",
            areListenersComplete,
            else: .warn,
            areListenersComplete ? "none" : "none seen, but not all processes could be looked at",
            remedy: isRoot ? "some processes are hidden from root here" : "run it again with sudo"
        )
    }

    private var filesystems: HostCheck {
        var left: [String] = []
        for mount in mounts {
            guard case .excluded(let reason) = FilesystemKind(type: mount.filesystemType),
                reason != .pseudo
            else { continue }
            left.append(
                "\(String(decoding: mount.mountPoint, as: UTF8.self)) (\(mount.filesystemType))"
            )
        }
        let count = Set(
            mounts.filter { FilesystemKind(type: $0.filesystemType).isMarkable }.map(\.device)
        ).count
        return HostCheck(
            "filesystems",
            left.isEmpty,
            else: .warn,
            "\(count) can be held" + (left.isEmpty ? "" : ", but not \(left.list)"),
            remedy:
                "programs there are killed after they started, not denied; mount with noexec what"
                + " needs no programs"
        )
    }

    private var cgroups: HostCheck {
        HostCheck(
            "cgroups",
            hasUnifiedCgroups,
            else: .warn,
            hasUnifiedCgroups ? "version 2" : "/sys/fs/cgroup is not version 2",
            remedy: "units and containers are recognised by it; boot with"
                + " systemd.unified_cgroup_hierarchy=1"
        )
    }

    private var journal: HostCheck {
        guard hasJournal else {
            return HostCheck(
                "journal",
                .fail,
                "journald does not listen on \(JournalSocket.systemPath)",
                remedy: "start systemd-journald, or set `output` in minewarden.yaml"
            )
        }
        return HostCheck(
            "journal",
            isJournalKept,
            else: .warn,
            isJournalKept ? "kept over reboots" : "signals are lost with a reboot",
            remedy: "mkdir /var/log/journal && systemctl restart systemd-journald"
        )
    }

    private var memoryFileExecs: HostCheck {
        let level = settings[Self.memoryFiles]
        return HostCheck(
            "memory-files",
            (level ?? 0) > 0,
            else: .warn,
            level.map { "\(Self.memoryFiles) is \($0)" }
                ?? "the kernel has no \(Self.memoryFiles) (since 6.3)",
            remedy: "a static program in a memory file is killed after it started, not denied"
                + (level == nil ? "" : "; sysctl \(Self.memoryFiles)=1 helps against careless ones")
        )
    }

    private var userNamespaceMounts: HostCheck {
        let isClosed =
            settings[Self.userNamespaces] == 0 || settings[Self.userNamespaceLimit] == 0
        return HostCheck(
            "user-namespaces",
            isClosed,
            else: .warn,
            isClosed
                ? "only root makes them"
                : "anybody may mount a filesystem that is not held at once",
            remedy: settings[Self.userNamespaces] == nil
                ? "sysctl \(Self.userNamespaceLimit)=0, if no container of ordinary users needs them"
                : "sysctl \(Self.userNamespaces)=0, if no container of ordinary users needs them"
        )
    }

    private var daemon: HostCheck {
        HostCheck(
            "daemon",
            isDaemonRunning,
            else: areListenersComplete ? .fail : .warn,
            isDaemonRunning
                ? "minewardend holds execs"
                : areListenersComplete ? "minewardend does not hold execs" : "not known",
            remedy: areListenersComplete
                ? "systemctl start minewardend, then journalctl -u minewardend"
                : "run it again with sudo"
        )
    }
}

extension [String] {
    /// "a, b, c", the first few of many.
    var list: String {
        prefix(6).joined(separator: ", ") + (count > 6 ? " and \(count - 6) more" : "")
    }
}
