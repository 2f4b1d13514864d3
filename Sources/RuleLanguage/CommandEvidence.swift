// What the arguments and the environment of a program give away, for fields of our own: they are
// extensions of the language. Owns which words belong to which program; EvidenceLists takes single
// values apart. Pure, lazy, linear in the length of what it reads.

/// The evidence in one program's arguments and environment.
///
/// Used on one thread at a time. Everything kept is a copy, in buffers that are used again.
final class CommandEvidence {
    private var arguments = EvidenceLists()
    private var environment = EvidenceLists()
    private var optionNames = ByteStringList()
    private var endpointOptions = ByteStringList()
    private var walletOptions = ByteStringList()
    private var programs = ByteStringList()
    private var images = ByteStringList()
    private var variables = ByteStringList()
    private var hasArguments = false
    private var hasEnvironment = false
    /// Words and scripts inside of scripts that may still be read.
    private var nestingBudget = 0

    private static let maximumDepth = 5
    private static let maximumNested = 512

    /// Forgets the program.
    func reset() {
        hasArguments = false
        hasEnvironment = false
    }

    /// The list a field asks for; nil if the attribute is not about evidence.
    func list(
        _ attribute: Attribute,
        argv: ByteStringList,
        envp: ByteStringList
    ) -> ByteStringList? {
        switch attribute {
        case .envsHosts, .envsWallets, .envsSchemes, .envsAlgorithms: readEnvironment(envp)
        default: readArguments(argv)
        }
        switch attribute {
        case .argsHosts: return arguments.hosts
        case .argsWallets: return arguments.wallets
        case .argsSchemes: return arguments.schemes
        case .argsAlgorithms: return arguments.algorithms
        case .argsOptionNames: return optionNames
        case .argsEndpointOptions: return endpointOptions
        case .argsWalletOptions: return walletOptions
        case .argsPrograms: return programs
        case .argsImages: return images
        case .argsEnvs: return variables
        case .envsHosts: return environment.hosts
        case .envsWallets: return environment.wallets
        case .envsSchemes: return environment.schemes
        case .envsAlgorithms: return environment.algorithms
        default: return nil
        }
    }

    // MARK: - Environment

    private func readEnvironment(_ entries: ByteStringList) {
        guard !hasEnvironment else { return }
        hasEnvironment = true
        environment.removeAll()
        for index in entries.indices {
            _ = Self.readVariable(entries[index], into: &environment)
        }
    }

    /// Takes NAME=VALUE apart; returns the name.
    private static func readVariable(
        _ entry: ByteString,
        into lists: inout EvidenceLists
    ) -> ByteString {
        guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return entry }
        let name = entry[..<equals]
        let value = entry[(equals + 1)...]
        _ = lists.read(value)
        if OptionVocabulary.isForAlgorithms(name) { lists.readAlgorithms(value) }
        return name
    }

    // MARK: - Arguments

    private func readArguments(_ vector: ByteStringList) {
        guard !hasArguments else { return }
        hasArguments = true
        arguments.removeAll()
        for list in [
            \CommandEvidence.optionNames, \.endpointOptions, \.walletOptions, \.programs, \.images,
            \.variables,
        ] {
            self[keyPath: list].removeAll()
        }
        nestingBudget = Self.maximumNested
        let words = vector.indices.map { vector[$0] }
        readWords(words[...].dropFirst())
        readStarted(by: words, depth: 0)
    }

    /// Looks at options and values.
    private func readWords(_ words: ArraySlice<ByteString>) {
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
    }

    /// A word that is no option: a value by itself, or NAME=VALUE.
    private func readBare(_ word: ByteString) {
        _ = arguments.read(word)
        guard word.isAssignment, let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return }
        _ = arguments.read(word[(equals + 1)...])
    }

    // MARK: - Programs inside

    /// Follows wrappers, container clients and shell scripts to the programs they start.
    ///
    /// Returns the name of the innermost program.
    @discardableResult
    private func readStarted(by words: [ByteString], depth: Int) -> ByteString {
        var words = words
        var depth = depth
        while true {
            let name = words.first?.baseName ?? []
            guard depth < Self.maximumDepth, nestingBudget > 0 else { return name }
            depth += 1
            nestingBudget -= 1
            if let wrapper = CommandWrapper.named(name),
                let start = wrapper.program(in: words, assignments: readAssignment)
            {
                words = Array(words[start...])
                programs.append(words.first?.baseName ?? [])
                continue
            }
            if let container = ContainerCommand(words) {
                read(container)
                guard !container.program.isEmpty else { return name }
                words = Array(container.program)
                programs.append(words.first?.baseName ?? [])
                continue
            }
            if let script = OptionVocabulary.script(in: words) { readScript(script, depth: depth) }
            return name
        }
    }

    private func read(_ container: ContainerCommand) {
        for entry in container.environment { readAssignment(entry) }
        if let image = container.shortImage { images.append(image) }
    }

    private func readAssignment(_ entry: ByteString) {
        variables.append(Self.readVariable(entry, into: &arguments))
    }

    private func readScript(_ script: ByteString, depth: Int) {
        for command in ShellScript.commands(of: script) {
            let assignments = command.prefix { $0.isAssignment }
            for assignment in assignments { readAssignment(assignment) }
            let words = Array(command[assignments.endIndex...])
            guard let first = words.first else { continue }
            programs.append(first.baseName)
            let innermost = readStarted(by: words, depth: depth)
            // What a script greps for or writes to a file is not what it runs.
            if !OptionVocabulary.isTextTool(innermost) { readWords(words[...].dropFirst()) }
        }
    }
}
