// What a command line says about the exec it would be: which file, under which names.

internal import LinuxSystem
internal import RuleLanguage

/// An exec that is asked about.
struct ExecInput {
    /// The program as given; nil for element 0 of `argv`.
    var executable: [UInt8]?
    /// With element 0; nil for the name of the program alone.
    var argv: [[UInt8]]?
    var envp: [[UInt8]]?

    /// Nothing known.
    init() {}

    /// The name the program is started by; nil if nothing says.
    ///
    /// A bare name says less than an element 0 that ends in it: shells put there what was typed.
    var program: [UInt8]? {
        let called = argv?.first.flatMap { $0.isEmpty ? nil : $0 }
        guard let executable, !executable.isEmpty else { return called }
        if !executable.contains(UInt8(ascii: "/")), let called, Self.baseName(called) == executable
        {
            return called
        }
        return executable
    }

    /// The event, without a look at any file.
    ///
    /// A bare name is taken to be in /usr/bin, where a shell would find it; of a relative path only
    /// the last element is known.
    func event(
        with values: [String: EventDescription.Value] = [:]
    ) throws(EventInputFailure) -> EventDescription {
        guard let program else { return try event(of: nil, with: values) }
        if program.first == UInt8(ascii: "/") { return try event(of: program, with: values) }
        if !program.contains(UInt8(ascii: "/")) {
            return try event(of: Array("/usr/bin/".utf8) + program, with: values)
        }
        var values = values
        if !Self.names(Field(.process, .fileName), in: values) {
            values["exec.file.name"] = .string(Self.baseName(program))
        }
        return try event(of: nil, with: values)
    }

    /// The event as it would be on this host: `PATH` and symbolic links are followed.
    func eventOnThisHost() throws(EventInputFailure) -> EventDescription {
        guard let program else { throw EventInputFailure("no program is named") }
        let path = Self.locate(program, path: Self.searchPath)
        let resolved = FileLookup.realPath(path) ?? path
        let values = [
            "exec.comm": EventDescription.Value.string(Array(Self.baseName(path).prefix(15)))
        ]
        let event = try event(of: resolved, with: values)
        if resolved != path {
            event.alternatives[Field(.process, .filePath)] = ByteStringList([path])
            event.alternatives[Field(.process, .fileName)] = ByteStringList([Self.baseName(path)])
        }
        return event
    }

    private func event(
        of path: [UInt8]?,
        with values: [String: EventDescription.Value]
    ) throws(EventInputFailure) -> EventDescription {
        var all = values
        func fill(_ name: String, _ attribute: Attribute, _ value: EventDescription.Value) {
            if !Self.names(Field(.process, attribute), in: values) { all[name] = value }
        }
        if let path { fill("exec.file.path", .filePath, .string(path)) }
        let vector = argv ?? (program.map { [Self.baseName($0)] } ?? [])
        if let first = vector.first { fill("exec.argv0", .argv0, .string(first)) }
        fill("exec.argv", .argv, .strings(Array(vector.dropFirst())))
        fill("exec.envp", .envp, .strings(envp ?? []))
        // What is so for every exec that the agent judges.
        let now = Int64(clamping: KernelClock.realtime.nanoseconds)
        fill("exec.created_at", .createdAt, .integer(now))
        fill("exec.is_exec", .isExec, .boolean(true))
        all["event.timestamp"] = all["event.timestamp"] ?? .integer(now)
        all["event.origin"] = all["event.origin"] ?? .text("ebpf")
        return try EventInput.description(all)
    }

    /// Whether values by name include a field, under whatever name.
    private static func names(
        _ field: Field,
        in values: [String: EventDescription.Value]
    ) -> Bool {
        values.keys.contains { FieldSchema.field(named: $0)?.field == field }
    }
}

// MARK: - Paths

extension ExecInput {
    private static var searchPath: String {
        Host.environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// The absolute path of a program as a shell would find it; a bare name that is nowhere is
    /// taken to be in /usr/bin.
    static func locate(_ program: [UInt8], path: String) -> [UInt8] {
        if program.contains(UInt8(ascii: "/")) { return absolute(program) }
        for folder in path.split(separator: ":", omittingEmptySubsequences: true) {
            let candidate = absolute(Array(folder.utf8) + [UInt8(ascii: "/")] + program)
            if FileLookup.isProgram(candidate) { return candidate }
        }
        return Array("/usr/bin/".utf8) + program
    }

    private static func absolute(_ path: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let whole = path.first == slash ? path : FileLookup.workingDirectory + [slash] + path
        var elements: [ArraySlice<UInt8>] = []
        for element in whole.split(separator: slash) {
            if element.elementsEqual("..".utf8) {
                _ = elements.popLast()
            } else if !element.elementsEqual(".".utf8) {
                elements.append(element)
            }
        }
        return [slash] + elements.joined(separator: [slash])
    }

    static func baseName(_ path: [UInt8]) -> [UInt8] {
        Array(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
    }
}
