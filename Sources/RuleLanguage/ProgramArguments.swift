// What rules ask about an argument vector and an environment, derived from them lazily and once.
// Pure; buffers are kept from one program to the next, so that a steady stream allocates nothing.

/// The arguments and environment of one program, and the fields derived from them.
///
/// Used on one thread at a time. Lists handed out share the buffers: drop them before the next
/// `update`, or that one has to copy.
package final class ProgramArguments {
    /// The whole argument vector, element 0 included.
    package private(set) var vector = ByteStringList()
    /// The whole environment: the field `envp`.
    package private(set) var environment = ByteStringList()

    private var tail: ByteStringList?
    private var joined: [UInt8] = []
    private var isJoined = false
    private var flagBounds: [Range<Int>] = []
    private var optionList = ByteStringList()
    private var isSplit = false
    private var tailBounds: [Range<Int>] = []
    private var nameBounds: [Range<Int>] = []
    private var hasNames = false
    private let findings = CommandEvidence()

    package init() {}

    /// Takes over the strings of a program.
    package convenience init(argv: ByteStringList, envp: ByteStringList) {
        self.init()
        vector = argv
        environment = envp
    }

    /// Replaces the strings in place: `body` gets both lists, emptied, with their buffers.
    ///
    /// What `body` throws leaves the lists as it left them.
    package func update<Failure: Error>(
        _ body: (_ argv: inout ByteStringList, _ envp: inout ByteStringList) throws(Failure) -> Void
    ) throws(Failure) {
        isJoined = false
        isSplit = false
        hasNames = false
        findings.reset()
        tail = nil
        vector.removeAll()
        environment.removeAll()
        try body(&vector, &environment)
    }

    /// Replaces the strings by lists that somebody else owns.
    package func replace(argv: ByteStringList, envp: ByteStringList) {
        isJoined = false
        isSplit = false
        hasNames = false
        findings.reset()
        tail = nil
        vector = argv
        environment = envp
    }

    /// The first element of the vector; "" if there is none.
    package var argv0: ByteString { vector.first ?? [] }

    /// The arguments without element 0: the field `argv`.
    package var argv: ByteStringList {
        if let tail { return tail }
        tailBounds.removeAll(keepingCapacity: true)
        tailBounds.append(contentsOf: vector.bounds.dropFirst())
        let list = ByteStringList(bytes: vector.bytes, bounds: tailBounds)
        tail = list
        return list
    }

    /// The arguments without element 0, joined by one space: the field `args`.
    package var args: ByteString {
        if !isJoined {
            joined.removeAll(keepingCapacity: true)
            for index in vector.indices.dropFirst() {
                if index > 1 { joined.append(UInt8(ascii: " ")) }
                joined.append(contentsOf: vector[index])
            }
            isJoined = true
        }
        return joined[...]
    }

    /// The flags among the arguments: the field `args_flags`.
    ///
    /// Of `-ls` the letters and `ls`; of `--name` and of `-name-with-dashes` the name. Not of
    /// `--name=value`, which is an option only.
    package var flags: ByteStringList {
        split()
        return ByteStringList(bytes: vector.bytes, bounds: flagBounds)
    }

    /// The options with their values: the field `args_options`.
    ///
    /// `--name=value` and `-name=value` as `name=value`; `--name value` too, if the next argument
    /// does not start with a dash.
    package var options: ByteStringList {
        split()
        return optionList
    }

    /// The names in the environment: the field `envs`.
    ///
    /// For each entry its name, of `keptNames` the whole entry instead: rules ask for
    /// `~"LD_PRELOAD=*"`. An entry without `=` is its own name.
    package var names: ByteStringList {
        if !hasNames {
            nameBounds.removeAll(keepingCapacity: true)
            let entries = environment
            let bytes = entries.bytes.span
            for bounds in entries.bounds {
                var end = bounds.lowerBound
                while end < bounds.upperBound, bytes[end] != UInt8(ascii: "=") { end += 1 }
                let name = bounds.lowerBound..<end
                let isKept =
                    end < bounds.upperBound
                    && Self.keptNames.index(of: bytes.extracting(name)) != nil
                nameBounds.append(isKept ? bounds : name)
            }
            hasNames = true
        }
        return ByteStringList(bytes: environment.bytes, bounds: nameBounds)
    }

    /// What is found in arguments and environment; nil for an attribute that is not about that.
    package func evidence(_ attribute: Attribute) -> ByteStringList? {
        guard attribute.isEvidence else { return nil }
        // Asked for many times and found out once: handing over the lists counts references.
        if attribute.isEvidenceOfEnvironment {
            if !findings.hasEnvironment { findings.readEnvironment(environment) }
        } else if !findings.hasArguments {
            findings.readArguments(vector)
        }
        return findings.list(attribute)
    }

    /// Names whose values rules may see in `envs`, by default.
    private static let keptNames = ByteStringTable(
        [
            "LD_PRELOAD", "LD_LIBRARY_PATH", "PATH", "HISTSIZE", "HISTFILESIZE", "GLIBC_TUNABLES",
            "SSH_CLIENT", "DD_SERVICE", "OTEL_SERVICE_NAME", "CLAUDECODE", "RUNNER_TRACKING_ID",
        ].map { Array($0.utf8) }
    )

    /// Finds flags and options in one pass.
    private func split() {
        guard !isSplit else { return }
        isSplit = true
        flagBounds.removeAll(keepingCapacity: true)
        optionList.removeAll()
        let dash = UInt8(ascii: "-")
        var index = 1
        while index < vector.count {
            let argument = vector[index]
            index += 1
            guard argument.count > 1, argument.first == dash else { continue }
            var name = argument.dropFirst()
            let isLong = name.first == dash
            if isLong { name = name.dropFirst() }
            guard let first = name.first else { continue }
            let equals = name.firstIndex(of: UInt8(ascii: "="))
            if !isLong, name.allSatisfy(\.isAlphanumeric) {
                for place in name.indices { flagBounds.append(place..<place + 1) }
            }
            if equals == nil, name.count > 1 { flagBounds.append(name.startIndex..<name.endIndex) }
            guard first.isAlphanumeric else { continue }
            if equals != nil {
                optionList.append(name)
            } else if index < vector.count, vector[index].first != dash {
                optionList.append(name, equals: vector[index])
                index += 1
            }
        }
    }
}

extension ByteStringList {
    /// Empties the list and keeps its buffers.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        bounds.removeAll(keepingCapacity: true)
    }

    /// Adds `name=value`.
    fileprivate mutating func append(_ name: ByteString, equals value: ByteString) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: "="))
        bytes.append(contentsOf: value)
        bounds.append(start..<bytes.count)
        bytes.append(0)
    }
}

extension UInt8 {
    /// Whether it is an ASCII letter or digit.
    fileprivate var isAlphanumeric: Bool { isLetter || isDigit }
}
