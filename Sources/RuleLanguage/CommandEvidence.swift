// What the arguments and the environment of a program give away, for fields of our own: they are
// extensions of the language. Owns which words belong to which program; EvidenceLists takes single
// values apart. Pure, lazy, linear in the length of what it reads.

/// The evidence in one program's arguments and environment.
///
/// Used on one thread at a time. Everything kept is a copy, in buffers that are used again.
final class CommandEvidence {
    private var arguments = EvidenceLists(readsForwarded: true)
    private var environment = EvidenceLists(readsForwarded: false)
    private var optionNames = ByteStringList()
    private var endpointOptions = ByteStringList()
    private var walletOptions = ByteStringList()
    private var programs = ByteStringList()
    private var started = ByteStringList()
    private var images = ByteStringList()
    private var variables = ByteStringList()
    private var environmentEndpointOptions = ByteStringList()
    /// The vector of a program that starts another one.
    private var words: [ByteString] = []
    /// Values of options that are commands themselves.
    private var commandLines: [ByteString] = []
    /// Whether they have been read since the last `reset`.
    private(set) var hasArguments = false
    private(set) var hasEnvironment = false
    /// Words and scripts inside of scripts that may still be read.
    private var nestingBudget = 0

    private static let maximumDepth = 5
    private static let maximumNested = 512

    /// Forgets the program.
    func reset() {
        hasArguments = false
        hasEnvironment = false
    }

    /// The list a field asks for, once arguments or environment have been read; nil if the attribute
    /// is not about evidence.
    func list(_ attribute: Attribute) -> ByteStringList? {
        switch attribute {
        case .argsHosts: return arguments.hosts
        case .argsWallets: return arguments.wallets
        case .argsSchemes: return arguments.schemes
        case .argsAlgorithms: return arguments.algorithms
        case .argsOptionNames: return optionNames
        case .argsEndpointOptions: return endpointOptions
        case .argsWalletOptions: return walletOptions
        case .argsPrograms: return programs
        case .argsStarted: return started
        case .argsImages: return images
        case .argsEnvs: return variables
        case .envsHosts: return environment.hosts
        case .envsWallets: return environment.wallets
        case .envsSchemes: return environment.schemes
        case .envsAlgorithms: return environment.algorithms
        case .envsEndpointOptions: return environmentEndpointOptions
        default: return nil
        }
    }

    // MARK: - Environment

    /// Looks at the values of variables.
    func readEnvironment(_ entries: ByteStringList) {
        hasEnvironment = true
        environment.removeAll()
        environmentEndpointOptions.removeAll()
        // Few variables hold anything: the others cost no slice.
        let bytes = entries.bytes.span
        for bounds in entries.bounds where bytes.extracting(bounds).mayHoldVariable {
            _ = Self.readVariable(
                entries.bytes[bounds],
                into: &environment,
                endpointOptions: &environmentEndpointOptions
            )
        }
    }

