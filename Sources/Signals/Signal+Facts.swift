// The flat values of a signal, in the order in which they are shown.

extension Signal {
    /// The values of the signal, named once for the journal and for JSON.
    ///
    /// Bytes are as the host has them, not escaped; command lines are quoted as for a shell.
    package var facts: [Fact] {
        var list = FactList()
        list.add("id", id.description)
        list.add("kind", kind.rawValue)
        list.add("version", host.agentVersion)
        switch body {
        case .service(let event):
            return list.facts + event.facts.filter { $0.name != "version" }
        case .detection(let detection):
            detection.addVerdict(to: &list)
            detection.process.addFacts(to: &list)
            detection.addSurroundings(to: &list)
            detection.kill?.addFacts(to: &list)
        }
        return list.facts
    }
}

extension Detection {
    fileprivate func addVerdict(to list: inout FactList) {
        list.add("outcome", outcome.rawValue)
        list.add("threat", threat.text)
        if let rule {
            list.add("rule_id", rule.id)
            list.add("rule_description", rule.description)
            list.add("rule_file", rule.file)
            if rule.line > 0 { list.add("rule_line", rule.line) }
            list.add("rule_tags", rule.tags.joined(separator: ","))
            list.add("rule_expression", rule.expression)
            list.add("severity", rule.severity)
        }
        list.add("protection", protection.rawValue)
        list.add("active_protection", isActiveProtectionEnabled ? "enabled" : "disabled")
        list.add("why_monitored", whyMonitored?.rawValue)
        list.add("detected_by", detectedBy.rawValue)
        if isCheckOnly { list.add("check_only", true) }
        if isUnreadable { list.add("unreadable", true) }
        list.add("latency_usec", latencyNanoseconds.map { $0 / 1000 })
        list.add("generation", generation)
    }

    fileprivate func addSurroundings(to list: inout FactList) {
        if let parent = ancestors.first {
            list.add("parent_exe", parent.executable?.path)
            list.add("parent_comm", parent.comm)
        }
        guard let container else { return }
        list.add("container_id", container.id)
        list.add("container_runtime", container.runtime)
        list.add("image", container.image)
        list.add("image_name", container.imageName)
        list.add("short_image", container.shortImage)
        list.add("image_tag", container.imageTag)
    }
}

extension ProcessRecord {
    fileprivate func addFacts(to list: inout FactList) {
        list.add("pid", pid)
        list.add("ppid", parentPID)
        list.add("tid", tid)
        list.add("uid", uid)
        list.add("user", user)
        list.add("gid", gid)
        list.add("euid", effectiveUID)
        list.add("egid", effectiveGID)
        list.add("auid", loginUID)
        list.add("comm", comm)
        list.add("exe", executable?.path)
        list.add("inode", executable?.inode)
        list.add("device", executable?.device.map { "\($0.major):\($0.minor)" })
        list.add("mode", executable?.mode.map { "0" + String($0, radix: 8) })
        list.add("file_uid", executable?.uid)
        list.add("file_gid", executable?.gid)
        list.add("size_bytes", executable?.sizeBytes)
        list.add("sha256", executable?.sha256Digits)
        list.add("interpreter", interpreter?.path)
        list.add("argv0", arguments.argv0)
        list.add("args", Escaping.commandLine(arguments.values))
        if arguments.isTruncated { list.add("args_truncated", true) }
        list.add("envs", Escaping.commandLine(environment.values))
        if environment.isTruncated { list.add("envs_truncated", true) }
        list.add("cwd", workingDirectory)
        list.add("tty", terminal)
        list.add("cgroup", cgroup)
        list.add("unit", unit)
        list.add("service", service)
    }
}

extension KillReport {
    fileprivate func addFacts(to list: inout FactList) {
        list.add("kill_signal", signal)
        list.add("kill_scope", scope.rawValue)
        list.add("kill_status", status.rawValue)
        list.add("kill_failure", failure)
        list.add("kill_targets", targetCount)
        list.add("cpu_time_usec", cpuTimeNanoseconds.map { $0 / 1000 })
        list.add("time_to_response_usec", timeToResponseNanoseconds.map { $0 / 1000 })
    }
}

extension FileRecord {
    /// The digest as hexadecimal digits; nil if there is none.
    var sha256Digits: String? {
        guard !sha256.isEmpty else { return nil }
        return sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
