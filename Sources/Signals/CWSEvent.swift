// The shape of Datadog CWS events: names and nesting as their consumers expect them.
// What is not known is left out, `uid` and `gid` too: a made-up 0 would accuse root.

/// The members of one detection in the shape of a CWS event.
struct CWSEvent {
    let signal: Signal
    let detection: Detection
    let detail: EventDetail

    /// How many ancestors an event lists.
    static let ancestorLimit = 16

    func members(_ writer: inout JSONWriter) {
        writer.key("agent")
        writer.object { agentMembers(&$0) }
        writer.member("title", detection.rule?.description ?? detection.message)
        writer.key("evt")
        writer.object {
            $0.member("name", "exec")
            $0.member("category", "Process Activity")
            $0.member("outcome", outcome)
            $0.flag("async", detection.detectedBy != .held)
        }
        writer.member("date", signal.time)
        file("file", detection.process.executable, &writer)
        writer.key("process")
        writer.object { process(detection.process, isSubject: true, &$0) }
        container(&writer)
        writer.flag("truncated", detail != .everything)
    }

    /// What became of the exec itself; nil if nobody saw it.
    private var outcome: String? {
        switch detection.outcome {
        case .denied, .deniedUnreadable: "Refused"
        case .gone where detection.kill == nil: nil
        default: "Success"
        }
    }

    private func agentMembers(_ writer: inout JSONWriter) {
        let rule = detection.rule
        writer.member("rule_id", rule?.id)
        writer.member("rule_version", rule?.version)
        writer.member("policy_name", rule?.policyName)
        writer.member("policy_version", rule?.policyVersion)
        writer.member("version", signal.host.agentVersion)
        writer.member("os", "linux")
        writer.member("arch", signal.host.architecture)
        writer.member("kernel_version", signal.host.kernelRelease)
        writer.member("origin", "minewarden")
        writer.key("rule_actions")
        writer.array { actions(&$0) }
    }

    private func actions(_ writer: inout JSONWriter) {
        if detection.outcome == .denied {
            writer.object {
                $0.member("type", "deny")
                $0.member("status", "performed")
                $0.member("detected_at", signal.time)
            }
        }
        if let report = detection.kill {
            writer.object {
                $0.member("type", "kill")
                $0.member("signal", report.signal)
                $0.member("scope", report.scope.rawValue)
                $0.member("status", report.status.rawValue)
                $0.member("created_at", report.createdAt)
                $0.member("detected_at", report.detectedAt)
                $0.member("killed_at", report.killedAt)
                $0.member("exited_at", report.exitedAt)
                $0.member("ttr", report.timeToResponseNanoseconds.map(GoDuration.text))
            }
        } else if detection.whyMonitored == .disarmed {
            writer.object {
                $0.member("type", "kill")
                $0.member("status", "rule_disarmed")
            }
        }
    }

    private func process(_ record: ProcessRecord, isSubject: Bool, _ writer: inout JSONWriter) {
        let hasArguments = detail == .everything || isSubject && detail == .withoutAncestors
        writer.member("pid", record.pid)
        writer.member("ppid", record.parentPID)
        writer.member("tid", record.tid)
        writer.member("uid", record.uid)
        writer.member("gid", record.gid)
        writer.member("user", record.user)
        writer.member("comm", record.comm)
        writer.member("tty", record.terminal)
        writer.member("exec_time", record.startedAt)
        credentials(record, &writer)
        file("executable", record.executable, &writer)
        file("interpreter", record.interpreter, &writer)
        if !record.cgroup.isEmpty {
            writer.key("cgroup")
            writer.object { $0.member("id", record.cgroup) }
        }
        writer.member("argv0", record.arguments.argv0)
        if hasArguments {
            writer.key("args")
            writer.array(record.arguments.values)
        }
        writer.flag("args_truncated", record.arguments.isTruncated || !hasArguments)
        guard isSubject else { return }
        if hasArguments {
            writer.key("envs")
            writer.array(record.environment.names)
            writer.key("envp")
            writer.array(record.environment.values)
        }
        writer.flag("envs_truncated", record.environment.isTruncated || !hasArguments)
        writer.member("cwd", record.workingDirectory)
        writer.member("service", record.service)
        ancestors(&writer)
    }

    private func ancestors(_ writer: inout JSONWriter) {
        guard detail == .everything else { return }
        if let parent = detection.ancestors.first {
            writer.key("parent")
            writer.object { process(parent, isSubject: false, &$0) }
        }
        writer.key("ancestors")
        writer.array { writer in
            for ancestor in detection.ancestors.prefix(Self.ancestorLimit) {
                writer.object { process(ancestor, isSubject: false, &$0) }
            }
        }
        writer.flag("ancestors_truncated", detection.ancestors.count > Self.ancestorLimit)
    }

    private func credentials(_ record: ProcessRecord, _ writer: inout JSONWriter) {
        writer.key("credentials")
        writer.object {
            $0.member("uid", record.uid)
            $0.member("user", record.user)
            $0.member("gid", record.gid)
            $0.member("euid", record.effectiveUID)
            $0.member("egid", record.effectiveGID)
            $0.member("auid", record.loginUID)
        }
    }

    private func file(_ name: String, _ file: FileRecord?, _ writer: inout JSONWriter) {
        guard let file else { return }
        writer.key(name)
        writer.object {
            $0.member("path", file.path)
            $0.member("name", file.name)
            $0.member("inode", file.inode)
            $0.member("mode", file.mode)
            $0.member("filesystem", file.filesystem)
            $0.member("uid", file.uid)
            $0.member("gid", file.gid)
            $0.member("size", file.sizeBytes)
            $0.member("modification_time", file.modifiedAt)
            $0.member("change_time", file.changedAt)
            if let digits = file.sha256Digits {
                $0.key("hashes")
                $0.array([Array("sha256:\(digits)".utf8)])
            }
        }
    }

    private func container(_ writer: inout JSONWriter) {
        guard let container = detection.container else { return }
        writer.key("container")
        writer.object {
            $0.member("id", container.id)
            $0.member("created_at", container.createdAt)
            $0.member("runtime", container.runtime)
            $0.member("image", container.image)
            $0.member("image_name", container.imageName)
            $0.member("short_image", container.shortImage)
            $0.member("image_tag", container.imageTag)
        }
    }
}
