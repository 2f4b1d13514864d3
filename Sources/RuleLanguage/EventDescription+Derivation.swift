// What follows from what in an event that was written down, like arguments from the vector. What was
// given is never replaced.

extension EventDescription {
    /// Adds what follows from what was given.
    func derive() {
        if stored[Key(field: Field(.event, .os), element: 0)] == nil { put(.os, .event, "linux") }
        now = integer(Field(.event, .timestamp), element: 0)
        copyParent()
        deriveProcess(.process, 0)
        deriveProcess(.parent, 0)
        for element in 0..<ancestorCount { deriveProcess(.ancestors, element) }
        deriveParents()
        deriveCalledNames()
        let marker = Array("DD_SERVICE=".utf8)
        let environment = strings(Field(.process, .envp), element: 0)
        if let entry = environment.first(where: { $0.starts(with: marker) }) {
            fill(Field(.event, .service), 0, .string(Array(entry.dropFirst(marker.count))))
        }
    }

    /// Each process's parent id is the id of the next one.
    private func deriveParents() {
        func id(_ subject: Subject, _ element: Int) -> Stored? {
            stored[Key(field: Field(subject, .pid), element: element)]
        }
        for element in 0..<ancestorCount {
            if let next = id(.ancestors, element + 1) {
                fill(Field(.ancestors, .ppid), element, next)
            }
        }
        if let second = id(.ancestors, 1) { fill(Field(.parent, .ppid), 0, second) }
        if let parent = id(.parent, 0) { fill(Field(.process, .ppid), 0, parent) }
    }

    /// A program goes by the path it was called by, too: that of a symbolic link.
    private func deriveCalledNames() {
        let called = Array(string(Field(.process, .syscallPath), element: 0))
        guard !called.isEmpty else { return }
        if called.first == UInt8(ascii: "/") {
            alternatives[Field(.process, .filePath)] = ByteStringList([called])
        }
        alternatives[Field(.process, .fileName)] = ByteStringList([baseName(called)])
    }

    private func put(_ attribute: Attribute, _ subject: Subject, _ text: String) {
        stored[Key(field: Field(subject, attribute), element: 0)] = .string(Array(text.utf8))
    }

    private func fill(_ field: Field, _ element: Int, _ value: Stored) {
        let key = Key(field: field, element: element)
        if stored[key] == nil { stored[key] = value }
    }

    /// The parent is the first ancestor, whichever of them was given.
    private func copyParent() {
        for (key, value) in stored where key.element == 0 {
            if key.field.subject == .ancestors {
                fill(Field(.parent, key.field.attribute), 0, value)
            } else if key.field.subject == .parent, ancestorCount == 0 {
                fill(Field(.ancestors, key.field.attribute), 0, value)
            }
        }
        if stored.keys.contains(where: { $0.field.subject == .parent }) {
            ancestorCount = max(ancestorCount, 1)
        }
    }

    private func deriveProcess(_ subject: Subject, _ element: Int) {
        func given(_ attribute: Attribute) -> Stored? {
            stored[Key(field: Field(subject, attribute), element: element)]
        }
        func follow(_ attribute: Attribute, _ value: Stored) {
            fill(Field(subject, attribute), element, value)
        }
        if case .string(let path)? = given(.filePath) { follow(.fileName, .string(baseName(path))) }
        if case .string(let path)? = given(.interpreterPath) {
            follow(.interpreterName, .string(baseName(path)))
        }
        // The kernel names a task after the path that was called, if that was a link.
        if case .string(let called)? = given(.syscallPath), !called.isEmpty {
            follow(.comm, .string(Array(baseName(called).prefix(15))))
        }
        if case .string(let name)? = given(.fileName) {
            follow(.comm, .string(Array(name.prefix(15))))
        }
        if case .integer(let mode)? = given(.fileMode) {
            follow(.fileRights, .integer(mode & 0o7777))
        }
        if case .integer(let mode)? = given(.interpreterMode) {
            follow(.interpreterRights, .integer(mode & 0o7777))
        }
        var vector: [ByteString] = [[]]
        if case .string(let first)? = given(.argv0) { vector = [first[...]] }
        if case .strings(let rest)? = given(.argv) { vector += rest }
        var environment = ByteStringList()
        if case .strings(let entries)? = given(.envp) { environment = entries }
        let arguments = ProgramArguments(argv: ByteStringList(vector), envp: environment)
        if given(.argv) != nil {
            follow(.args, .string(Array(arguments.args)))
            follow(.argsFlags, .strings(arguments.flags))
            follow(.argsOptions, .strings(arguments.options))
        }
        if given(.envp) != nil { follow(.envs, .strings(arguments.names)) }
        for attribute in Attribute.allCases {
            guard let list = arguments.evidence(attribute), !list.isEmpty else { continue }
            follow(attribute, .strings(list))
        }
    }

    private func baseName(_ path: [UInt8]) -> [UInt8] {
        Array(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
    }
}