    /// Takes NAME=VALUE apart; returns the name.
    ///
    /// A line of options is looked through as well; the name of one with a host and a port is added to
    /// `endpointOptions`.
    private static func readVariable(
        _ entry: ByteString,
        into lists: inout EvidenceLists,
        endpointOptions: inout ByteStringList
    ) -> ByteString {
        guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return entry }
        let name = entry[..<equals]
        let value = entry[(equals + 1)...]
        _ = lists.read(value)
        if OptionVocabulary.isForAlgorithms(name) { lists.readAlgorithms(value) }
        if OptionLine.isHeld(by: name.span, value: value.span) {
            if let option = lists.readOptionLine(value) { endpointOptions.append(option) }
        }
        return name
    }

    // MARK: - Arguments

    /// Looks at options, values, and the programs that they start.
    func readArguments(_ vector: ByteStringList) {
        hasArguments = true
        arguments.removeAll()
        optionNames.removeAll()
        endpointOptions.removeAll()
        walletOptions.removeAll()
        programs.removeAll()
        started.removeAll()
        images.removeAll()
        variables.removeAll()
        commandLines.removeAll(keepingCapacity: true)
        nestingBudget = Self.maximumNested
        readWords(vector.dropFirst())
        if let program = vector.first?.baseName, Self.startsAnother(program) {
            words.append(contentsOf: vector)
            if let innermost = readStarted(by: words[...], depth: 0), innermost != program {
                started.append(innermost)
            }
        }
        // What these hold in turn is not followed: it is judged when it starts.
        for line in commandLines { readScript(line, depth: 1) }
        // The slices hold the vector's buffer.
        commandLines.removeAll(keepingCapacity: true)
        words.removeAll(keepingCapacity: true)
    }

    /// Looks at options and values.
    private func readWords<Words: RandomAccessCollection>(_ words: Words)
    where Words.Element == ByteString, Words.Index == Int {
        var index = words.startIndex
        while index < words.endIndex {
            let word = words[index]
            index += 1
            guard word.first == UInt8(ascii: "-"), word.count > 1 else {
                readBare(word)
                continue
            }
            let isLong = word[word.startIndex + 1] == UInt8(ascii: "-")
            let body = word.dropFirst(isLong ? 2 : 1)
            let equals = body.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { body[..<$0] } ?? body
            guard let first = name.first, first.isLetter || first.isDigit, name.count <= 64 else {
                continue
            }
            optionNames.append(name)
            if let equals {
                readValue(body[(equals + 1)...], of: name)
            } else if index < words.endIndex, words[index].first != UInt8(ascii: "-") {
                readValue(words[index], of: name)
                index += 1
            }
            // -ostratum+tcp://…: the value may follow a letter at once.
            if !isLong, body.count > 6 { readValue(body.dropFirst(), of: body.prefix(1)) }
        }
    }

    private func readValue(_ value: ByteString, of name: ByteString) {
        let found = arguments.read(value)
        if found.contains(.endpoint) { endpointOptions.append(name) }
        if found.contains(.wallet) { walletOptions.append(name) }
        if OptionVocabulary.isForAlgorithms(name) { arguments.readAlgorithms(value) }
        // That of `sh -c` is read as the script it is.
        if value.isCommandLine, !name.elementsEqual("c".utf8) { commandLines.append(value) }
    }

    /// A word that is no option: a value by itself, or NAME=VALUE.
    private func readBare(_ word: ByteString) {
        _ = arguments.read(word)
        guard word.isAssignment, let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return }
        _ = arguments.read(word[(equals + 1)...])
    }

    // MARK: - Programs inside

    /// Whether a program is one of those whose arguments are commands.
    private static func startsAnother(_ program: ByteString) -> Bool {
        CommandWrapper.named(program) != nil || OptionVocabulary.isShell(program)
            || ContainerCommand.isClient(program)
    }

    /// Follows wrappers, container clients and shell scripts to the programs they start.
    ///
    /// Returns the name of the innermost program; nil if that is a shell script.
    private func readStarted(by words: ArraySlice<ByteString>, depth: Int) -> ByteString? {
        var words = words
        var depth = depth
        while true {
            let name = words.first?.baseName ?? []
            guard depth < Self.maximumDepth, nestingBudget > 0 else { return name }
            depth += 1
            nestingBudget -= 1
            if let script = OptionVocabulary.script(in: words) {
                readScript(script, depth: depth)
                return nil
            }
            if let container = ContainerCommand(words) {
                read(container)
                guard let program = container.program.first,
                    program.first != UInt8(ascii: "-")
                else { return name }
                words = container.program
            } else if let wrapper = CommandWrapper.named(name),
                let start = wrapper.program(in: words, assignments: readAssignment)
            {
                words = words[start...]
            } else {
                return name
            }
            if let first = words.first, first.contains(UInt8(ascii: " ")) {
                // tmux, ssh and others take a whole command as one word.
                readScript(first, depth: depth)
                return nil
            }
            programs.append(words.first?.baseName ?? [])
        }
    }

    private func read(_ container: ContainerCommand) {
        for entry in container.environment { readAssignment(entry) }
        if let image = container.shortImage { images.append(image) }
    }

    private func readAssignment(_ entry: ByteString) {
        let name = Self.readVariable(
            entry,
            into: &arguments,
            endpointOptions: &endpointOptions
        )
        variables.append(name)
    }

    private func readScript(_ script: ByteString, depth: Int) {
        for command in ShellScript.commands(of: script) {
            let assignments = command.prefix { $0.isAssignment }
            for assignment in assignments { readAssignment(assignment) }
            let words = command[assignments.endIndex...]
            guard let first = words.first else { continue }
            programs.append(first.baseName)
            // What a script greps for or writes to a file is not what it runs.
            if let innermost = readStarted(by: words, depth: depth),
                OptionVocabulary.isTextTool(innermost)
            {
                continue
            }
            readWords(words.dropFirst())
        }
    }
}

extension ByteString {
    /// Whether a value is a command with arguments: it begins with the path of a program.
    fileprivate var isCommandLine: Bool {
        guard count > 8, first == UInt8(ascii: "/") || starts(with: "./".utf8) else { return false }
        return contains(UInt8(ascii: " "))
    }
}
